"""The services, topics and help points that the portal begins with. What staff edited is never overwritten."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from barnet.catalogue.enums import ChannelPolicy
from barnet.catalogue.models import Category, ContactWay, Fee, HelpPoint, Service
from barnet.gazetteer.models import OpeningHours

GROUND = Path(__file__).parent / "ground" / "services.toml"
_REVIEW_AFTER = dt.timedelta(days=365)
_NEW_FACTS = ["category", "body", "who_may", "channel_policy", "lgsl", "review_on", "review_owner"]


@cache
def first_catalogue() -> dict[str, Any]:
    return tomllib.loads(GROUND.read_text(encoding="utf-8"))


@transaction.atomic
def ensure_services() -> str:
    """Makes what is missing. What staff changed stays as it is, their fees and contacts included."""
    first = first_catalogue()
    categories = _ensure_categories(first["category"])
    known = {service.slug: service for service in Service.objects.all()}
    rows = {row["slug"]: row for row in first["service"]}
    taken = {service.lgsl for service in known.values()}
    new = [Service(slug=slug, **_old_facts(row)) for slug, row in rows.items() if slug not in known]
    older = [known[slug] for slug in rows if slug in known and _was_never_edited_here(known[slug])]
    for service in (*new, *older):
        _fill(service, rows[service.slug], categories, taken)
    Service.objects.bulk_create(new)
    Service.objects.bulk_update(older, _NEW_FACTS)
    _lay_fees_and_ways((*new, *older), rows)
    _start_new_journeys(rows)
    _ensure_help(first)
    return f"{len(first['service'])} services, {len(new)} new"


def _ensure_categories(rows: list[dict[str, str]]) -> dict[str, Category]:
    for position, row in enumerate(rows, start=1):
        if not Category.objects.filter(name__iexact=row["name"]).exists():
            Category.objects.get_or_create(
                slug=row["slug"], defaults={"name": row["name"], "summary": row["summary"], "position": position * 10}
            )
    by_name = {category.name.lower(): category for category in Category.objects.all()}
    by_slug = {category.slug: category for category in by_name.values()}
    return {row["slug"]: by_slug.get(row["slug"]) or by_name[row["name"].lower()] for row in rows}


def _was_never_edited_here(service: Service) -> bool:
    """Made by a version of the portal that knew less of a service: what it did not know is filled in, nothing else."""
    return service.latest_revision_id is None and service.review_on is None and not service.body


def _start_new_journeys(rows: dict[str, dict[str, Any]]) -> None:
    """A journey that came with a newer version, for services that staff never edited."""
    for slug, row in rows.items():
        if row.get("start"):
            waiting = Service.objects.filter(slug=slug, start_path="", latest_revision=None)
            waiting.update(start_path=row["start"])


def _old_facts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "summary": row["summary"],
        "owner_unit": row["owner"],
        "standard_working_days": row["days"],
        "start_path": row.get("start", ""),
        "search_words": row["words"],
    }


def _fill(service: Service, row: dict[str, Any], categories: dict[str, Category], taken: set[int | None]) -> None:
    service.category = service.category or categories[row["category"]]
    service.body = row["body"]
    service.who_may = row.get("who", "")
    service.channel_policy = ChannelPolicy.SELF_SERVICE if row.get("online") else ChannelPolicy.ANY
    service.lgsl = None if row.get("lgsl") in taken else row.get("lgsl")
    service.review_on = timezone.localdate() + _REVIEW_AFTER
    service.review_owner = row["owner"]


def _lay_fees_and_ways(services: Iterable[Service], rows: dict[str, dict[str, Any]]) -> None:
    Fee.objects.bulk_create([_fee(service, fee) for service in services for fee in rows[service.slug].get("fees", [])])
    ContactWay.objects.bulk_create(
        [
            ContactWay(service=service, kind=kind, label=label, value=value, hours_at=hours, note=note)
            for service in services
            for kind, label, value, hours, note in rows[service.slug].get("contacts", [])
        ]
    )


def _fee(service: Service, row: list[Any]) -> Fee:
    code, label, concession, pence, vat, from_on, to_on = row
    return Fee(
        service=service,
        code=code,
        label=label,
        concession=concession,
        amount=pence,
        vat=vat,
        from_on=dt.date.fromisoformat(from_on),
        to_on=dt.date.fromisoformat(to_on) if to_on else None,
    )


def _ensure_help(first: dict[str, Any]) -> None:
    """Laid once, with the opening hours of places that nobody has entered yet."""
    if HelpPoint.objects.exists():
        return
    HelpPoint.objects.bulk_create([HelpPoint(position=n * 10, **row) for n, row in enumerate(first["help"], start=1)])
    known = {place.lower() for place in OpeningHours.objects.values_list("place", flat=True)}
    OpeningHours.objects.bulk_create(
        [
            OpeningHours(place=row["place"], weekday=weekday, opens_at=row["opens"], closes_at=row["closes"])
            for row in first["hours"]
            if row["place"].lower() not in known
            for weekday in row["weekdays"]
        ]
    )
