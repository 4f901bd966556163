"""Staff find a customer by what somebody says on the telephone: a name, spelt as they heard it, a number in any
spelling or a part of it, an e-mail address, a postcode, a UPRN.

What is typed is taken for one of these by its shape, and each has its index. A number finds a further way to reach
somebody, too (`ContactPoint`), not only the first.
"""

import re
from typing import Any

from django.db import connection, transaction
from django.db.models import FloatField, Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower

from barnet.customers.enums import ContactKind
from barnet.customers.models import PHONE_DIGITS, ContactPoint, Customer
from barnet.gazetteer.selectors import parse_postcode

FEWEST_SIGNS = 3
FEWEST_DIGITS, MOST_DIGITS = 7, 15
FEWEST_OF_A_PART = 5  # of a number: a few people in a borough have them
MOST_RANKED = 400  # of those who bear a common name
ALIKE = 0.45  # how alike a mistyped name must be, from 0 to 1
_LONGEST_NAME = 100
_LARGEST_UPRN = 999_999_999_999


def search_customers(text: str, *, limit: int = 20) -> list[Customer]:
    """Best first; nothing for fewer than three signs. Text from strangers never raises."""
    text = " ".join(text.split())
    if len(text) < FEWEST_SIGNS:
        return []
    found = found_exactly(text)
    people = _in_order(found, limit) if found is not None else []
    if not people and (digits := _digits_in(text, FEWEST_OF_A_PART)):
        return _in_order(_by_part_of_number(digits), limit)
    return people if found is not None else _by_name(text[:_LONGEST_NAME], limit)


def customers_at(uprns: list[int], *, limit: int = 20) -> list[Customer]:
    return _in_order(Customer.objects.known().filter(address__in=uprns), limit)


def found_exactly(text: str) -> QuerySet[Customer] | None:
    """Those whose e-mail address, telephone number, UPRN or postcode it is; None when it has the shape of none."""
    if "@" in text:
        return _by_email(text.lower())
    if digits := digits_of(text):
        return _by_number(digits)
    if postcode := parse_postcode(text):
        return Customer.objects.known().filter(address__postcode_key=postcode.replace(" ", ""))
    return None


def digits_of(text: str) -> str:
    """Those of a telephone number or a UPRN; empty for other text."""
    return _digits_in(text, FEWEST_DIGITS)


def _digits_in(text: str, fewest: int) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    return digits if re.fullmatch(r"[0-9 +()./-]+", text) and fewest <= len(digits) <= MOST_DIGITS else ""


def _by_email(email: str) -> QuerySet[Customer]:
    first = Customer.objects.alias(lower_email=Lower("email")).filter(lower_email=email)
    return _any_of(first, _with_points(ContactKind.EMAIL, values=[email]))


def _by_number(digits: str) -> QuerySet[Customer]:
    national = _national(digits)
    spellings = [f"{prefix}{national}" for prefix in ("", "0", "44", "0044", "440")]
    first = Customer.objects.alias(phone_digits=PHONE_DIGITS).filter(phone_digits__in=spellings)
    numbers = [f"+44{national}", f"+{digits.removeprefix('00')}"]
    found = [first, _with_points(ContactKind.MOBILE, ContactKind.LANDLINE, values=numbers)]
    if int(digits) <= _LARGEST_UPRN:
        found.append(Customer.objects.filter(address=int(digits)))
    return _any_of(*found)


def _by_part_of_number(digits: str) -> QuerySet[Customer]:
    """The first signs, the last ones, or some between: what was caught of it, or what a display shows."""
    part = _national(digits)
    points = ContactPoint.objects.filter(
        kind__in=[ContactKind.MOBILE, ContactKind.LANDLINE],
        value__contains=part if len(part) >= FEWEST_OF_A_PART - 1 else digits,
    )
    return Customer.objects.filter(pk__in=_keys(Customer.objects.filter(pk__in=points.values("customer"))))


def _national(digits: str) -> str:
    return re.sub(r"^(00440?|440?|0)", "", digits)


def _with_points(*kinds: ContactKind, values: list[str]) -> QuerySet[Customer]:
    points = ContactPoint.objects.filter(kind__in=kinds, value__in=values)
    return Customer.objects.filter(pk__in=points.values("customer"))


def _any_of(*found: QuerySet[Customer]) -> QuerySet[Customer]:
    """By a union, so that each part walks its own index."""
    first, *others = (_keys(customers) for customers in found)
    return Customer.objects.filter(pk__in=first.union(*others))


def _keys(found: QuerySet[Customer]) -> QuerySet[Customer, Any]:
    """Whoever was merged into another record is found as that one."""
    return found.order_by().values_list(Coalesce("merged_into", "pk"))


def _by_name(name: str, limit: int) -> list[Customer]:
    """Names that hold it, the likest first; then those that sound like it in other letters."""
    plain = Func(Value(name), function="plain_name", output_field=TextField())
    found = _likest(Customer.objects.filter(plain_name__contains=plain), plain, limit)
    if len(found) >= limit:
        return found
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        alike = _likest(Customer.objects.filter(plain_name__trigram_similar=plain), plain, limit)
    keys = {customer.pk for customer in found}
    return [*found, *(customer for customer in alike if customer.pk not in keys)][:limit]


def _likest(found: QuerySet[Customer], plain: Combinable, limit: int) -> list[Customer]:
    some = _keys(found)[:MOST_RANKED]
    likeness = Func("plain_name", plain, function="similarity", output_field=FloatField())
    ranked = _shown(Customer.objects.filter(pk__in=some)).annotate(likeness=likeness)
    return list(ranked.order_by("-likeness", "name", "pk")[:limit])


def _in_order(found: QuerySet[Customer], limit: int) -> list[Customer]:
    return list(_shown(found).order_by("name", "pk")[:limit])


def _shown(found: QuerySet[Customer]) -> QuerySet[Customer]:
    return found.select_related("address")
