"""How long an order of a container says which home it was for, and who paid."""

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, delete_rows, register
from portal.cases.enums import OPEN_STATES
from portal.waste.models import ContainerOrder


def register_retention() -> None:
    register(
        Kind(
            key="container-orders",
            name=_("Orders of containers"),
            action=_("Home, container, reason and receipt are deleted; the request stays for counting."),
            days=3 * 365,
            reason=_("As long as the request that it belongs to is somebody's."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="ended_at",
            find=_of_closed_requests,
            apply=delete_rows,
        )
    )


def _of_closed_requests() -> QuerySet[ContainerOrder]:
    closed = ContainerOrder.objects.exclude(case__state__in=OPEN_STATES)
    return closed.annotate(ended_at=Coalesce("case__resolved_at", "case__opened_at"))
