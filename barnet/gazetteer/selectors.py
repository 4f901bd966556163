"""Where things are. Reads only; nothing here ever changes a row. What areas answer is in `areas`, and offered here.

Guarantees: a retired address is never offered; text from strangers never raises.
"""

from collections.abc import Iterable

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordDistance, TrigramWordSimilarity
from django.db.models import Case, CharField, F, Func, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Upper

from barnet.gazetteer.areas import areas_at, areas_at_points, postcode_areas, ward_at
from barnet.gazetteer.enums import PlaceKind, RecordType
from barnet.gazetteer.models import NATURAL_ORDER, Address, AddressName, AddressQuerySet, PlaceName, SourceRecord
from barnet.gazetteer.postcodes import parse_postcode
from barnet.gazetteer.queries import AddressQuery, read_query

__all__ = [
    "address_by_uprn",
    "addresses_at_postcode",
    "areas_at",
    "areas_at_points",
    "block_of",
    "find_addresses",
    "find_for_staff",
    "flats_of",
    "neighbours",
    "parse_postcode",
    "postcode_areas",
    "successors_of",
    "ward_at",
]

PLACES_COMPARED = 40
PLACES_SHOWN = 8
EXACT = 0.99  # everything typed is in the name
POSSIBLE = 0.4
SHORTEST_WORD = 3  # shorter ones have no trigram of their own
MOST_RANKED = 500
ELSEWHERE = 9  # the rank of an address whose number is not the typed one


# --- Addresses --------------------------------------------------------------------------------------------------------


def find_addresses(text: str, *, limit: int = 20) -> list[Address]:
    """The addresses that a person means, best first: by postcode, whole or begun; by UPRN; by number and street, or
    the name of a building, abbreviated or with typing errors. `12` before `12A` before `120`, then as people count.
    Last those that were called so, or are called so, too: `known_as` says by which name they were found."""
    wanted = read_query(text)
    if wanted.is_empty():
        return []
    if wanted.uprn:
        return list(Address.objects.current().filter(uprn=wanted.uprn, is_provisional=False))
    if wanted.postcode or wanted.partial_postcode:
        found = _at_postcode(wanted, limit)
        if found or not wanted.words:
            return found
    found = _by_name(wanted, limit)
    if len(found) >= limit:
        return found
    known = {address.pk for address in found}
    called = by_other_names(wanted, limit - len(found), is_alone=not found)
    return [*found, *(address for address in called if address.pk not in known)]


def find_for_staff(text: str, *, limit: int = 20) -> list[Address]:
    """As residents find them, and before those the planned, ended and provisional ones that have all the words."""
    wanted = read_query(text)
    found = find_addresses(text, limit=limit)
    hidden = Address.objects.exclude(retired_on=None) | Address.objects.filter(is_provisional=True)
    if wanted.uprn:
        hidden = Address.objects.filter(uprn=wanted.uprn)
    elif wanted.postcode and not wanted.words:
        hidden = hidden.filter(postcode_key=wanted.postcode.replace(" ", ""))
    else:
        words = [word for word in wanted.words if len(word) >= SHORTEST_WORD]
        if not words:
            return found
        hidden = hidden.filter(Q(*(Q(search_text__contains=word) for word in words)))
    known = {address.pk for address in found}
    return [*found, *(address for address in _numbered(hidden, wanted, limit) if address.pk not in known)][:limit]


def flats_of(block: Address) -> AddressQuerySet:
    """The homes in a building, in natural order; none when it is a home itself."""
    return Address.objects.postal().filter(parent_uprn=block.pk).in_natural_order()


def block_of(address: Address) -> Address | None:
    return Address.objects.current().filter(pk=address.parent_uprn).first() if address.parent_uprn else None


def successors_of(address: Address) -> list[Address]:
    """What an ended address was replaced by, as the gazetteer says."""
    records = SourceRecord.objects.filter(uprn=address.pk, record_type=RecordType.SUCCESSOR)
    uprns = [int(facts["SUCCESSOR"]) for facts in records.values_list("facts", flat=True)]
    return list(Address.objects.current().filter(pk__in=uprns).order_by("pk"))


def addresses_at_postcode(postcode: str) -> AddressQuerySet:
    """In natural order; none when the text is no postcode."""
    canonical = parse_postcode(postcode)
    if canonical is None:
        return Address.objects.none()
    return Address.objects.postal().filter(postcode_key=canonical.replace(" ", "")).in_natural_order()


