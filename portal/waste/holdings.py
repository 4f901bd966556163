"""What collections hold on a person. Rounds and bins belong to a home, not to a person."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from portal.waste.models import MissedBin


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


def _missed(customer: Customer) -> Sequence[tuple[Words, object]]:
    count = MissedBin.objects.filter(case__customer=customer).count()
    return [(_("Missed bins"), count)] if count else []


def _every_missed(customer: Customer) -> Json:
    missed = MissedBin.objects.filter(case__customer=customer).select_related("case", "container")
    return [
        {"reference": one.case.reference, "bin": str(one.container), "due_on": one.due_on.isoformat()}
        for one in missed.order_by("pk")
    ]
