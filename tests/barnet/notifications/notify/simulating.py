"""GOV.UK Notify as its documentation describes it, with the moods of a network: a real HTTP server.

It checks the token, the address and the template, refuses, is slow, takes a message and breaks the line, calls back
late, twice and in the wrong order. What it took is in `taken`, by reference.

For a benchmark it is a process of its own:

    python -m tests.barnet.notifications.notify.simulating PORT [MOODS [CALLBACK_URL]]
"""

import contextlib
import json
import queue
import random
import re
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
API_KEY = f"simulator-{SERVICE}-{SECRET}"
TEMPLATES = {
    "email": "9d751e0e-f929-4891-82a1-a3e1c3c18ee3",
    "sms": "f33517ff-2a88-4f6e-b855-c550268ce08a",
    "letter": "64415853-cb86-4cc4-b597-2aaa94ef8c39",
}
CALLBACK_TOKEN = "a-callback-token-of-the-tests"
NUMBER = re.compile(r"\+?[0-9 ()-]{7,20}")


def environment(url: str) -> dict[str, str]:
    """The same for a process that is about to start."""
    return {
        "MAIL_TRANSPORT": "notify",
        "NOTIFY_API_KEY": API_KEY,
        "NOTIFY_BASE_URL": url,
        **{f"NOTIFY_{channel.upper()}_TEMPLATE": template for channel, template in TEMPLATES.items()},
        "NOTIFY_CALLBACK_TOKEN": CALLBACK_TOKEN,
        "NOTIFY_PER_MINUTE": "1000000",
    }


def use(settings: Any, url: str) -> None:
    """Points the portal's settings at a simulator."""
    settings.MAIL_TRANSPORT = "notify"
    settings.NOTIFY_API_KEY, settings.NOTIFY_BASE_URL = API_KEY, url
    settings.NOTIFY_TEMPLATES = dict(TEMPLATES)
    settings.NOTIFY_CALLBACK_TOKEN = CALLBACK_TOKEN
    settings.NOTIFY_PER_MINUTE = 1_000_000


@dataclass
class Moods:
    """Shares of the requests to which it happens."""

    error: float = 0  # 500, and nothing is taken
    too_many: float = 0  # 429
    late: float = 0  # taken, and answered after the client gave up
    stuck: float = 0  # on its way for so long that it is taken after the client gave up
    drop: float = 0  # taken, then the line breaks
    slow: float = 0  # taken and answered, after some time
    patience: float = 1.5  # seconds that a late answer takes
    bounce: float = 0  # permanent failure, told later
    callback: float = 1  # messages of which we are told at all
    callback_twice: float = 0
    callback_backwards: float = 0  # "delivered" comes before "sending"


