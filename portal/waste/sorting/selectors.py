"""Finding a thing by what people type, and what its bin means at one home."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchQuery,
    SearchRank,
    TrigramSimilarity,
    TrigramWordSimilarity,
)
from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.functions import Cast

from barnet.gazetteer.models import Address
from portal.waste import selectors as bins
from portal.waste.models import Container, WasteItem
from portal.waste.schedule import REACH, CollectionDay, next_collection
from portal.waste.sorting.enums import Destination

LONGEST = 100
MOST_WORDS = 8
MOST_FOUND = 30
_SHORTEST_ALIKE = 4  # letters: a shorter word is like too many others
# What people type besides the thing. Left out unless nothing else was typed.
_FILLERS = frozenset("a an and the my our some old broken used empty dirty how where what does do go goes bin".split())


@dataclass(frozen=True)
class AtHome:
    """The bin that a thing goes into at one home, and when it is next emptied."""

    containers: list[Container]
    next: CollectionDay | None
    is_collected: bool  # the home is on a round for this bin


def all_items() -> QuerySet[WasteItem]:
    return WasteItem.objects.order_by("name")


def search_items(text: str) -> list[WasteItem]:
    """The best first. Words are compared by their stem, so that plurals are found; a thing that holds one of the words
    is a hit, one that holds more of them comes before it. When nothing holds any, things that read alike are given:
    a typing error. One query, or two.
    """
    wanted = _words(text)
    if not wanted:
        return []
    some_word = reduce(or_, (SearchQuery(word, config="english") for word in wanted.split()))
    return list(_holding(some_word, wanted)[:MOST_FOUND]) or list(_alike(wanted)[:MOST_FOUND])


def items_with_every_word(text: str) -> QuerySet[WasteItem]:
    """For the search of the whole website, where a thing that holds half of what was typed is in the way."""
    wanted = _words(text)
    return _holding(SearchQuery(wanted, config="english"), wanted) if wanted else WasteItem.objects.none()


def _words(text: str) -> str:
    words = re.findall(r"\w+", text.replace("\x00", " ").lower())
    return " ".join(([word for word in words if word not in _FILLERS] or words)[:MOST_WORDS])[:LONGEST]


def _holding(query: SearchQuery | CombinedSearchQuery, wanted: str) -> QuerySet[WasteItem]:
    return (
        WasteItem.objects.filter(search_words=query)
        .annotate(likeness=TrigramWordSimilarity(wanted, "name"), closeness=TrigramSimilarity("name", wanted))
        .annotate(score=Cast(SearchRank(F("search_words"), query), FloatField()) + F("likeness"))
        .order_by("-score", "-closeness", "name")
    )


def _alike(wanted: str) -> QuerySet[WasteItem]:
    """By the operators that the trigram index answers; the threshold is PostgreSQL's own, 0.6."""
    long_words = [word for word in wanted.split() if len(word) >= _SHORTEST_ALIKE]
    if not long_words:
        return WasteItem.objects.none()
    alike = reduce(or_, (Q(search_text__trigram_word_similar=word) for word in long_words))
    return (
        WasteItem.objects.filter(alike)
        .annotate(likeness=TrigramWordSimilarity(wanted, "search_text"))
        .order_by("-likeness", "name")
    )


def at_home(destination: Destination, address: Address, today: dt.date) -> AtHome | None:
    """Nothing for what goes elsewhere than into a bin of the home. Four queries."""
    stream = destination.stream
    if stream is None:
        return None
    tour = next((tour for tour in bins.rounds_of(address) if tour.stream == stream), None)
    containers = [container for container in bins.containers_of(address) if container.stream == stream]
    if tour is None:
        return AtHome(containers, None, is_collected=False)
    shifts, notices = bins.shifts_since(today - REACH), bins.notices_at(address, today)
    return AtHome(containers, next_collection(tour, shifts, today, notices), is_collected=True)
