"""What is empty in the record that is kept is filled from the other. Nothing that is there is ever overwritten.

No value is written down with the merge: the other record still has them. What the kept one says otherwise by now is
not taken back. Ways to reach them follow e-mail and telephone by a trigger; what it did is kept, to undo exactly that.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pgtrigger
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import ContactKind
from barnet.customers.merging.merges import CustomerMerge
from barnet.customers.merging.rules import going_over
from barnet.customers.models import ChannelPreference, ContactPoint, Customer, Need
from barnet.customers.reaching.phones import normalised_phone, phone_kind
from barnet.customers.reaching.typed_addresses import tell_gazetteer
from barnet.kit.wording import date_long

_DETAILS = {
    "name": ("name",),
    "email": ("email",),
    "phone": ("phone",),
    "address": ("address_id", "address_text"),
    "born_on": ("born_on",),
}
_OF_THE_ACCOUNT = {"name", "email"}  # who signs in says these themselves
_EMPTY = {"address_id": None, "born_on": None}


@dataclass(frozen=True)
class Filling:
    label: str | Promise
    words: str


def fillings(kept: Customer, merged: Customer) -> list[Filling]:
    """What will be filled, line by line: details, and what goes over because the kept record has none of it."""
    address = merged.address.one_line if merged.address else merged.address_text
    said = {
        "name": Filling(_("Name"), merged.name),
        "email": Filling(_("E-mail"), merged.email),
        "phone": Filling(_("Telephone"), merged.phone),
        "address": Filling(_("Address"), address),
        "born_on": Filling(_("Date of birth"), date_long(merged.born_on) if merged.born_on else ""),
    }
    needs = going_over("customers.Need.customer", merged=merged, kept=kept).filter(ended_at=None)
    wishes = going_over("customers.ChannelPreference.customer", merged=merged, kept=kept).order_by("pk")
    return [
        *(said[detail] for detail in _empty_details(kept, merged)),
        *(Filling(_("What they need"), str(need)) for need in needs if isinstance(need, Need)),
        *(
            Filling(_("How they want to be told"), str(wish.get_topic_display()))
            for wish in wishes
            if isinstance(wish, ChannelPreference)
        ),
    ]


def fill_details(merge: CustomerMerge) -> None:
    """After what goes over went over. Both records are locked."""
    kept, merged = merge.kept, merge.merged
    for detail in list(_empty_details(kept, merged)):
        before = _points_of(kept)
        for name in _DETAILS[detail]:
            setattr(kept, name, getattr(merged, name))
        kept.save(update_fields=_DETAILS[detail])
        after = _points_of(kept)
        merge.filled[detail] = {
            "made": [key for key in after if key not in before],
            "raised": [key for key in after if after[key] and before.get(key) is False],
            "lowered": [key for key in after if not after[key] and before.get(key)],
        }
        if detail == "address":
            tell_gazetteer(kept)


def take_back(merge: CustomerMerge, kept: Customer, merged: Customer) -> None:
    """Before what went over goes back. What was changed since stays, and the points with it."""
    for detail, points in merge.filled.items():
        names = _DETAILS[detail]
        if any(getattr(kept, name) != getattr(merged, name) for name in names):
            continue
        for name in names:
            setattr(kept, name, _EMPTY.get(name, ""))
        with pgtrigger.ignore("customers.Customer:keep_points"):  # it would delete what goes back to the other
            kept.save(update_fields=names)
        _undo_points(kept, points)
        if detail == "address":
            tell_gazetteer(kept)


def give_points_again(customer: Customer) -> None:
    """What is written at a customer is a way to reach them, also when it was replaced at the other record meanwhile."""
    number = normalised_phone(customer.phone)
    said = [(ContactKind.EMAIL, customer.email.lower())] if customer.email else []
    said += [(phone_kind(number), number)] if number else []
    for kind, value in said:
        points = ContactPoint.objects.filter(customer=customer, kind=kind)
        if not points.filter(value=value).exists():
            is_preferred = not points.filter(is_preferred=True).exists()
            ContactPoint.objects.create(customer=customer, kind=kind, value=value, is_preferred=is_preferred)


def _empty_details(kept: Customer, merged: Customer) -> Iterator[str]:
    for detail, names in _DETAILS.items():
        if kept.user_id and detail in _OF_THE_ACCOUNT:
            continue
        if not any(getattr(kept, name) for name in names) and any(getattr(merged, name) for name in names):
            yield detail


def _points_of(customer: Customer) -> dict[int, bool]:
    return dict(ContactPoint.objects.filter(customer=customer).values_list("pk", "is_preferred"))


def _undo_points(kept: Customer, points: dict[str, list[int]]) -> None:
    theirs = ContactPoint.objects.filter(customer=kept)
    theirs.filter(pk__in=points["made"], verified_at=None).delete()
    theirs.filter(pk__in=points["raised"]).update(is_preferred=False)
    for point in theirs.filter(pk__in=points["lowered"]):
        if not theirs.filter(kind=point.kind, is_preferred=True).exists():
            theirs.filter(pk=point.pk).update(is_preferred=True)
