"""Turns the blocks of a page into plain pieces that one template shows.

The number of queries does not grow with the number of blocks: links, pictures and services of a page are each fetched
once. A block whose target is gone (an unpublished page, a service that is switched off) is left out rather than broken.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.images.models import Filter, Image, Rendition, SourceImageIOError
from wagtail.models import Page
from wagtail.rich_text import RichText, expand_db_html

from barnet.catalogue.models import Service
from barnet.catalogue.selectors import live_services
from cms.blocks import is_current
from cms.enums import AnnouncementLevel

log = structlog.get_logger()

CONTENTS_FROM = 3  # headings
HOME_DEPTH = 2
PICTURE_WIDTHS = (320, 640, 960)
_BETWEEN = "<!--between-->"  # never in rich text: the editor lets no comment through
_PROSE_TAG = re.compile(r"<(p|ul|ol|a)\b(?: data-block-key=\"[^\"]*\")?")
_PROSE_CLASSES = {
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
}


@dataclass
class Piece:
    """One block, ready to show: `kind` says which part of the template, `parts` what it needs."""

    kind: str
    parts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Found:
    """What the blocks of one page refer to, fetched together."""

    request: HttpRequest
    prose: dict[str, SafeString]
    services: dict[str, Service]
    pictures: dict[int, list[Rendition]]

    def html(self, text: RichText | None) -> SafeString:
        return self.prose.get(text.source, mark_safe("")) if text else mark_safe("")

    def url(self, link: Any, *, at_start: bool = False) -> str:
        """The address of a link block, "" when there is nothing to lead to."""
        if link["page"]:
            return link["page"].get_url(self.request) or "" if link["page"].live else ""
        if link["service"]:
            service = self.services.get(link["service"])
            if not service:
                return ""
            return (at_start and service.start_path) or service.get_absolute_url()
        return link["path"]


def announcements(value: Any, request: HttpRequest) -> list[dict[str, Any]]:
    current = [block.value for block in value if is_current(block.value)]
    found = _find(request, prose=[item["text"] for item in current])
    loudest_first = sorted(current, key=lambda item: -AnnouncementLevel.values.index(item["level"]))
    return [
        {
            "level": item["level"],
            "label": AnnouncementLevel(item["level"]).label,
            "title": item["title"],
            "html": found.html(item["text"]),
        }
        for item in loudest_first
    ]


def tasks(value: Any, request: HttpRequest) -> list[dict[str, str]]:
    found = _find(request, links=[block.value["link"] for block in value])
    rows = [
        {"title": block.value["title"], "text": block.value["text"], "url": found.url(block.value["link"])}
        for block in value
    ]
    return [row for row in rows if row["url"]]


def body(value: Any, request: HttpRequest) -> list[Piece]:
    found = _find(
        request,
        prose=list(_prose_of(value)),
        links=[block.value["link"] for block in value if block.block_type == "call_to_action"],
        images=[block.value["image"] for block in value if block.block_type == "picture" and block.value["image"]],
    )
    pieces = (
        Piece(block.block_type, parts)
        for block in value
        if (parts := _PRESENTERS[block.block_type](block.value, found)) is not None
    )
    return _with_anchors(pieces)


def contents(pieces: list[Piece]) -> list[tuple[str, str]]:
    """Text and anchor of each heading, for a page long enough to need a list of them."""
    headings = [(piece.parts["text"], piece.parts["anchor"]) for piece in pieces if piece.kind == "heading"]
    return headings if len(headings) >= CONTENTS_FROM else []


def breadcrumbs(page: Page, request: HttpRequest) -> list[tuple[str, str]]:
    """The pages above this one, the home page first."""
    is_below_home = page.depth == HOME_DEPTH + 1
    above = () if is_below_home else page.get_ancestors().filter(depth__gt=HOME_DEPTH, live=True).order_by("depth")
    return [(str(_("Home")), "/"), *((ancestor.title, ancestor.get_url(request)) for ancestor in above)]


def children(page: Page, request: HttpRequest) -> list[dict[str, str]]:
    if not page.numchild:
        return []
    below = page.get_children().live().public().specific()
    return [
        {"title": child.title, "url": child.get_url(request), "text": getattr(child, "description", "")}
        for child in below
    ]


def _find(
    request: HttpRequest,
    *,
    prose: Iterable[RichText | None] = (),
    links: Iterable[Any] = (),
    images: Iterable[Image] = (),
) -> Found:
    slugs = {link["service"] for link in links if link["service"]}
    services = live_services().filter(slug__in=slugs) if slugs else ()
    return Found(
        request,
        prose=_expand({text.source for text in prose if text}),
        services={service.slug: service for service in services},
        pictures=_renditions(list(images)),
    )


def _expand(sources: set[str]) -> dict[str, SafeString]:
    """Rich text as HTML with our classes; all texts in one go, because each go may query for its links."""
    if not sources:
        return {}
    ordered = list(sources)
    expanded = expand_db_html(_BETWEEN.join(ordered)).split(_BETWEEN)
    return {
        source: mark_safe(_PROSE_TAG.sub(_with_class, html))  # noqa: S308  Wagtail whitelisted it when it was saved
        for source, html in zip(ordered, expanded, strict=True)
    }


def _with_class(match: re.Match[str]) -> str:
    return f'<{match[1]} class="{_PROSE_CLASSES[match[1]]}"'


def _renditions(images: list[Image]) -> dict[int, list[Rendition]]:
    if not images:
        return {}
    filters = [Filter(spec=f"width-{width}|format-webp") for width in PICTURE_WIDTHS]
    made = Rendition.objects.filter(filter_spec__in=[filter_.spec for filter_ in filters])
    prefetch_related_objects(images, Prefetch("renditions", queryset=made, to_attr="prefetched_renditions"))
    return {image.pk: _renditions_of(image, filters) for image in images}


def _renditions_of(image: Image, filters: list[Filter]) -> list[Rendition]:
    """Smallest first; none when the file is gone or cannot be read, so that one picture never breaks a page."""
    try:
        found = image.get_renditions(*filters).values()
    except (SourceImageIOError, OSError) as error:
        log.error("picture_unreadable", image=image.pk, error=str(error))
        return []
    return sorted(found, key=lambda rendition: rendition.width)


def _prose_of(value: Any) -> Iterable[RichText]:
    for block in value:
        if block.block_type in {"paragraph", "inset"}:
            yield block.value
        elif block.block_type == "details":
            yield block.value["text"]
        elif block.block_type == "steps":
            yield from (step["text"] for step in block.value)


def _with_anchors(pieces: Iterable[Piece]) -> list[Piece]:
    taken: dict[str, int] = {}
    ordered = list(pieces)
    for piece in ordered:
        if piece.kind in {"heading", "subheading"}:
            slug = slugify(piece.parts["text"]) or "section"
            taken[slug] = taken.get(slug, 0) + 1
            piece.parts["anchor"] = f"s-{slug}" if taken[slug] == 1 else f"s-{slug}-{taken[slug]}"
    return ordered


def _text(value: str, found: Found) -> dict[str, Any]:
    return {"text": value}


def _prose(value: RichText, found: Found) -> dict[str, Any]:
    return {"html": found.html(value)}


def _details(value: Any, found: Found) -> dict[str, Any]:
    return {"summary": value["summary"], "html": found.html(value["text"])}


def _steps(value: Any, found: Found) -> dict[str, Any]:
    return {"steps": [{"title": step["title"], "html": found.html(step["text"])} for step in value]}


def _table(value: Any, found: Found) -> dict[str, Any]:
    table = value["table"]
    return {
        "caption": value["caption"],
        "has_row_headings": value["has_row_headings"],
        "headings": [column["heading"] for column in table.columns],
        "rows": [row["values"] for row in table.row_data],
    }


def _picture(value: Any, found: Found) -> dict[str, Any] | None:
    image = value["image"]
    renditions = found.pictures.get(image.pk) if image else None
    if not renditions:
        return None
    return {
        "src": renditions[-1],
        "srcset": ", ".join(f"{rendition.url} {rendition.width}w" for rendition in renditions),
        "alt": image.contextual_alt_text or "",
        "caption": value["caption"],
    }


def _contact(value: Any, found: Found) -> dict[str, Any]:
    return {**value, "tel": re.sub(r"[^0-9+]", "", value["phone"] or "")}


def _call_to_action(value: Any, found: Found) -> dict[str, Any] | None:
    url = found.url(value["link"], at_start=True)
    return {"text": value["text"], "url": url} if url else None


def _download(value: Any, found: Found) -> dict[str, Any] | None:
    document = value["document"]
    if not document:
        return None
    return {
        "title": value["title"] or document.title,
        "url": document.url,
        "kind": document.file_extension.upper(),
        "size": filesizeformat(document.get_file_size() or 0),
    }


_PRESENTERS: dict[str, Callable[[Any, Found], dict[str, Any] | None]] = {
    "heading": _text,
    "subheading": _text,
    "paragraph": _prose,
    "inset": _prose,
    "warning": _text,
    "details": _details,
    "steps": _steps,
    "table": _table,
    "picture": _picture,
    "contact": _contact,
    "call_to_action": _call_to_action,
    "download": _download,
}
