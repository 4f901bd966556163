"""Finding a service by what people really type."""

from django.contrib.postgres.search import SearchQuery, SearchVector, TrigramWordSimilarity
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Greatest

from barnet.catalogue.models import Service

ALIKE = 0.5  # share of trigrams: "mised bin" finds "missed bin"
LONGEST = 200


def live_services() -> QuerySet[Service]:
    return Service.objects.filter(is_live=True)


def search_services(text: str) -> QuerySet[Service]:
    """Live services whose name, summary or search words hold the words, or nearly; the most alike first."""
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    if not text:
        return Service.objects.none()
    words = SearchVector("name", "summary", "search_words", config="english")
    near = Greatest(
        TrigramWordSimilarity(text, "name"),
        TrigramWordSimilarity(text, Concat("search_words", Value(" "), "category", output_field=TextField())),
    )
    return (
        live_services()
        .annotate(words=words, likeness=near)
        .filter(Q(words=SearchQuery(text, config="english")) | Q(likeness__gte=ALIKE))
        .order_by("-likeness", "name")
    )
