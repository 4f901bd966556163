"""A back office that does not exist: it takes our calls, works on each request at once and tells us what it did.

It does what it is told to: fail, stall, forget to answer, send an update twice, or in the wrong order. What it did is
in its public lists, for tests; `manage.py demo_back_office` runs it by hand.
"""

import contextlib
import datetime as dt
import json
import queue
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from portal.cases.delivery.signing import SIGNATURE, TIMESTAMP, is_signed, signed_headers

_LATER = 0.2  # seconds, before an update is tried again


@dataclass(frozen=True)
class Faults:
    """Each from 0 to 1: how many of the calls."""

    fail: float = 0  # answers 503, and forgets
    stall: float = 0  # takes it, and answers when nobody listens any more
    stall_seconds: float = 12
    duplicate: float = 0  # sends an update twice
    reorder: float = 0  # sends the updates of a request the last first


class BackOffice:
    def __init__(self, *, secret: str, updates_url: str, faults: Faults, seed: int = 0) -> None:
        self.secret, self.updates_url, self.faults = secret, updates_url, faults
        self.arrived: list[tuple[str, int, str]] = []  # reference, number of the entry, key: each key once
        self.repeats = 0
        self.updates: list[dict[str, Any]] = []  # that we sent, in the order of the work
        self._keys: set[str] = set()
        self._random = random.Random(seed)  # noqa: S311
        self._lock = threading.Lock()
        self._out: queue.Queue[dict[str, Any]] = queue.Queue()

    def take(self, call: dict[str, Any]) -> tuple[int, float]:
        """The status of the answer, and after how many seconds it is given."""
        if call.get("test"):
            return 200, 0
        with self._lock:
            if self._random.random() < self.faults.fail:
                return 503, 0
            if call["delivery"] in self._keys:
                self.repeats += 1
            else:
                self._keys.add(call["delivery"])
                self.arrived.append((call["case"]["reference"], call["event"]["number"], call["delivery"]))
                if call["event"]["kind"] == "received":
                    self._work(call["case"]["reference"])
            return 200, self.faults.stall_seconds if self._random.random() < self.faults.stall else 0

    def _work(self, reference: str) -> None:
        now = dt.datetime.now(dt.UTC)
        steps: list[dict[str, Any]] = [
            {"status": "in_progress", "note": "Given to a van."},
            {"status": "resolved", "outcome": "done", "reason": "We have put it right."},
        ]
        said = [
            {
                "update_id": f"{reference}/{number}",
                "reference": reference,
                "number": number,
                "at": (now + dt.timedelta(milliseconds=number)).isoformat(),
                **step,
            }
            for number, step in enumerate(steps, start=1)
        ]
        self.updates += said
        if self._random.random() < self.faults.reorder:
            said.reverse()
        for update in said:
            for _time in range(2 if self._random.random() < self.faults.duplicate else 1):
                self._out.put(update)

    def tell_for_ever(self) -> None:
        while True:
            update = self._out.get()
            if not self.tell(update):
                time.sleep(_LATER)
                self._out.put(update)
            self._out.task_done()

    def tell(self, update: dict[str, Any]) -> bool:
        body = json.dumps(update).encode()
        headers = {"Content-Type": "application/json", **signed_headers(self.secret, body, now=time.time())}
        try:
            answer = requests.post(self.updates_url, body, headers=headers, timeout=20)
        except requests.RequestException:
            return False
        return answer.ok

    def has_told_everything(self) -> bool:
        return not self._out.unfinished_tasks


@contextlib.contextmanager
def serving(office: BackOffice, *, port: int = 0, tellers: int = 2) -> Iterator[str]:
    """The address at which it takes calls."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            signed = {"timestamp": self.headers.get(TIMESTAMP, ""), "signature": self.headers.get(SIGNATURE, "")}
            call = json.loads(body) if is_signed(office.secret, body, **signed, now=time.time()) else None
            status, wait = office.take(call) if call else (401, 0)
            time.sleep(wait)
            with contextlib.suppress(OSError):
                self._answer(status, {"reference": f"B-{call['case']['reference'][4:]}"} if call else {})

        def _answer(self, status: int, said: dict[str, str]) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    for work in (server.serve_forever, *[office.tell_for_ever] * tellers):
        threading.Thread(target=work, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
