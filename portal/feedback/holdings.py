"""What people told us of their requests, for the page "What we hold and why"."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from portal.feedback.models import Remark, Survey


def register_holdings() -> None:
    register(
        Holding(
            "feedback",
            _lazy("What you think of what we did"),
            _lazy("To do it better, and to look again when it was not right."),
            _lazy("Your words for a year; the rating as long as the request is yours."),
            _ratings,
            _every_answer,
            order=45,
        )
    )


def _ratings(customer: Customer) -> Sequence[tuple[Words, object]]:
    count = Survey.objects.filter(case__customer=customer, answered_at__isnull=False).count()
    return [(_("Answers to the question how we did"), count)] if count else []


def _every_answer(customer: Customer) -> Json:
    rows = Survey.objects.filter(case__customer=customer, answered_at__isnull=False).select_related("case")
    words = dict(Remark.objects.filter(survey__in=rows).values_list("survey", "words"))
    return [
        {
            "reference": row.case.reference,
            "at": row.answered_at.isoformat() if row.answered_at else "",
            "rating": row.rating,
            "words": words.get(row.pk, ""),
        }
        for row in rows.order_by("answered_at")
    ]
