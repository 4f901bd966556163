"""What assisted collections hold on a person."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from barnet.kit.wording import date_long
from portal.waste.models import AssistedCollection, AssistedRequest


def register_holdings() -> None:
    register(
        Holding(
            "assisted-collections",
            _lazy("Help with putting your bins out"),
            _lazy("To decide whether our crew fetches your bins, to fetch them, and to ask whether you still need it."),
            _lazy("A year after the help ended or was refused."),
            _rows,
            _everything,
            order=46,
        )
    )


def _rows(customer: Customer) -> Sequence[tuple[Words, object]]:
    asked = AssistedRequest.objects.filter(case__customer=customer).select_related("case")
    held = AssistedCollection.objects.filter(customer=customer).select_related("address")
    return [
        *((_("Why you need it (%(case)s)") % {"case": one.case.reference}, _need(one)) for one in asked),
        *((_("Our crew fetches your bins"), f"{one.address.one_line}: {date_long(one.from_on)}") for one in held),
    ]


def _need(asked: AssistedRequest) -> str:
    return "\n".join(filter(None, [str(asked.get_need_display()) or _("Deleted"), asked.need_words]))


def _everything(customer: Customer) -> Json:
    asked = AssistedRequest.objects.filter(case__customer=customer).select_related("case").order_by("pk")
    held = AssistedCollection.objects.filter(Q(customer=customer)).select_related("case").order_by("pk")
    return {
        "asked_for": [
            {
                "reference": one.case.reference,
                "need": one.need,
                "in_your_words": one.need_words,
                "until": one.until.isoformat() if one.until else None,
                "agreed_at": one.agreed_at.isoformat(),
                **_place(one),
            }
            for one in asked
        ],
        "arrangements": [
            {
                "reference": one.case.reference,
                "uprn": one.address_id,
                "from": one.from_on.isoformat(),
                "last_day": one.last_on.isoformat() if one.last_on else None,
                "review": one.review_on.isoformat(),
                **_place(one),
            }
            for one in held
        ],
    }


def _place(one: AssistedRequest | AssistedCollection) -> dict[str, Json]:
    return {"stands": one.stands, "place": one.place, "gate_code": one.gate_code}
