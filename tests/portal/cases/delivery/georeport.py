"""Another system that speaks Open311, for tests: a real HTTP server in a thread, that does what it is told."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "k-17"
PATH = "/open311/v2"


class Roads:
    """`faults` are used up one a POST: a number is a status, `stall` takes it and answers too late, `rubbish` takes it
    and answers no JSON, `away` answers a GET with 503. `tokens`: POST answers with a token, which names
    the request once `named` is set. `heeds_keys`: the same Idempotency-Key is the same request."""

    def __init__(self) -> None:
        self.url = ""
        self.faults: list[int | str] = []
        self.posts: list[dict[str, list[str]]] = []  # every request that was sent to us, answered or not
        self.keys: list[str] = []
        self.made: dict[str, dict[str, list[str]]] = {}  # by our number
        self.updates: list[dict[str, list[str]]] = []
        self.told: list[dict[str, object]] = []  # rows of GET servicerequestupdates
        self.requests: list[dict[str, object]] = []  # rows of GET requests
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.attributes: list[dict[str, object]] = []
        self.codes: list[str] = []  # of the services that it lists
        self.tokens = False
        self.named = True
        self.has_updates = True
        self.heeds_keys = True
        self.refusal = ""
        self._by_key: dict[str, str] = {}
        self._lock = threading.Lock()

    def take(self, sent: dict[str, list[str]], key: str) -> str:
        with self._lock:
            self.posts.append(sent)
            self.keys.append(key)
            if key not in self._by_key or not self.heeds_keys:
                self._by_key[key] = f"R-{len(self.made) + 1}"
                self.made[self._by_key[key]] = sent
            return self._by_key[key]

    def say(self, number: str, status: str, at: object, words: str = "", **more: object) -> None:
        at = at.isoformat() if hasattr(at, "isoformat") else at
        about = {"service_request_id": number, "status": status, "updated_datetime": at, "description": words}
        self.told.append({"update_id": str(len(self.told) + 1), **about, **more})


def _sentence(code: int, text: str) -> list[dict[str, object]]:
    return [{"code": code, "description": text}]


def _get(roads: Roads, path: str, query: dict[str, list[str]]) -> tuple[int, object]:
    first, _slash, rest = path.partition("/")
    if first == "services" and not rest:
        return 200, [{"service_code": code} for code in roads.codes]
    if first == "services":
        return 200, {"service_code": unquote(rest), "attributes": roads.attributes}
    if first == "tokens":
        return 200, [{"service_request_id": rest.removeprefix("t-") if roads.named else "", "token": rest}]
    if first == "servicerequestupdates" and roads.has_updates:
        return 200, [row for row in roads.told if query["start_date"][0] <= str(row["updated_datetime"])]
    if first == "requests":
        wanted = query["service_request_id"][0].split(",")
        return 200, [row for row in roads.requests if row["service_request_id"] in wanted]
    return 404, _sentence(404, "There is nothing here.")


@contextlib.contextmanager
def running() -> Iterator[Roads]:
    roads = Roads()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path, query = parts.path.removeprefix(f"{PATH}/").removesuffix(".json"), parse_qs(parts.query)
            roads.asked.append((path, query))
            fault = roads.faults.pop(0) if roads.faults and roads.faults[0] == "away" else None
            self._answer(*((503, []) if fault else _get(roads, path, query)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = parse_qs(body)
            fault = roads.faults.pop(0) if roads.faults else None
            if isinstance(fault, int):
                return self._answer(fault, _sentence(fault, roads.refusal or f"No, {sent['api_key'][0]}."))
            if self.path.endswith("/servicerequestupdates.json"):
                roads.updates.append(sent)
                return self._stall_or(fault, [{"update_id": "1"}])
            number = roads.take(sent, self.headers["Idempotency-Key"])
            answer = {"token": f"t-{number}"} if roads.tokens else {"service_request_id": number}
            return self._stall_or(fault, [answer])

        def _stall_or(self, fault: object, data: object) -> None:
            if fault == "stall":
                time.sleep(2)
                return
            self._answer(200, "<html>" if fault == "rubbish" else data)

        def _answer(self, status: int, data: object) -> None:
            body = data.encode() if isinstance(data, str) else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    roads.url = f"http://127.0.0.1:{server.server_port}{PATH}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield roads
    finally:
        server.shutdown()
        server.server_close()
