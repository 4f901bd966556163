"""For mail that does not come from the outbox (Wagtail's), while e-mail goes by Notify."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from barnet.notifications.notify import client


class NotifyBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        for email in email_messages:
            for to in email.recipients():
                client.send_mail(to, str(email.subject), str(email.body))
            sent += 1
        return sent
