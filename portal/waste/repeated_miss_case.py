"""What the back office sees and may choose when it supervises a property that was missed again and again."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from portal.cases.models import Case
from portal.cases.registry import CaseKind, Outcome, Words
from portal.waste.watching import SERVICE_SLUG, evidence_rows

OUTCOMES = (
    Outcome(
        "cause_mended",
        _("Cause found and mended"),
        _("We have found out why your bins were missed, and have put it right. We are sorry."),
    ),
    Outcome(
        "crew_instructed",
        _("Crew instructed"),
        _("We have spoken with the crew about your home, and watch your next collections. We are sorry."),
    ),
    Outcome(
        "place_agreed",
        _("Another place or way agreed"),
        _("We have agreed with you where the bins stand from now on, and the crew knows it."),
    ),
    Outcome(
        "not_possible",
        _("Cannot be mended"),
        _("We cannot change what keeps the crew from your bins. We have told you what you can do."),
        is_done=False,
    ),
)


def staff_rows(case: Case) -> Sequence[tuple[Words, object]]:
    return list(evidence_rows(case))


KIND = CaseKind(
    service_slug=SERVICE_SLUG, outcomes=OUTCOMES, panel_title=_("Evidence"), staff_rows=staff_rows, is_bound=True
)