def address_by_uprn(text: str) -> Address | None:
    """A current address by what a form, a link or a file says; never raises."""
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        return None
    return Address.objects.current().filter(uprn=int(text)).first()


def neighbours(point: Point, metres: float) -> AddressQuerySet:
    """Postal addresses within that distance, nearest first."""
    return (
        Address.objects.postal()
        .filter(location__dwithin=(point, D(m=metres)))
        .annotate(distance=Distance("location", point))
        .order_by("distance", "uprn")
    )


def _at_postcode(wanted: AddressQuery, limit: int) -> list[Address]:
    if wanted.postcode:
        there = Address.objects.postal().filter(postcode_key=wanted.postcode.replace(" ", ""))
    else:
        there = Address.objects.postal().filter(postcode_key__startswith=wanted.partial_postcode)
        if not (wanted.words or wanted.number):
            return list(there.order_by("postcode_key", "street", "pao_start_number", "uprn")[:limit])
    if wanted.words:
        named = there.annotate(likeness=TrigramWordSimilarity(wanted.name, "search_text")).filter(
            likeness__gte=POSSIBLE
        )
        there = named if named.exists() else there
    return _numbered(there, wanted, limit)


def _by_name(wanted: AddressQuery, limit: int) -> list[Address]:
    places = _places_like(wanted.name)
    best = places[0].likeness if places else 0  # type: ignore[attr-defined]
    if best >= EXACT and (found := _at_places(places, wanted, limit)):
        return found
    if found := _numbered(_with_all_words(wanted), wanted, limit):
        return found
    return _at_places(places, wanted, limit) if best >= POSSIBLE else []


def _places_like(name: str) -> list[PlaceName]:
    """The streets and buildings most like the name, best first. An index finds the nearest, so that a mistyped name
    costs no more than a right one."""
    nearest = PlaceName.objects.annotate(
        difference=TrigramWordDistance(name, "search_text"),
        likeness=TrigramWordSimilarity(name, "search_text"),
        name_likeness=TrigramSimilarity("name", name),
    ).order_by("difference")[:PLACES_COMPARED]
    places = sorted(nearest, key=_best_first)
    alike = [place for place in places if place.likeness >= places[0].likeness - 0.05]
    return alike[:PLACES_SHOWN]  # type: ignore[return-value]


def _best_first(place: PlaceName) -> tuple[float, float, str]:
    return -round(place.likeness, 2), -place.name_likeness, place.search_text  # type: ignore[attr-defined]


def _at_places(places: list[PlaceName], wanted: AddressQuery, limit: int) -> list[Address]:
    """The addresses at these streets and in these buildings, those of the likest name first."""
    streets = [place for place in places if place.kind == PlaceKind.STREET]
    buildings = [place.name for place in places if place.kind == PlaceKind.BUILDING]
    outside = _on_streets(streets, wanted, limit) if streets else []
    inside = _in_buildings(buildings, wanted, limit) if buildings else []
    first, second = (inside, outside) if places[0].kind == PlaceKind.BUILDING else (outside, inside)
    known = {address.pk for address in first}
    return [*first, *(address for address in second if address.pk not in known)][:limit]


def _on_streets(streets: list[PlaceName], wanted: AddressQuery, limit: int) -> list[Address]:
    keys = [_street_key(street) for street in streets]
    found = (
        Address.objects.postal()
        .alias(key=Concat("street", Value("|"), "locality", Value("|"), "town"))
        .filter(street__in={street.name for street in streets}, key__in=keys)
        .annotate(nearest=_place_in(keys, "key"))
    )
    return _numbered(found, wanted, limit, "nearest")


def _in_buildings(names: list[str], wanted: AddressQuery, limit: int) -> list[Address]:
    named = Q(building__in=names) & ~Q(pao_text="")
    occupied = Q(business__in=names) & ~Q(organisation="")
    found = (
        Address.objects.postal()
        .alias(building=Upper("pao_text"), business=Upper("organisation"))
        .filter(named | occupied)
        .annotate(nearest=Coalesce(_place_in(names, "building"), _place_in(names, "business")))
    )
    return _numbered(found, wanted, limit, "nearest")