@dataclass
class Simulator:
    port: int = 0
    moods: Moods = field(default_factory=Moods)
    callback_url: str = ""
    seed: int = 1
    taken: list[dict[str, Any]] = field(default_factory=list)
    by_reference: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    status: str = "delivered"  # what becomes of messages that do not bounce
    loses_after: float = 30  # seconds after which a request is lost on the line, as on a machine that is too busy

    def __post_init__(self) -> None:
        self.random, self.lock = random.Random(self.seed), threading.Lock()
        self.line = threading.Event()  # set: what is stuck goes on at once
        self.callbacks: queue.Queue[dict[str, Any] | None] = queue.Queue()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def copies(self) -> Counter[int]:
        """How many references were taken how often: `{1: 2000}` is what it should be."""
        with self.lock:
            return Counter(len(taken) for taken in self.by_reference.values())

    def record(self) -> dict[str, list[float]]:
        """By reference, when it was taken: once, as it should be, or more often."""
        with self.lock:
            return {name: [one["taken_at"] for one in taken] for name, taken in self.by_reference.items()}

    def mood(self) -> str:
        with self.lock:
            drawn = self.random.random()
            for name in ("error", "too_many", "late", "stuck", "drop", "slow"):
                drawn -= getattr(self.moods, name)
                if drawn < 0:
                    self.happened[name] += 1
                    return name
        return ""

    def take(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
        with self.lock:
            bounces = self.random.random() < self.moods.bounce
            notification = {
                "id": str(uuid.uuid4()),
                "reference": body.get("reference"),
                "type": kind,
                "to": body.get("email_address") or body.get("phone_number"),
                "status": "permanent-failure" if bounces else self.status,
                "created_at": now,
                "completed_at": now,
                "taken_at": time.time(),  # ours, finer than theirs
                "content": body.get("personalisation"),
            }
            self.taken.append(notification)
            self.by_reference.setdefault(str(notification["reference"]), []).append(notification)
            is_told = self.random.random() < self.moods.callback
        if self.callback_url and is_told:
            self._tell_of(notification)
        return notification

    def _tell_of(self, notification: dict[str, Any]) -> None:
        told = [{**notification, "status": "sending", "completed_at": None}, notification]
        with self.lock:
            if self.random.random() < self.moods.callback_backwards:
                told.reverse()
            if self.random.random() < self.moods.callback_twice:
                told *= 2
        for receipt in told:
            self.callbacks.put({key: value for key, value in receipt.items() if key != "content"})

    def call_back(self) -> None:
        while (receipt := self.callbacks.get()) is not None:
            request = urllib.request.Request(
                self.callback_url,
                data=json.dumps(receipt).encode(),
                headers={"Authorization": f"Bearer {CALLBACK_TOKEN}", "Content-Type": "application/json"},
            )
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    self.happened[f"callback {answer.status}"] += 1
            except (urllib.error.URLError, OSError) as error:
                self.happened[f"callback failed: {error}"] += 1
            self.callbacks.task_done()


def handler_of(simulator: Simulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            if not self.may_enter():
                return
            parts = urllib.parse.urlsplit(self.path)
            query = urllib.parse.parse_qs(parts.query)
            if parts.path == "/_counts":  # ours, for a benchmark in another process
                self.answer(200, {"copies": simulator.copies(), "happened": simulator.happened})
            elif parts.path == "/_record":
                self.answer(200, simulator.record())
            elif parts.path == "/v2/notifications":
                self.answer(200, {"notifications": self.listed(query), "links": {}})
            else:
                self.refuse(404, "NoResultFound")

        def listed(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
            with simulator.lock:
                if "reference" in query:
                    return simulator.by_reference.get(query["reference"][0], [])[:250]
                newest = simulator.taken[::-1]
            if "older_than" in query:
                ids = [notification["id"] for notification in newest]
                newest = newest[ids.index(query["older_than"][0]) + 1 :]
            return newest[:250]

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if not self.may_enter():
                return
            if self.age > simulator.loses_after:
                self.lose()
                return
            kind, mood = self.path.removeprefix("/v2/notifications/"), simulator.mood()
            if mood == "error":
                self.refuse(500, "Exception")
            elif mood == "too_many":
                self.refuse(429, "RateLimitError")
            elif why := self.wrong(kind, body):
                self.refuse(400, why)
            else:
                if mood == "stuck":
                    simulator.line.wait(simulator.moods.patience)
                notification = simulator.take(kind, body)
                if mood == "slow":
                    time.sleep(simulator.random.uniform(0.05, 0.5))
                if mood == "late":
                    time.sleep(simulator.moods.patience)
                if mood == "drop":
                    self.lose()
                    return
                self.answer(201, {"id": notification["id"], "reference": notification["reference"]})

        def lose(self) -> None:
            self.close_connection = True
            self.connection.close()

        def wrong(self, kind: str, body: dict[str, Any]) -> str:
            if body.get("template_id") != TEMPLATES.get(kind):
                return "BadRequestError"
            fields = body.get("personalisation") or {}
            if not fields.get("body") or (kind != "sms" and not fields.get("subject")):
                return "BadRequestError"
            is_right = {
                "email": "@" in body.get("email_address", ""),
                "sms": bool(NUMBER.fullmatch(body.get("phone_number", ""))),
                "letter": "address_line_3" in fields,
            }[kind]
            return "" if is_right else "ValidationError"

        def may_enter(self) -> bool:
            if self.path in {"/_counts", "/_record"}:
                return True
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            try:
                claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
            except jwt.InvalidTokenError:
                claims = {}
            self.age = time.time() - claims.get("iat", 0)
            if claims.get("iss") == SERVICE and abs(self.age) < 30:
                return True
            self.refuse(403, "AuthError")
            return False

        def refuse(self, code: int, kind: str) -> None:
            self.answer(code, {"errors": [{"error": kind, "message": f"{kind} of the simulator"}], "status_code": code})

        def answer(self, code: int, content: Any) -> None:
            body = json.dumps(content).encode()
            with contextlib.suppress(OSError):  # a client that gave up
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that was killed


@contextlib.contextmanager
def simulator(**options: Any) -> Iterator[Simulator]:
    one = Simulator(**options)
    server = Server(("127.0.0.1", one.port), handler_of(one))
    one.port = server.server_address[1]
    threads = [threading.Thread(target=server.serve_forever, daemon=True)]
    threads += [threading.Thread(target=one.call_back, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield one
    finally:
        one.callbacks.put(None)
        one.callbacks.put(None)
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    given = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    address = sys.argv[3] if len(sys.argv) > 3 else ""
    with simulator(port=int(sys.argv[1]), moods=Moods(**given), callback_url=address):
        threading.Event().wait()
