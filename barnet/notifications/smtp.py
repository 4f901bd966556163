"""One message by SMTP, step by step, so that we know how far it came.

Until the server is told DATA, nothing was sent: a worker that dies before it may be repeated without doubt. That moment
is marked in a commit of its own. After it the fate of the message is unknown until the server's last answer.
"""

import re
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
    _expect(server.rcpt(sanitize_address(email.to[0], encoding)), is_final=True, is_recipient=True)  # type: ignore[attr-defined]
    content = email.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    mark_handover()
    _expect(server.data(content), is_final=True)  # type: ignore[attr-defined]


# "No such mailbox", as RFC 5321 and RFC 3463 tell it. Other refusals (spam, size, policy) say nothing of the address.
_NO_SUCH_ADDRESS = re.compile(r"5\.1\.[0123]\b|user unknown|no such user|mailbox unavailable", re.IGNORECASE)


def _expect(answer: tuple[int, bytes], *, is_final: bool = False, is_recipient: bool = False) -> None:
    """`is_final`: a 5xx here is about this recipient or this message; elsewhere it is about us, and can be mended."""
    code, text = answer
    if 200 <= code < 300:
        return
    reason = f"{code} {text.decode(errors='replace')}"
    if not is_final or code < 500:
        raise TemporaryRefusalError(reason)
    raise PermanentRefusalError(reason, is_address_dead=is_recipient and bool(_NO_SUCH_ADDRESS.search(reason)))
