"""What is paid on a day, and what will be: the fees of a service as people read them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from barnet.catalogue.enums import Vat
from barnet.catalogue.models import Fee
from barnet.kit.wording import date_long, money


@dataclass(frozen=True)
class Price:
    """One thing for one kind of payer: what it costs on the day asked about, and the next change that is announced."""

    label: str
    payer: str
    current: Fee | None
    coming: Fee | None

    @property
    def now(self) -> str:
        if self.current is None:
            return _("Not charged yet")
        return _in_words(self.current)

    @property
    def change(self) -> str:
        """“£71.00 from 1 April 2027”, or the last day when nothing follows, or nothing."""
        if self.coming:
            return _("%(amount)s from %(day)s") % {
                "amount": _in_words(self.coming),
                "day": date_long(self.coming.from_on),
            }
        if self.current and self.current.to_on:
            return _("until %(day)s") % {"day": date_long(self.current.to_on)}
        return ""


def prices(fees: Iterable[Fee], on: dt.date) -> list[Price]:
    """In the order of the fees' labels. What is over is left out."""
    return list(_prices(fees, on))


def _prices(fees: Iterable[Fee], on: dt.date) -> Iterator[Price]:
    left = [fee for fee in fees if fee.to_on is None or fee.to_on >= on]
    left.sort(key=lambda fee: (fee.label, fee.code, fee.concession != "standard", fee.concession, fee.from_on))
    for _thing, members in groupby(left, key=lambda fee: (fee.code, fee.concession)):
        periods = list(members)
        current = next((fee for fee in periods if fee.from_on <= on), None)
        coming = next((fee for fee in periods if fee.from_on > on), None)
        named = current or periods[0]
        yield Price(named.label, str(named.get_concession_display()), current, coming)


def vat_note(found: Iterable[Price]) -> str:
    kinds = {fee.vat for price in found for fee in (price.current, price.coming) if fee and fee.amount}
    return "; ".join(str(Vat(kind).label) for kind in sorted(kinds))


def _in_words(fee: Fee) -> str:
    return money(fee.amount) if fee.amount else _("Free")
