"""What the back office sees and may choose when it works on an order."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.kit.wording import money
from portal.cases.models import Case
from portal.cases.registry import CaseKind, Outcome, Words
from portal.waste import selectors as bins
from portal.waste.orders.models import SERVICE_SLUG
from portal.waste.orders.selectors import order_of
from portal.waste.orders.services import DELIVERED, FETCHED, settle_delivery

OUTCOMES = (
    Outcome(
        DELIVERED,
        _lazy("Delivered"),
        _lazy("We have brought it. It is emptied on the collection days of your home from now on."),
    ),
    Outcome(
        FETCHED,
        _lazy("Taken away"),
        _lazy("We have taken it away. It is not among the bins of your home any more."),
    ),
    Outcome(
        "no_access",
        _lazy("Could not be delivered"),
        _lazy("We came, but could not leave it at your home. Order it again, and tell us where we can leave it."),
        is_done=False,
    ),
    Outcome(
        "not_found",
        _lazy("Could not be taken away"),
        _lazy("We came, but could not find or reach it. Tell us again when it stands where the driver can reach it."),
        is_done=False,
    ),
    Outcome(
        "not_possible",
        _lazy("Not possible"),
        _lazy("We cannot do it, and are sorry. Contact us, and we look for another way with you."),
        is_done=False,
    ),
    Outcome(
        "refused",
        _lazy("Refused by the rules"),
        _lazy("Your home already has as many as a home may have, or may not have this kind."),
        is_done=False,
    ),
)


_ONLY_BROUGHT = {DELIVERED, "no_access", "refused"}
_ONLY_FETCHED = {FETCHED, "not_found"}


def fits(case: Case, outcome: Outcome) -> bool:
    """What is brought is not taken away, and the other way round. A forgotten order ends either way."""
    order = order_of(case)
    if order is None:
        return True
    return outcome.code not in (_ONLY_BROUGHT if order.is_fetched else _ONLY_FETCHED)


def staff_rows(case: Case) -> list[tuple[Words, object]]:
    order = order_of(case)
    if order is None:
        return []
    held = ", ".join(str(container) for container in bins.containers_of(order.address))
    replaced = ", ".join(f"{one.description} ({one.identifier})" for one in order.replaces.all())
    tours = [tour for tour in bins.rounds_of(order.address) if tour.stream == order.kind.stream]
    return [
        (_lazy("Container"), f"{order.number} × {order.kind.name}"),
        (_lazy("Why"), order.get_reason_display()),
        (_lazy("Take away, or off the list"), replaced or _("Nothing")),
        (_lazy("Bins at the home now"), held or _("None")),
        (_lazy("Round"), ", ".join(str(tour) for tour in tours) or _("None")),
        (_lazy("Paid"), f"{money(order.fee)}, {order.receipt}" if order.fee else _("Free")),
    ]


KIND = CaseKind(
    service_slug=SERVICE_SLUG,
    outcomes=OUTCOMES,
    panel_title=_lazy("About this order"),
    staff_rows=staff_rows,
    fits=fits,
    on_outcome=settle_delivery,
    is_bound=True,
)
