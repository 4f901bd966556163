"""Ready replies for a request, the most special first, with its words filled in."""

from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.kit.languages import in_english
from barnet.kit.wording import day
from barnet.notifications import wording
from portal.cases.models import REPLY_FIELDS, Case, ReadyReply
from portal.cases.registry import kind_for


@dataclass(frozen=True)
class Reply:
    """A ready reply as this customer would read it."""

    pk: int
    name: str
    outcome: str
    text: str


def replies_for(case: Case, use: str) -> list[Reply]:
    """One query."""
    fits = ReadyReply.objects.filter(Q(service=None) | Q(service=case.service_id), use=use, state__in=["", case.state])
    ends = {"", *(outcome.code for outcome in kind_for(case.service.slug).outcomes_of(case))}
    rows = fits.order_by(F("service").asc(nulls_last=True), "-state", "-outcome", "name", "pk")
    return [
        Reply(row.pk, row.name, row.outcome, fill_reply(row.text, use, case)) for row in rows if row.outcome in ends
    ]


@in_english()
def fill_reply(text: str, use: str, case: Case) -> str:
    """What is not known of the request reads as what it is called."""
    values = {
        "reference": case.reference,
        "service": case.service.name,
        "team": case.team.name if case.team else _("our team"),
        "opened": day(timezone.localdate(case.opened_at)),
        "promise": day(case.promise_on),
        "title": case.title,
        "place": case.place or _("the place you told us"),
    }
    return wording.fill(text, {name: values[name] for name in REPLY_FIELDS[use]})
