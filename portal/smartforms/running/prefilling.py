"""What we know already is not asked again: it stands in the field, with where it comes from and since when."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any as Anything

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import Customer
from barnet.customers.selectors import detail_since
from portal.smartforms.answers import is_given
from portal.smartforms.definition.model import Question
from portal.smartforms.kinds import Asking, kind_of


@dataclass(frozen=True)
class Source:
    """`field`: of the customer, for the day since when it stands there. `change_url`: the page that puts it right."""

    value: Callable[[Customer], Anything]
    field: str
    label: str | Promise
    autocomplete: str = ""
    change_url: str = "account_name"


def _first(customer: Customer) -> str:
    return customer.name.partition(" ")[0]


def _last(customer: Customer) -> str:
    return customer.name.rpartition(" ")[2] if " " in customer.name else ""


def _address(customer: Customer) -> dict[str, str]:
    if customer.address:
        return {"uprn": str(customer.address.pk), "text": customer.address.one_line}
    return {"uprn": "", "text": customer.address_text} if customer.address_text else {}


SOURCES = {
    "account.name": Source(lambda customer: customer.name, "name", _("name"), "name"),
    "account.first_name": Source(_first, "name", _("name"), "given-name"),
    "account.last_name": Source(_last, "name", _("name"), "family-name"),
    "account.email": Source(
        lambda customer: customer.email, "email", _("email address"), "email", change_url="account_contact"
    ),
    "account.phone": Source(lambda customer: customer.phone, "phone", _("telephone number"), "tel"),
    "account.address": Source(_address, "address", _("address"), "", change_url="account_address"),
    "account.date_of_birth": Source(lambda customer: customer.born_on, "born_on", _("date of birth"), "bday"),
}


EARLIER = "earlier:"  # before the reference of the request in which it was told
JOURNEY = "journey"
BEFORE = "before"  # told on the pages of another room that led to the form
ASKED_AGAIN = "asked_again"  # staff needed it once more


@dataclass(frozen=True)
class Prefilled:
    """One answer that we know: its value, and where from."""

    value: Anything
    source: str
    as_of: dt.date
    form: str = ""  # in which it was told before
    change_url: str = ""

    @property
    def words(self) -> str:
        """From your details, March 2026"""
        if self.source == JOURNEY:
            return _t("You told us this on an earlier page")
        month = date_format(self.as_of, "F Y")
        if self.source.startswith(EARLIER):
            return _t("You told us this before: %(form)s, %(month)s") % {"form": self.form, "month": month}
        return _t("From your details, %(month)s") % {"month": month}

    @property
    def wrong(self) -> str:
        """The words of the link to where it is put right."""
        if self.source == JOURNEY:
            return _t("Wrong? Change it there")
        if self.source.startswith(EARLIER):
            return _t("Wrong? Tell us in that request")
        return _t("Wrong? Change your details")

    def kept(self) -> dict[str, str]:
        return {"source": self.source, "as_of": self.as_of.isoformat()}


def known(question: Question, customer: Customer | None, asking: Asking) -> Prefilled | None:
    """Only what the question would accept: an old wrong number is no help."""
    source = SOURCES.get(question.prefill)
    if source is None or customer is None:
        return None
    value = source.value(customer)
    if not is_given(value):
        return None
    try:
        value = kind_of(question).accepted(question, asking, value)
    except ValueError:
        return None
    return Prefilled(value, question.prefill, detail_since(customer, source.field))
