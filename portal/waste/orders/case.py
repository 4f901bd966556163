"""What the back office sees and may choose when it works on an order."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.kit.wording import money
from portal.cases.models import Case
from portal.cases.registry import CaseKind, Outcome, Words
from portal.waste import selectors as bins
from portal.waste.orders.models import SERVICE_SLUG
from portal.waste.orders.selectors import order_of
from portal.waste.orders.services import DELIVERED, settle_delivery

OUTCOMES = (
    Outcome(
        DELIVERED,
        _lazy("Delivered"),
        _lazy("We have brought it. It is emptied on the collection days of your home from now on."),
    ),
    Outcome(
        "no_access",
        _lazy("Could not be delivered"),
        _lazy("We came, but could not leave it at your home. Order it again, and tell us where we can leave it."),
        is_done=False,
    ),
    Outcome(
        "not_possible",
        _lazy("Not possible"),
        _lazy("We cannot bring it, and are sorry. Contact us, and we look for another way with you."),
        is_done=False,
    ),
    Outcome(
        "refused",
        _lazy("Refused by the rules"),
        _lazy("Your home already has as many as a home may have, or may not have this kind."),
        is_done=False,
    ),
)


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
    on_outcome=settle_delivery,
)
