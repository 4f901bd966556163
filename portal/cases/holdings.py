"""What cases hold on a person, for the page "What we hold and why"."""

from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.selectors import contact_keys_of, public_timeline


def register_holdings() -> None:
    register(
        Holding(
            "requests",
            _lazy("Your requests"),
            _lazy("To do what you asked for, to tell you of it, and to show later what we did."),
            _lazy("Three years after the request was closed."),
            _requests,
            _every_request,
            order=40,
        )
    )
    register(
        Holding(
            "contacts",
            _lazy("When you were in touch"),
            _lazy("So that you need not say the same twice, and to see how much work each service has."),
            _lazy("Three years."),
            _contacts,
            _every_contact,
            order=41,
        )
    )


def _requests(customer: Customer) -> Sequence[tuple[Words, object]]:
    counted = Case.objects.filter(customer=customer).order_by().values_list("state").annotate(Count("pk"))
    found = dict(counted)
    return [(state.label, found[state]) for state in CaseState if state in found]


def _every_request(customer: Customer) -> Json:
    cases = (
        Case.objects.filter(customer=customer)
        .select_related("service", "address", "customer", "claim_code")
        .order_by("opened_at")
    )
    return [
        {
            "reference": case.reference,
            "service": case.service.name,
            "title": case.title,
            "what_you_told_us": [[str(label), str(value)] for label, value in case.details],
            "place": case.place,
            "name": case.contact_name,
            "email": case.contact_email,
            "telephone": case.contact_phone,
            "state": case.state,
            "sent_at": case.opened_at.isoformat(),
            "outcome": case.outcome,
            "reason": case.public_reason,
            "joined_with_a_code_at": _claimed_at(case),
            "photos_and_files": [file.name for file in case.attachments.filter(is_public=True)],
            "what_happened": [
                {"at": entry.at.isoformat(), "what": entry.title, "by": entry.byline, "text": entry.text}
                for entry in public_timeline(case)
            ],
        }
        for case in cases
    ]


def _claimed_at(case: Case) -> str:
    held = getattr(case, "claim_code", None)
    return held.used_at.isoformat() if held and held.used_at else ""


def _contacts(customer: Customer) -> Sequence[tuple[Words, object]]:
    count = contact_keys_of(customer).count()
    return [(_("Entries in the log of contacts"), count)] if count else []


def _every_contact(customer: Customer) -> Json:
    return [
        {
            "at": contact.at.isoformat(),
            "channel": contact.channel,
            "right": contact.right,
            "summary": contact.summary,
            "reason": contact.reason.name if contact.reason else "",
            "outcome": contact.outcome,
            "resolved_at_first_contact": contact.is_settled,
            "said_to_be": contact.caller,
        }
        for contact in contact_keys_of(customer).select_related("reason").order_by("at", "pk")
    ]
