"""What the back office sees and may choose when it works on a missed bin."""

import datetime as dt

from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from barnet.customers.services import record_access
from barnet.kit.wording import clock, date_long, day
from portal.cases.models import Case
from portal.cases.registry import CaseKind, Outcome, Words
from portal.waste import selectors
from portal.waste.assisted.selectors import VIEW
from portal.waste.models import AssistedCollection, CrewLogEntry, MissedBin

_WEEKS_BACK = dt.timedelta(weeks=8)

OUTCOMES = (
    Outcome("collected", _("Collected"), _("The crew came back and emptied the bin. We are sorry that we missed it.")),
    Outcome(
        "next_collection",
        _("Will be collected next time"),
        _(
            "We could not send a crew back. We take everything on your next collection day: bags beside the bin are "
            "allowed this once."
        ),
        is_done=False,
    ),
    Outcome(
        "not_out",
        _("Not out when we came back"),
        _(
            "The crew came back, but the bin was not where they could reach it. Put it at the edge of your property by "
            "6am on your next collection day."
        ),
        is_done=False,
    ),
    Outcome(
        "contaminated",
        _("Contaminated"),
        _(
            "The crew could not empty the bin because it holds things that do not belong in it. Take them out, and we "
            "empty the bin on your next collection day."
        ),
        is_done=False,
    ),
    Outcome(
        "no_access",
        _("No access"),
        _(
            "The crew came back, but could not get to the bin. Make sure that the way to it is clear on your next "
            "collection day."
        ),
        is_done=False,
    ),
    Outcome(
        "not_missed",
        _("Not a missed bin"),
        _("We checked with the crew: the bin was emptied on its collection day."),
        is_done=False,
    ),
)


def staff_rows(case: Case) -> list[tuple[Words, object]]:
    missed = selectors.missed_bin_of(case)
    if missed is None:
        return []
    earlier = selectors.reports_since(missed.container, missed.due_on - _WEEKS_BACK)
    return [
        (_("Bin"), f"{missed.container.get_stream_display()}: {missed.container.description}"),
        (_("Bin number"), missed.container.identifier),
        (_("Round"), f"{missed.round.name} ({missed.round.code})"),
        (_("Crew"), missed.round.crew or gettext("No crew is set for this round")),
        (_("Collection day"), day(missed.due_on)),
        (_("Crew log of that day"), _log_in_words(selectors.crew_log_on(missed))),
        (_("Reported in the last 8 weeks"), _reports_in_words([other for other in earlier if other.pk != missed.pk])),
    ]


def _log_in_words(entry: CrewLogEntry | None) -> str:
    if entry is None:
        return gettext("The crew logged nothing at this address")
    return gettext("%(outcome)s, at %(time)s") % {
        "outcome": entry.get_outcome_display(),
        "time": clock(localtime(entry.logged_at).time()),
    }


def _reports_in_words(others: list[MissedBin]) -> str:
    if not others:
        return gettext("Not besides this one")
    count = ngettext("%(count)d other time", "%(count)d other times", len(others)) % {"count": len(others)}
    listed = ", ".join(f"{date_long(other.due_on)} ({other.case.reference})" for other in others)
    return f"{count}: {listed}"


def private_rows(case: Case, user: User) -> list[tuple[Words, object]]:
    """That the crew had to fetch the bin, and from where, for those with the right. The reading is kept."""
    missed = selectors.missed_bin_of(case)
    if missed is None or not missed.is_assisted or not user.has_perm(VIEW):
        return []
    record_access(actor=user, customer=case.customer, what=f"assisted home of {case.reference}", purpose="casework")
    held = AssistedCollection.objects.filter(address=case.address_id).in_force(missed.due_on).first()
    rows: list[tuple[Words, object]] = [(_("Urgent"), gettext("The crew has to fetch the bins at this home."))]
    if held:
        rows += [(_("Where the bins stand"), held.where), (_("Code of the gate"), held.gate_code or gettext("None"))]
    return rows


KIND = CaseKind(
    service_slug="missed-bin",
    outcomes=OUTCOMES,
    panel_title=_("About this bin"),
    staff_rows=staff_rows,
    private_rows=private_rows,
    is_bound=True,
)
