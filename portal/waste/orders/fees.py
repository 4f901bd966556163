"""What containers cost, and what was paid for them: for whoever looks after money. Nobody's name or home."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.catalogue.models import Fee
from barnet.catalogue.pricing import Price, prices
from barnet.kit.wording import money
from portal.cases.enums import CaseState
from portal.waste.models import ContainerOrder
from portal.waste.orders.models import SERVICE_SLUG


def prices_today() -> list[Price]:
    return prices(Fee.objects.filter(service__slug=SERVICE_SLUG), timezone.localdate())


def paid_orders(first: dt.datetime, end: dt.datetime) -> QuerySet[ContainerOrder]:
    """Those with a fee, newest first."""
    return (
        ContainerOrder.objects.filter(fee__gt=0, case__opened_at__gte=first, case__opened_at__lt=end)
        .select_related("case", "kind")
        .order_by("-case__opened_at", "-pk")
    )


def total(orders: QuerySet[ContainerOrder]) -> int:
    """In pence."""
    return orders.order_by().aggregate(total=Sum("fee"))["total"] or 0


def titles() -> list[str]:
    return [_("Request"), _("Ordered"), _("Container"), _("How many"), _("Paid"), _("Receipt"), _("State")]


def cells(order: ContainerOrder) -> list[object]:
    return [
        order.case.reference,
        f"{timezone.localdate(order.case.opened_at):%d/%m/%Y}",
        order.kind.name,
        order.number,
        money(order.fee),
        order.receipt,
        CaseState(order.case.state).label,
    ]


def file_rows(orders: QuerySet[ContainerOrder]) -> Iterator[list[object]]:
    """Amounts as numbers that a spreadsheet adds up."""
    for order in orders.iterator(chunk_size=500):
        row = cells(order)
        row[1], row[4] = timezone.localdate(order.case.opened_at).isoformat(), f"{order.fee / 100:.2f}"
        yield row
