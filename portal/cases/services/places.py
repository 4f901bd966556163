"""A request about a place that the gazetteer does not know: its team is asked, and the answer comes back."""

from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import ward_at
from barnet.gazetteer.services import report_address, withdraw_report
from portal.cases.enums import EntryKind
from portal.cases.models import Case
from portal.cases.services.writing import save, write_entry

KIND = "case"


def tell_gazetteer(case: Case) -> None:
    """Inside the change that it tells of."""
    if case.address_text and case.address is None:
        report_address(case.address_text, about=f"{KIND}:{case.pk}")


def forget_typed_addresses(keys: list[int]) -> None:
    """Of cases that nobody may recognise any more, nothing waits."""
    withdraw_report(*(f"{KIND}:{key}" for key in keys))


def take_settled_address(pk: str, typed: str, address: Address) -> int:
    """Only where the case still says what was looked at. Its team reads in the timeline where it is."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=int(pk), address=None, address_text=typed).first()
    if case is None:
        return 0
    case.address, case.address_text = address, ""
    case.location = case.location or address.location
    case.ward = ward_at(case.location, timezone.localdate(case.opened_at))
    save(case, "address", "address_text", "location", "ward")
    text = _("The address “%(typed)s” is %(line)s (UPRN %(uprn)s).")
    write_entry(
        case,
        EntryKind.NOTE,
        actor=Actor.system(),
        subject=None,
        internal_text=text % {"typed": typed, "line": address.one_line, "uprn": address.pk},
    )
    return 1
