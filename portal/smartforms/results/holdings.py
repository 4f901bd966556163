"""What forms hold on a person, for the page "What we hold and why"."""

from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from portal.smartforms.models import Draft, DraftState, Submission


def register_holdings() -> None:
    register(
        Holding(
            "form-drafts",
            _("Forms that you have begun"),
            _("So that you can go on where you stopped."),
            _("Until you send the form, or the day that the form names. We tell you before that day."),
            _drafts,
            _every_draft,
            order=42,
        )
    )
    register(
        Holding(
            "form-answers",
            _("Answers in forms that you sent"),
            _("To do what you asked for, and to show later what you told us."),
            _("As long as the request; some answers shorter, as the form says."),
            _answers,
            _every_answer,
            order=43,
        )
    )


def _open(customer: Customer) -> "Sequence[Draft]":
    return list(Draft.objects.filter(customer=customer, state=DraftState.OPEN).select_related("form"))


def _drafts(customer: Customer) -> Sequence[tuple[Words, object]]:
    return [(draft.form.title, draft.saved_at) for draft in _open(customer)]


def _every_draft(customer: Customer) -> Json:
    return [
        {
            "form": draft.form.title,
            "saved_at": draft.saved_at.isoformat(),
            "answers": draft.answers,
            "earlier": draft.earlier,
        }
        for draft in _open(customer)
    ]


def _answers(customer: Customer) -> Sequence[tuple[Words, object]]:
    sent = Submission.objects.filter(subject=customer).select_related("case").annotate(count=Count("answers"))
    return [(f"{one.case.title} ({one.case.reference})", one.count) for one in sent]


def _every_answer(customer: Customer) -> Json:
    sent = Submission.objects.filter(subject=customer).select_related("case", "version__form")
    return [
        {
            "reference": one.case.reference,
            "form": one.version.form.title,
            "version": one.version.number,
            "sent_at": one.sent_at.isoformat(),
            "answers": [
                {"question": answer.path, "answer": answer.words, "value": answer.value, "from": answer.source}
                for answer in one.answers.all()
            ],
            "files": [file.name for file in one.files.all()],
        }
        for one in sent.prefetch_related("answers", "files")
    ]