def _street_key(place: PlaceName) -> str:
    return f"{place.name}|{place.locality}|{place.town}"


def _place_in(values: list[str], expression: str) -> Func:
    array = Value(values, output_field=ArrayField(TextField()))
    return Func(array, Cast(expression, TextField()), function="array_position", output_field=IntegerField())


def _with_all_words(wanted: AddressQuery) -> AddressQuerySet:
    """Addresses whose line has every word that is long enough for the index: some hundred of them at most."""
    words = [word for word in wanted.words if len(word) >= SHORTEST_WORD]
    if not words:
        return Address.objects.none()
    conditions = Q(*(Q(search_text__contains=word) for word in words))
    some = Address.objects.postal().filter(conditions).values("pk")[:MOST_RANKED]
    return Address.objects.filter(pk__in=some)


def by_other_names(wanted: AddressQuery, limit: int, *, is_alone: bool) -> list[Address]:
    """Today's addresses whose former or other name has every word and number that was typed; when nothing else was
    found, also by a name that is only like it."""
    words = [word for word in wanted.words if len(word) >= SHORTEST_WORD]
    if not words:
        return []
    names = (
        AddressName.objects.filter(address__retired_on=None, address__is_postal=True, address__is_provisional=False)
        .exclude(search_text=F("address__search_text"))
        .select_related("address")
    )
    if wanted.number is not None:
        names = names.filter(search_text__regex=rf"\y{wanted.number}{wanted.suffix}\y")
    if wanted.unit:
        names = names.filter(search_text__regex=rf"\y{wanted.unit}\y")
    if wanted.postcode:
        names = names.filter(address__postcode_key=wanted.postcode.replace(" ", ""))
    found = _called(names.filter(Q(*(Q(search_text__contains=word) for word in words)))[:MOST_RANKED], limit)
    if found or not is_alone:
        return found
    return _called(names.filter(search_text__trigram_word_similar=wanted.name)[:MOST_RANKED], limit)


def _called(names: Iterable[AddressName], limit: int) -> list[Address]:
    found: dict[int, Address] = {}
    for name in names:
        address = found.setdefault(name.address_id, name.address)
        address.known_as = address.known_as or name.one_line
    return sorted(found.values(), key=lambda address: (address.known_as, address.pk))[:limit]


def _numbered(found: AddressQuerySet, wanted: AddressQuery, limit: int, *first: str) -> list[Address]:
    """In natural order, those with the typed number first; the others only where nothing has it."""
    if wanted.number is None and not wanted.unit:
        return list(found.order_by(*first, *NATURAL_ORDER)[:limit])
    number_text = Cast("pao_start_number", CharField())
    ranked = found.annotate(number_text=number_text, rank=_number_rank(wanted))
    best = list(ranked.order_by("rank", *first, *NATURAL_ORDER)[:limit])
    return [address for address in best if address.rank < ELSEWHERE] or best  # type: ignore[return-value]


def _number_rank(wanted: AddressQuery) -> Case:
    """0: flat and house; 1: the house; 2: the same number, another suffix or a range; 3: the number begins so."""
    unit = Q(sao_text__iregex=rf"\y{wanted.unit}\y") | _secondary(wanted.unit) if wanted.unit else Q()
    if wanted.number is None:
        return Case(When(unit, then=0), default=ELSEWHERE, output_field=IntegerField())
    house = Q(pao_start_number=wanted.number)
    exact = house & Q(pao_start_suffix=wanted.suffix)
    within = Q(pao_start_number__lt=wanted.number, pao_end_number__gte=wanted.number)
    typed = f"{wanted.number}{wanted.suffix}"
    alone = Q(sao_text="", sao_start_number=None)
    steps = [When(exact & unit, then=0)] if unit else [When(exact & alone, then=0)]
    steps += [
        When(exact, then=1),
        When(house | within, then=2),
        When(Q(sao_text__iregex=rf"\y{typed}\y") | _secondary(typed), then=3),
    ]
    if not wanted.suffix:
        steps.append(When(number_text__startswith=typed, then=4))
    return Case(*steps, default=ELSEWHERE, output_field=IntegerField())


def _secondary(typed: str) -> Q:
    digits = typed.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return Q(sao_start_number=int(digits), sao_start_suffix=typed[len(digits) :]) if digits.isdigit() else Q(pk=None)
