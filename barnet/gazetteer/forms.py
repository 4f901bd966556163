"""The three steps to an address: look for it, choose it, or type it."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.councils import COUNCILS, OURS
from barnet.gazetteer.models import Address, Postcode
from barnet.gazetteer.selectors import find_for_staff, parse_postcode
from barnet.gazetteer.services import search_addresses
from barnet.kit.submission import SubmissionKeyMixin

NOT_LISTED = "none"
MOST_AT_POSTCODE = 500  # more than the largest block of flats
MOST_ELSEWHERE = 100
MOST_RADIOS = 10


class AddressSearchForm(forms.Form):
    """Finds addresses; `found` holds them. With JavaScript the hidden `uprn` is filled by choosing a suggestion.

    `outside` is the sentence for a postcode without addresses, `problem` an error of an earlier step. With
    `with_provisional` it finds the addresses of houses that are only planned as well: for staff.
    """

    postcode = forms.CharField(
        label=_("Postcode, or house number and street"),
        help_text=_("For example, EN5 1AA or 12 High Street"),
        max_length=200,
        error_messages={
            "required": _("Enter a postcode, or a house number and street"),
            "max_length": _("Enter a shorter text: a postcode, or a house number and street"),
        },
    )
    uprn = forms.CharField(required=False, widget=forms.HiddenInput)
    mark_optional = False

    def __init__(
        self,
        *args: Any,
        outside: str | Promise = "",
        problem: str | Promise = "",
        with_provisional: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["postcode"].required = not problem  # one error is enough
        self.outside = outside
        self.problem = problem
        self.with_provisional = with_provisional
        self.found: list[Address] = []
        self.is_cut = False  # there may be more than `found`

    def clean_postcode(self) -> str:
        text: str = self.cleaned_data["postcode"]
        if self.problem:
            raise forms.ValidationError(str(self.problem))
        self._look_for(text)
        if not self.found:
            raise forms.ValidationError(self._nothing_found(text))
        return text

    def _look_for(self, text: str) -> None:
        if self.with_provisional:
            most = MOST_AT_POSTCODE if parse_postcode(text) else MOST_ELSEWHERE
            found = find_for_staff(text, limit=most)
            self.found = [address for address in found if not address.retired_on and address.is_postal]
            self.found = self.found or search_addresses(text, limit=most)
            self.is_cut = len(found) == most
        elif parse_postcode(text):
            self.found = search_addresses(text, limit=MOST_AT_POSTCODE)
        else:
            self.found = search_addresses(text, limit=MOST_ELSEWHERE)
            self.is_cut = len(self.found) == MOST_ELSEWHERE

    def _nothing_found(self, text: str) -> str:
        if postcode := parse_postcode(text):
            return nothing_at(postcode, self.outside)
        return gettext("We found no address like that. Check it, or try the postcode.")


def nothing_at(postcode: str, outside: str | Promise = "") -> str:
    """What to tell somebody whose postcode has no address of ours: whose it is, as far as we know."""
    known = Postcode.objects.filter(pk=postcode.replace(" ", "")).first()
    if known and known.ended_on:
        said = gettext(
            "Royal Mail no longer uses %(postcode)s. Look for your new postcode, or your house number and street."
        )
        return said % {"postcode": postcode}
    if known and known.district_code == OURS:
        said = gettext("%(postcode)s is in our borough, but we have no address there. Enter the address by hand.")
        return said % {"postcode": postcode}
    if known and known.district_code in COUNCILS:
        said = gettext("%(postcode)s is outside our borough. %(council)s is the council there.")
        return said % {"postcode": postcode, "council": COUNCILS[known.district_code]}
    nothing = gettext("We have no address at %(postcode)s. Check it.") % {"postcode": postcode}
    return f"{nothing} {outside or gettext('If you live outside the borough, your own council deals with this.')}"


def label_of(address: Address) -> str:
    """The line of an address, with what else somebody who chooses must know."""
    if address.is_provisional:
        return gettext("%(line)s (provisional: planned or being built)") % {"line": address.one_line}
    if not address.known_as:
        return address.one_line
    return gettext("%(line)s (found as %(other)s)") % {"line": address.one_line, "other": address.known_as}


class AddressChoiceForm(forms.Form):
    """One of the addresses found, or none of them."""

    postcode = forms.CharField(widget=forms.HiddenInput, max_length=200)
    uprn = forms.ChoiceField(
        label=_("Choose your address"),
        error_messages={
            "required": _("Choose an address, or say that yours is not listed"),
            "invalid_choice": _("Choose an address from the list, or say that yours is not listed"),
        },
    )

    def __init__(self, *args: Any, found: list[Address], block: Address | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [(str(address.uprn), label_of(address)) for address in found]
        if block:
            self.fields["uprn"].label = _("Which home in the building?")
            choices.append((str(block.uprn), _("The building as a whole")))
        choices.append((NOT_LISTED, _("My address is not listed")))
        field = self.fields["uprn"]
        if len(found) <= MOST_RADIOS:
            field.widget = forms.RadioSelect()
        else:
            choices.insert(0, ("", _("Choose an address")))
        field.choices = choices  # type: ignore[attr-defined]


class MissingAddressForm(SubmissionKeyMixin, forms.Form):
    """Somebody tells the gazetteer team of a home that the list does not have."""

    mark_optional = False
    typed = forms.CharField(
        label=_("The address"),
        help_text=_("House number and street, town, and postcode"),
        max_length=300,
        widget=forms.Textarea,
        error_messages={
            "required": _("Enter the address, with its postcode"),
            "max_length": _("Enter an address of at most 300 characters"),
        },
    )

    def clean_typed(self) -> str:
        return one_line_of(self.cleaned_data["typed"])


def one_line_of(lines: str) -> str:
    typed = ", ".join(line.strip(" ,") for line in lines.splitlines() if line.strip(" ,"))
    if not any(sign.isalnum() for sign in typed):
        raise forms.ValidationError(gettext("Enter the address, with its postcode"))
    return typed


class TypedAddressForm(forms.Form):
    """For an address that the gazetteer does not know. Lines become one line."""

    postcode = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    uprn = forms.CharField(widget=forms.HiddenInput, initial=NOT_LISTED)
    address_text = forms.CharField(
        label=_("Your address"),
        help_text=_("House number and street, town, and postcode"),
        max_length=300,
        widget=forms.Textarea,
        error_messages={
            "required": _("Enter the address, with its postcode"),
            "max_length": _("Enter an address of at most 300 characters"),
        },
    )

    def clean_address_text(self) -> str:
        return one_line_of(self.cleaned_data["address_text"])
