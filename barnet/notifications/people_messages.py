"""Messages about who may act for whom, sent through the outbox. The room below knows their words."""

from collections.abc import Mapping

from barnet.customers.acting_for.people_kinds import PEOPLE_KINDS
from barnet.customers.models import Customer
from barnet.notifications.enums import Topic
from barnet.notifications.registry import TemplateKind, register_template
from barnet.notifications.services import queue_message


def register_people_messages() -> None:
    for kind in PEOPLE_KINDS:
        register_template(
            TemplateKind(
                key=kind.key,
                name=kind.name,
                subject=kind.subject,
                body=kind.body,
                fields=kind.sample,
                required=kind.required,
                topic=Topic.ACCOUNT,
            )
        )


def tell_person(key: str, *, event: str, customer: Customer | None, email: str, fields: Mapping[str, object]) -> None:
    queue_message(key, key=event, customer=customer, email=email, fields=fields)
