"""A back office for tests: a real HTTP server in a thread, that does what it is told."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from portal.cases.delivery.signing import SIGNATURE, TIMESTAMP, is_signed

SECRET = "a secret that is long enough for both"


class Office:
    """`answers` are used up one a call; then it takes everything. A number is a status; `stall` answers too late;
    `drip` sends its answer in small parts for two seconds; `cut` hangs up in the middle of it; `wait` takes it when
    `may_answer` is set."""

    def __init__(self) -> None:
        self.calls: list[dict] = []
        self.answers: list[int | str | tuple[int, dict[str, str]]] = []
        self.url = ""
        self.may_answer = threading.Event()
        self.secret = SECRET
        self.refused = 0  # calls that were signed with another secret

    @property
    def kinds(self) -> list[str]:
        return [call["event"]["kind"] for call in self.calls]

    @property
    def keys(self) -> list[str]:
        return [call["delivery"] for call in self.calls]


@contextlib.contextmanager
def running() -> Iterator[Office]:
    office = Office()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signed = {"timestamp": self.headers[TIMESTAMP], "signature": self.headers[SIGNATURE]}
            if not is_signed(office.secret, body, **signed, now=time.time()):
                office.refused += 1
                self.send_response(401)
                self.end_headers()
                return
            call = json.loads(body)
            assert call["delivery"] == self.headers["Idempotency-Key"]
            answer = office.answers.pop(0) if office.answers else 200
            office.calls.append(call)
            if answer == "stall":
                time.sleep(2)
                return
            if answer in ("drip", "cut"):
                self.send_response(200)
                self.send_header("Content-Length", "9999")
                self.end_headers()
                with contextlib.suppress(OSError):
                    for _part in range(40 if answer == "drip" else 1):
                        self.wfile.write(b" ")
                        time.sleep(0.05)
                return
            if answer == "wait":
                office.may_answer.wait(timeout=9)
                answer = 200
            status, headers = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps({"reference": f"L-{call['case']['reference'][-4:]}"}).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    office.url = f"http://127.0.0.1:{server.server_port}/hooks"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield office
    finally:
        server.shutdown()
        server.server_close()
