"""Asks ClamAV whether a file is infected, when `CLAMAV_HOST` is set. A scanner that does not answer passes nothing.

The protocol is `INSTREAM`: chunks with their length in front, an empty chunk at the end, one line as the answer
(https://docs.clamav.net/manual/Usage/Scanning.html#clamd).
"""

import socket
import struct

import structlog
from django.conf import settings
from django.core.files.base import File

log = structlog.get_logger("barnet.kit.files")
PORT = 3310
SECONDS = 20
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


class InfectedError(Exception):
    """The scanner knows what is in the file."""


class ScannerOffError(Exception):
    """There is no answer that says the file is clean."""


def scan(file: File) -> None:
    """Raises InfectedError or ScannerOffError. Without a scanner in the settings it does nothing."""
    if not settings.CLAMAV_HOST:
        return
    try:
        answer = _asked(file)
    except OSError as error:
        log.error("virus scanner does not answer", error=type(error).__name__)
        raise ScannerOffError from None
    if answer.endswith("FOUND"):
        log.warning("infected file refused", found=answer[:200])
        raise InfectedError
    if not answer.endswith(": OK"):
        log.error("virus scanner failed", answer=answer[:200])
        raise ScannerOffError


def _asked(file: File) -> str:
    file.seek(0)
    with socket.create_connection(_place(), timeout=SECONDS) as line:
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(_CHUNK):
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            more = line.recv(_LONGEST_ANSWER)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _place() -> tuple[str, int]:
    host, _colon, port = settings.CLAMAV_HOST.partition(":")
    return host, int(port or PORT)
