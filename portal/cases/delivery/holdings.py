"""Which back offices were told of somebody's requests, for the page "What we hold and why"."""

from collections.abc import Sequence

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.models import Delivery


def register_passed_on() -> None:
    register(
        Holding(
            "passed-on",
            _lazy("Who we passed your requests on to"),
            _lazy("Some services have another system or a firm that does the work. It hears what it needs for that."),
            _lazy("Three years after the request was closed."),
            _passed_on,
            _every_passing_on,
            order=42,
        )
    )


def _passed_on(customer: Customer) -> Sequence[tuple[Words, object]]:
    counted = _told_of(customer).values_list("office__name").annotate(requests=Count("case", distinct=True))
    return [(office, _requests(count)) for office, count in counted.order_by("office__name")]


def _requests(count: int) -> str:
    return ngettext("%(count)d request", "%(count)d requests", count) % {"count": count}


def _every_passing_on(customer: Customer) -> Json:
    told = (
        _told_of(customer)
        .values("case__reference", "office__name")
        .annotate(first_at=Min("sent_at"), last_at=Max("sent_at"), times=Count("pk"), times_in_a_file=Count("file"))
    )
    return [
        {
            "reference": row["case__reference"],
            "passed_on_to": row["office__name"],
            "first_at": row["first_at"].isoformat(),
            "last_at": row["last_at"].isoformat(),
            "times": row["times"],
            "of_these_in_a_file": row["times_in_a_file"],
        }
        for row in told.order_by("first_at", "case__reference", "office__name")
    ]


def _told_of(customer: Customer) -> QuerySet[Delivery]:
    return Delivery.objects.filter(case__customer=customer, state=DeliveryState.SENT).exclude(sent_at=None).order_by()
