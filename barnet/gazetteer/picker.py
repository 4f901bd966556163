"""Picking an address in any form: look for it → choose it → or type it. Works without JavaScript.

`pick_address` reads `postcode`, `uprn` and `address_text` from the address or from the posted form and keeps nothing
elsewhere: every step can be bookmarked, gone back to and sent again. An unknown, retired or forged UPRN is an error on
the first step, never an exception.

A page that only asks for the address includes `picked.template` until `picked.is_done`:

    picked = pick_address(request)
    if picked.address: ...

A page that asks for more puts the picker into its own form. It comes before the page's submit button, shows what was
picked with a way to change it, and its buttons send the whole form, so that nothing typed is lost:

    picked = pick_address(request, embedded=True)
    if request.method == "POST" and picked.is_settled and form.is_valid(): ...

    <form method="post">{% csrf_token %} … {% include picked.template %} … {% button "Continue" %}</form>

A field of a form that asks for several addresses calls `pick`: `prefix` stands before the name of each control.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext

from barnet.gazetteer.forms import MOST_AT_POSTCODE, NOT_LISTED, AddressChoiceForm, AddressSearchForm, TypedAddressForm
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import address_by_uprn, flats_of, successors_of

STEP = "address_step"  # sent by the picker's own buttons inside another form: search, choose, type or change


@dataclass(frozen=True)
class _Said:
    """What was sent, by the picker's own names."""

    data: Mapping[str, Any]
    prefix: str = ""

    def name(self, key: str) -> str:
        return f"{self.prefix}-{key}" if self.prefix else key

    def get(self, key: str, default: str = "") -> str:
        return str(self.data.get(self.name(key), default))

    def __contains__(self, key: str) -> bool:
        return self.name(key) in self.data

    def named(self, values: Mapping[str, str]) -> dict[str, str]:
        return {self.name(key): value for key, value in values.items()}


@dataclass
class PickerResult:
    """Either `address`, or `typed`, or neither: then `form` is the step to show. `step`: search, choose or type."""

    form: forms.Form
    step: str
    address: Address | None = None
    typed: str = ""
    method: str = "get"
    template: str = "gazetteer/address_picker.html"
    looked_for: str = ""
    found: list[Address] = field(default_factory=list)
    block: Address | None = None  # a building: `found` are the homes in it, or it was picked as a whole
    is_cut: bool = False  # there may be more than `found`
    is_embedded: bool = False
    is_asking: bool = False  # one of the picker's own buttons was pressed, not the page's

    @property
    def is_done(self) -> bool:
        return bool(self.address or self.typed)

    @property
    def is_unfinished(self) -> bool:
        """Somebody began to look for an address, and has not chosen one."""
        return not self.is_done and bool(self.looked_for or self.step != "search")

    @property
    def is_settled(self) -> bool:
        """The page's own button was pressed, and the address is there."""
        return self.is_done and not self.is_asking


def pick_address(
    request: HttpRequest,
    *,
    embedded: bool = False,
    optional: bool = False,
    outside: str | Promise = "",
    with_provisional: bool = False,
) -> PickerResult:
    """`outside`: what to tell about a postcode without addresses, such as "your own council collects your bins".
    `optional`: to leave the box empty is no error. `with_provisional`: on pages of staff, houses that are only planned
    are offered as well."""
    said = request.POST if request.method == "POST" else request.GET
    result = pick(said, optional=optional, outside=outside, with_provisional=with_provisional)
    result.method = "post" if request.method == "POST" else "get"
    if embedded:
        result.is_embedded = True
        result.template = "gazetteer/address_picker_fields.html"
    return result


def pick(
    data: Mapping[str, Any],
    *,
    prefix: str = "",
    optional: bool = False,
    outside: str | Promise = "",
    with_provisional: bool = False,
) -> PickerResult:
    said = _Said(data, prefix)
    if optional and not said.get("postcode").strip() and not said.get("uprn") and STEP not in said:
        result = search_again(prefix)
    else:
        result = _pick(said, outside, with_provisional=with_provisional)
    result.is_asking = STEP in said
    return result


