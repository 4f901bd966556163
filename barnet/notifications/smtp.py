"""One message by SMTP, step by step, so that we know how far it came.

Until the server is told DATA, nothing was sent: a worker that dies before it may be repeated without doubt. That moment
is marked in a commit of its own. After it the fate of the message is unknown until the server's last answer.
"""

from collections.abc import Callable

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from barnet.notifications.errors import PermanentRefusalError, TemporaryRefusalError


def hand_over(backend: EmailBackend, email: EmailMessage, mark_handover: Callable[[], None]) -> None:
    backend.open()
    try:
        _hand_over(backend.connection, email, mark_handover)
    finally:
        backend.close()


def _hand_over(server: object, email: EmailMessage, mark_handover: Callable[[], None]) -> None:
    encoding = email.encoding or "utf-8"
    server.ehlo_or_helo_if_needed()  # type: ignore[attr-defined]
    options = ["body=8bitmime"] if server.has_extn("8bitmime") else []  # type: ignore[attr-defined]
    _expect(server.mail(sanitize_address(email.from_email, encoding), options))  # type: ignore[attr-defined]
    _expect(server.rcpt(sanitize_address(email.to[0], encoding)), is_final=True)  # type: ignore[attr-defined]
    content = email.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    mark_handover()
    _expect(server.data(content), is_final=True)  # type: ignore[attr-defined]


def _expect(answer: tuple[int, bytes], *, is_final: bool = False) -> None:
    """`is_final`: a 5xx here is about this recipient or this message; elsewhere it is about us, and can be mended."""
    code, text = answer
    if 200 <= code < 300:
        return
    reason = f"{code} {text.decode(errors='replace')}"
    raise PermanentRefusalError(reason) if is_final and code >= 500 else TemporaryRefusalError(reason)
