"""Finding a service by what people really type, and what stands in the catalogue."""

import datetime as dt

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest

from barnet.catalogue.models import Category, Service

ALIKE = 0.5  # more than this share of trigrams: "mised bin" finds "missed bin", "zoo" not "zone"
LONGEST = 200


def live_services() -> QuerySet[Service]:
    return Service.objects.filter(live=True)


def live_categories() -> QuerySet[Category]:
    """Those that hold something."""
    return Category.objects.filter(services__live=True).distinct()


def search_services(text: str) -> QuerySet[Service]:
    """Live services whose name, words, summary or topic hold the words, or nearly; the best first.

    The name and the words that people type count most; between services that hold the words alike, the one that
    reads most alike comes first.
    """
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    if not text:
        return Service.objects.none()
    words = (
        SearchVector("name", weight="A", config="english")
        + SearchVector("search_words", weight="A", config="english")
        + SearchVector("summary", weight="C", config="english")
        + SearchVector(Coalesce("category__name", Value("")), weight="C", config="english")
        + SearchVector("body", weight="D", config="english")
    )
    query = SearchQuery(text, config="english")
    near = Greatest(
        TrigramWordSimilarity(text, "name"),
        TrigramWordSimilarity(text, Concat("search_words", Value(" "), Coalesce("category__name", Value("")))),
    )
    return (
        live_services()
        .annotate(words=words, likeness=near)
        .filter(Q(words=query) | Q(likeness__gt=ALIKE))
        .annotate(score=Cast(SearchRank(F("words"), query), FloatField()) + F("likeness"))
        .order_by("-score", "name")
    )


def due_for_review(on: dt.date) -> QuerySet[Service]:
    """Live services that somebody has to look at by that day, or that nobody ever set a day for."""
    return (
        live_services()
        .filter(Q(review_on__lte=on) | Q(review_on=None))
        .order_by(F("review_on").asc(nulls_first=True), "name")
    )
