"""A push service and the browsers behind it: a real HTTP server that checks our signature and decrypts what it takes.

It answers as it is told: `answers` maps a browser's path to statuses, used up one by one; then it takes everything.
"""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.utils import b64urldecode, b64urlencode

from barnet.notifications.push.keys import new_private_key, public_key


@dataclass
class Browser:
    """What a browser's `PushSubscription` says, and the private half with which it reads."""

    endpoint: str
    private_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen bytes !!"

    def subscription(self) -> dict[str, str]:
        point = self.private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": b64urlencode(point), "auth": b64urlencode(self.auth)}


@dataclass
class Taken:
    path: str
    headers: dict[str, str]
    claims: dict[str, Any]
    told: dict[str, str]
    size: int


@dataclass
class PushService:
    port: int = 0
    browsers: dict[str, Browser] = field(default_factory=dict)
    answers: dict[str, list[int]] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    asked: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def browser(self, name: str) -> Browser:
        return self.browsers.setdefault(f"/{name}", Browser(f"{self.url}/{name}"))

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        self.asked += 1
        if status := (self.answers.get(path) or [0]).pop(0):
            return status, {"Retry-After": "7", "Location": f"{self.url}/elsewhere"}
        browser = self.browsers[path]
        if not Vapid02.verify(headers["authorization"]) or headers["content-encoding"] != "aes128gcm":
            return 403, {}
        token, key = (part.split("=", 1)[1] for part in headers["authorization"].removeprefix("vapid ").split(","))
        if key != public_key():
            return 403, {}
        text = http_ece.decrypt(body, private_key=browser.private_key, auth_secret=browser.auth)
        claims = json.loads(b64urldecode(token.split(".")[1].encode()))
        self.taken.append(Taken(path, headers, claims, json.loads(text), len(body)))
        return 201, {}


def use(settings: Any, url: str) -> None:
    """Points the portal's settings at a simulator."""
    settings.PUSH_PRIVATE_KEY, settings.PUSH_CONTACT = new_private_key(), "mailto:web@barnet.example"
    settings.PUSH_SERVICES = [url]


@contextlib.contextmanager
def push_service() -> Iterator[PushService]:
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                status, more = service.take(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            except Exception as error:  # the test shall see it, not only the log of a thread
                service.wrong.append(repr(error))
                status, more = 400, {}
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
        assert service.wrong == []
    finally:
        server.shutdown()
        server.server_close()
