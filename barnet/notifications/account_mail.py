"""The mails of signing in, sent through the outbox. The room below knows their words, not how they leave."""

import uuid
from collections.abc import Mapping

from barnet.customers.enums import Language
from barnet.customers.models import Customer, User
from barnet.customers.signing_in.mail_kinds import MAIL_KINDS
from barnet.notifications.enums import MessageChannel, Topic, Urgency
from barnet.notifications.registry import TemplateKind, register_template
from barnet.notifications.services import queue_message


def register_account_mails() -> None:
    for kind in MAIL_KINDS:
        register_template(
            TemplateKind(
                key=kind.key,
                name=kind.name,
                subject=kind.subject,
                body=kind.body,
                fields=kind.sample,
                is_secret=kind.is_secret,
                required=kind.required,
                topic=Topic.ACCOUNT,
                urgency=Urgency.NOW,
            )
        )


def send_account_mail(key: str, *, email: str, user: User | None, fields: Mapping[str, object]) -> None:
    """Each call is an event of its own. It names no customer: it must go to this address and no other."""
    language = Customer.objects.filter(user=user).values_list("language", flat=True).first() if user else None
    queue_message(
        key,
        key=f"account:{uuid.uuid4()}",
        email=email,
        fields=fields,
        channels=[MessageChannel.EMAIL],
        language=language or Language.ENGLISH,
    )
