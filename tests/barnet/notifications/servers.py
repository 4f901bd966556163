"""A real SMTP server for tests."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """Keeps what it took, and answers as it is told."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[bytes] = []
        self.on_mail = self.on_rcpt = self.on_data = ""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if not self.on_mail:
            envelope.mail_from = address
        return self.on_mail or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if not self.on_rcpt:
            envelope.rcpt_tos.append(address)
        return self.on_rcpt or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.on_data:
            return self.on_data
        self.taken.append(envelope.content)
        return "250 Taken"


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = MailServer(port)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
