"""What the back office sees and may choose when it decides about an assisted collection, or asks again about one."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import Customer, User
from barnet.customers.services import record_access
from barnet.kit.wording import date_long
from portal.cases.models import Case
from portal.cases.registry import CaseKind, Link, Outcome, Words
from portal.waste.assisted import selectors
from portal.waste.assisted.services import GRANTED, REVIEW_SERVICE, SERVICE_SLUG
from portal.waste.models import AssistedCollection

OUTCOMES = (
    Outcome(GRANTED, _("Granted"), _("Our crew fetches your bins and takes them back."), is_chosen=False),
    Outcome(
        "somebody_can",
        _("Refused: somebody at home can do it"),
        _(
            "Our crew fetches bins only where nobody at home over 16 can bring them out. If that changes, ask again. "
            "If you think that we are wrong, tell us why and we look again."
        ),
        is_done=False,
    ),
    Outcome(
        "cannot_reach",
        _("Refused: the crew cannot reach the bins"),
        _(
            "Our crew cannot reach the place where your bins stand safely. If there is another place for them, tell us "
            "and we look again."
        ),
        is_done=False,
    ),
    Outcome(
        "no_answer",
        _("Refused: we had no answer"),
        _("We asked you something that we need to decide, and had no answer. Answer it, and we look again."),
        is_done=False,
    ),
    Outcome(
        "not_needed",
        _("No longer needed"),
        _("You told us that you do not need it any more. You can ask again at any time."),
        is_done=False,
    ),
)
REVIEW_OUTCOMES = (
    Outcome("still_needed", _("Still needed"), _("They told us that they still need it."), is_chosen=False),
    Outcome("ended", _("Ended"), _("They told us that they no longer need it."), is_chosen=False),
    Outcome("settled", _("Settled in another way"), _("We have dealt with it.")),
)


def private_rows(case: Case, user: User) -> Sequence[tuple[Words, object]]:
    """Where the bins stand for those who send the crew; the reason only for those who decide. The reading is kept."""
    asked = selectors.request_of(case)
    if asked is None or not user.has_perm(selectors.VIEW):
        return []
    rows: list[tuple[Words, object]] = [
        (_("Where the bins stand"), asked.where),
        (_("Code of the gate"), asked.gate_code or __("None")),
        (_("Wanted until"), date_long(asked.until) if asked.until else __("As long as it is needed")),
    ]
    if user.has_perm(selectors.NEED):
        record_access(actor=user, customer=case.customer, what=f"need of {case.reference}", purpose="casework")
        words = [asked.get_need_display() if asked.need else __("Deleted"), asked.need_words]
        rows += [
            (_("Why they cannot do it"), "\n".join(filter(None, words))),
            (_("Agreed that we know"), f"{date_long(asked.agreed_at)}, {asked.agreed_text}"),
        ]
    return [*rows, *_others(case)]


def _others(case: Case) -> list[tuple[Words, object]]:
    cases, held = selectors.others_at(case)
    return [
        *((_("Also asked for at this home"), other.reference) for other in cases),
        *((_("Arrangement at this home"), _days(arrangement)) for arrangement in held),
    ]


def _days(arrangement: AssistedCollection) -> str:
    since = __("from %(day)s") % {"day": date_long(arrangement.from_on)}
    last = f", {__('until %(day)s') % {'day': date_long(arrangement.last_on)}}" if arrangement.last_on else ""
    return f"{since}{last} ({arrangement.case.reference})"


def links(case: Case, user: User) -> list[Link]:
    if not user.has_perm(selectors.CHANGE):
        return []
    if case.is_open and selectors.request_of(case):
        return [Link(_("Grant it"), reverse("staff_assisted_grant", args=[case.reference]))]
    held = AssistedCollection.objects.filter(case=case).order_by("-from_on", "-pk").first()
    return [Link(_("Open the arrangement"), reverse("staff_assisted", args=[held.pk]))] if held else []


def review_links(case: Case, user: User) -> list[Link]:
    _name, _colon, pk = case.same_as_key.partition(":")
    if not pk.isdecimal() or not user.has_perm(selectors.VIEW):
        return []
    return [Link(_("Open the arrangement"), reverse("staff_assisted", args=[pk]))]


KIND = CaseKind(
    service_slug=SERVICE_SLUG,
    outcomes=OUTCOMES,
    panel_title=_("About the home and the need"),
    private_rows=private_rows,
    links=links,
    is_bound=True,
)
REVIEW_KIND = CaseKind(service_slug=REVIEW_SERVICE, outcomes=REVIEW_OUTCOMES, links=review_links, is_bound=True)


def go_to(case: Case, customer: Customer) -> None:
    """An arrangement that this request led to belongs to whoever joined the request to their account."""
    AssistedCollection.objects.filter(case=case).update(customer=customer)
