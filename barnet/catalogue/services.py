"""The services, topics and help points that the portal begins with. What staff edited is never overwritten."""

import datetime as dt
import tomllib
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


@cache
def first_catalogue() -> dict[str, Any]:
    return tomllib.loads(GROUND.read_text(encoding="utf-8"))


@transaction.atomic
def ensure_services() -> str:
    """Makes what is missing. What staff changed stays as it is, their fees and contacts included."""
    first = first_catalogue()
    categories = _ensure_categories(first["category"])
    known = {service.slug: service for service in Service.objects.all()}
    missing = [row for row in first["service"] if row["slug"] not in known]
    for row in missing:
        _write(Service(slug=row["slug"], **_old_facts(row)), row, categories)
    for row in first["service"]:
        service = known.get(row["slug"])
        if service and _was_never_edited_here(service):
            _write(service, row, categories)
    _ensure_help(first)
    return f"{len(first['service'])} services, {len(missing)} new"


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


def _old_facts(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "summary": row["summary"],
        "owner_unit": row["owner"],
        "standard_working_days": row["days"],
        "start_path": row.get("start", ""),
        "search_words": row["words"],
    }


def _write(service: Service, row: dict[str, Any], categories: dict[str, Category]) -> None:
    lgsl = row.get("lgsl")
    service.category = service.category or categories[row["category"]]
    service.body = row["body"]
    service.who_may = row.get("who", "")
    service.channel_policy = ChannelPolicy.SELF_SERVICE if row.get("online") else ChannelPolicy.ANY
    service.lgsl = None if Service.objects.filter(lgsl=lgsl).exists() else lgsl
    service.review_on = timezone.localdate() + _REVIEW_AFTER
    service.review_owner = row["owner"]
    service.save()
    if not service.fees.exists():
        Fee.objects.bulk_create([_fee(service, fee) for fee in row.get("fees", [])])
    if not service.contact_ways.exists():
        ContactWay.objects.bulk_create(
            [
                ContactWay(service=service, kind=kind, label=label, value=value, hours_at=hours, note=note)
                for kind, label, value, hours, note in row.get("contacts", [])
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
