"""What collections hold on a person. Rounds and bins belong to a home, not to a person."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from barnet.kit.wording import date_long
from portal.waste.enums import Stream
from portal.waste.models import ContainerOrder, MissedBin, Subscription


def register_holdings() -> None:
    register(
        Holding(
            "missed-bins",
            _lazy("Bins that you reported as missed"),
            _lazy("To collect them, and to see where a round goes wrong again and again."),
            _lazy("As long as the request that it belongs to."),
            _missed,
            _every_missed,
            order=45,
        )
    )
    register(
        Holding(
            "reminders",
            _lazy("Reminders of collections"),
            _lazy("To tell you of the bins that you chose, at the home that you chose."),
            _lazy("Until you end them, and 30 days after, so that nobody is reminded twice."),
            _reminders,
            _every_reminder,
            order=46,
        )
    )
    register(
        Holding(
            "container-orders",
            _lazy("Bins and caddies that you ordered"),
            _lazy("To bring them, and to know how many your home has."),
            _lazy("As long as the request that it belongs to."),
            _orders,
            _every_order,
            order=47,
        )
    )


def _missed(customer: Customer) -> Sequence[tuple[Words, object]]:
    count = MissedBin.objects.filter(case__customer=customer).count()
    return [(_("Missed bins"), count)] if count else []


def _every_missed(customer: Customer) -> Json:
    missed = MissedBin.objects.filter(case__customer=customer).select_related("case", "container")
    return [
        {"reference": one.case.reference, "bin": str(one.container), "due_on": one.due_on.isoformat()}
        for one in missed.order_by("pk")
    ]


def _reminders(customer: Customer) -> Sequence[tuple[Words, object]]:
    return [(one.address.one_line, _state(one)) for one in _subscriptions(customer)]


def _state(subscription: Subscription) -> str:
    if subscription.ended_at:
        return _("ended on %(day)s") % {"day": date_long(subscription.ended_at)}
    return ", ".join(str(Stream(stream).label) for stream in subscription.streams)


def _every_reminder(customer: Customer) -> Json:
    return [
        {
            "address": one.address.one_line,
            "bins": list(one.streams),
            "asked_at": one.asked_at.isoformat(),
            "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        }
        for one in _subscriptions(customer)
    ]


def _subscriptions(customer: Customer) -> QuerySet[Subscription]:
    return Subscription.objects.filter(customer=customer).select_related("address").order_by("pk")


def _orders(customer: Customer) -> Sequence[tuple[Words, object]]:
    return [(one.address.one_line, f"{one.number} × {one.kind.name}") for one in _ordered_by(customer)]


def _every_order(customer: Customer) -> Json:
    return [
        {
            "reference": one.case.reference,
            "address": one.address.one_line,
            "container": one.kind.name,
            "number": one.number,
            "reason": one.reason,
            "fee_pence": one.fee,
            "receipt": one.receipt,
        }
        for one in _ordered_by(customer)
    ]


def _ordered_by(customer: Customer) -> QuerySet[ContainerOrder]:
    orders = ContainerOrder.objects.filter(case__customer=customer)
    return orders.select_related("case", "kind", "address").order_by("pk")