def search_again(prefix: str, *, nothing_typed: bool = False) -> PickerResult:
    """The first round. `nothing_typed`: with the error of an empty box."""
    data = _Said({}, prefix).named({"postcode": ""}) if nothing_typed else None
    return PickerResult(AddressSearchForm(data, prefix=prefix), "search")


def _pick(said: _Said, outside: str | Promise, *, with_provisional: bool) -> PickerResult:
    uprn, text = said.get("uprn", "").strip(), said.get("postcode", "").strip()
    if said.get(STEP) == "change":
        return PickerResult(AddressSearchForm(prefix=said.prefix, initial={"postcode": text[:200]}), "search")
    if uprn == NOT_LISTED or said.get(STEP) == "type":
        return _typed(said)
    if uprn:
        return _chosen(uprn, text, said, with_provisional=with_provisional)
    if "block" in said and said.get(STEP) != "search" and (block := address_by_uprn(said.get("block", ""))):
        return _which_home(block, text, said, is_choosing=True)
    if "postcode" not in said:
        return PickerResult(AddressSearchForm(prefix=said.prefix), "search")
    search = AddressSearchForm(said.data, prefix=said.prefix, outside=outside, with_provisional=with_provisional)
    if not search.is_valid():
        return PickerResult(search, "search", looked_for=text)
    is_choosing = "choosing" in said and said.get(STEP) != "search"
    choice = AddressChoiceForm(
        said.data if is_choosing else None, prefix=said.prefix, found=search.found, initial={"postcode": text}
    )
    return PickerResult(choice, "choose", looked_for=text, found=search.found, is_cut=search.is_cut)


def _chosen(uprn: str, text: str, said: _Said, *, with_provisional: bool) -> PickerResult:
    address = address_by_uprn(uprn)
    if address and (with_provisional or not address.is_provisional):
        as_a_whole = said.get("block") == uprn
        if not as_a_whole and "postcode" in said and flats_of(address).exists():
            return _which_home(address, text, said, is_choosing=False)
        block = address if as_a_whole else None
        search = AddressSearchForm(prefix=said.prefix)
        return PickerResult(search, "search", address=address, looked_for=text[:200], block=block)
    problem = _not_known_any_more(uprn)
    search = AddressSearchForm(said.named({"postcode": text[:200]}), prefix=said.prefix, problem=problem)
    return PickerResult(search, "search", looked_for=text[:200])


def _which_home(block: Address, text: str, said: _Said, *, is_choosing: bool) -> PickerResult:
    """A building was chosen that has homes of its own: one step more."""
    found = list(flats_of(block)[:MOST_AT_POSTCODE])
    text = text[:200] or block.postcode or block.one_line[:200]
    sent = said.data if is_choosing else None
    form = AddressChoiceForm(sent, prefix=said.prefix, found=found, block=block, initial={"postcode": text})
    return PickerResult(form, "choose", looked_for=text, found=found, block=block)


def _not_known_any_more(uprn: str) -> str:
    ended = (
        Address.objects.filter(pk=int(uprn)).first() if uprn.isascii() and uprn.isdigit() and len(uprn) < 13 else None
    )
    if ended and ended.retired_on and (today := successors_of(ended)):
        lines = "; ".join(address.one_line for address in today[:3])
        return gettext("That address was replaced by: %(lines)s. Look for it again.") % {"lines": lines}
    return gettext("We do not know that address any more. Look for it again.")


def _typed(said: _Said) -> PickerResult:
    """The hidden search text is only carried along: whatever it holds, the address that was typed counts."""
    looked_for = said.get("postcode", "")[:200]
    carried = {"postcode": looked_for, "uprn": NOT_LISTED}
    if "address_text" not in said:
        return PickerResult(TypedAddressForm(prefix=said.prefix, initial=carried), "type", looked_for=looked_for)
    form = TypedAddressForm(said.named(carried | {"address_text": said.get("address_text")}), prefix=said.prefix)
    typed = form.cleaned_data["address_text"] if form.is_valid() else ""
    return PickerResult(form, "type", typed=typed, looked_for=looked_for)
