"""The development mailbox: e-mail that stays in the house, where `/mailbox/` shows it. Never in production.

Everything that Django sends lands here, whether or not it went through the outbox.
"""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from barnet.notifications.models import MailboxMail


class MailboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """A mail that the mailbox holds already (same Message-ID) is not kept twice."""
        MailboxMail.objects.bulk_create([_mail(email) for email in email_messages], ignore_conflicts=True)
        return len(email_messages)

    def has(self, message_id: str) -> bool:
        return MailboxMail.objects.filter(message_id=message_id).exists()


def _mail(email: EmailMessage) -> MailboxMail:
    headers = email.message()
    return MailboxMail(
        message_id=str(headers["Message-ID"])[:255],
        to=", ".join(email.recipients())[:254],
        subject=_stored(str(email.subject))[:200],
        body=_stored(str(email.body)),
    )


def _stored(text: str) -> str:
    return text.replace("\x00", "")
