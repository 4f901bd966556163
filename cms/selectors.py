"""What visitors find."""

import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page
from wagtail.search.query import Fuzzy

from barnet.catalogue import selectors as catalogue
from barnet.catalogue.models import Category, Service
from cms.models import ContentPage
from portal.waste.models import WasteItem
from portal.waste.sorting import selectors as sorting

SERVICES_AT_MOST = 20
ITEMS_AT_MOST = 5  # the search of their own shows more
PAGES_AT_MOST = 100


@dataclass(frozen=True)
class Hit:
    """One line of a result list."""

    kind: str  # "service", "page" or "item"
    title: str
    summary: str
    url: str


def search(text: str, request: HttpRequest) -> list[Hit]:
    """Services first, because they are what people can do, then pages, then things to throw away; by relevance within
    each.

    Words are compared by their stem. When no page holds all of them, pages with words that look alike are given.
    """
    wanted = " ".join(re.findall(r"\w+", text))
    if not wanted:
        return []
    services = list(catalogue.search_services(wanted).only("name", "summary", "slug")[:SERVICES_AT_MOST])
    pages = _search_pages(wanted)
    return [
        *(Hit("service", service.name, service.summary, service.get_absolute_url()) for service in services),
        *(Hit("page", page.title, page.description, page.get_url(request) or "/") for page in pages),
        *(
            Hit("item", item.name, item.summary, item.get_absolute_url())
            for item in sorting.items_with_every_word(wanted)[:ITEMS_AT_MOST]
        ),
    ]


def _search_pages(text: str) -> list[ContentPage]:
    live = ContentPage.objects.live().public().only("title", "search_description", "summary", "url_path")
    return list(live.search(text)[:PAGES_AT_MOST]) or list(live.search(Fuzzy(text))[:PAGES_AT_MOST])


def sitemap_pages() -> QuerySet[Page]:
    return Page.objects.live().public().filter(depth__gt=1).order_by("path")


def sitemap_services() -> QuerySet[Service]:
    return catalogue.live_services().order_by("slug")


def sitemap_categories() -> QuerySet[Category]:
    return catalogue.live_categories().order_by("slug")


def sitemap_items() -> QuerySet[WasteItem]:
    return sorting.all_items().only("slug")
