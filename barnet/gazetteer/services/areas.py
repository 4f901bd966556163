"""Import of areas: one file holds all areas of its kind from one day on.

Guarantees: a bad feature changes nothing; what cases and others refer to is updated in place; at every moment at most
one vintage of a kind is valid; whatever is derived from areas is worked out again in the same transaction.
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Min, ProtectedError
from django.utils.translation import gettext as _

from barnet.gazetteer.areafiles import BadFeature, ReadArea, read_areas
from barnet.gazetteer.errors import BadFileError
from barnet.gazetteer.models import Area
from barnet.gazetteer.registry import areas_changed

logger = structlog.get_logger(__name__)


@dataclass
class AreaImport:
    """What an import did, or would do. The lists name areas."""

    features: int = 0
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)  # of an earlier vintage: valid until this one begins
    removed: list[str] = field(default_factory=list)  # approximate ones that the file supersedes
    in_use: list[str] = field(default_factory=list)  # approximate ones that something refers to: ended, not removed
    not_in_file: list[str] = field(default_factory=list)  # of the same vintage, left as they are
    recomputed: dict[str, int] = field(default_factory=dict)
    bad: list[BadFeature] = field(default_factory=list)
    is_kept: bool = False


def import_areas(
    path: Path,
    *,
    kind: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    code_field: str = "",
    name_field: str = "",
    layer_name: str = "",
    crs: str = "",
    dry_run: bool = False,
) -> AreaImport:
    """`valid_to`: the first day on which they are valid no more; else they end when a later vintage begins. Raises
    BadFileError for a file that is none."""
    if valid_to and valid_to <= valid_from:
        raise BadFileError(_("was given an end that is not after its beginning."))
    read, bad = read_areas(path, code_field=code_field, name_field=name_field, layer_name=layer_name, crs=crs)
    done = AreaImport(features=len(read) + len(bad), bad=bad)
    if bad:
        return done
    with transaction.atomic():
        _replace(read, kind, valid_from, valid_to, path.name, done)
        done.is_kept = not dry_run
        transaction.set_rollback(dry_run)
    if done.is_kept:
        logger.info("areas_imported", kind=kind, added=len(done.added), updated=len(done.updated))
    return done


def _replace(
    read: list[ReadArea], kind: str, valid_from: dt.date, valid_to: dt.date | None, source: str, done: AreaImport
) -> None:
    existing = list(Area.objects.select_for_update().filter(kind=kind).order_by("pk"))
    ends = [day for day in (valid_to, _next_vintage(kind, valid_from)) if day]
    valid_to = min(ends, default=None)
    for new in read:
        _write(new, _same(existing, new.code, valid_from), kind, valid_from, valid_to, source, done)
    codes = {new.code for new in read}
    superseded = [area for area in existing if area.is_approximate and area.code not in codes]
    for area in existing:
        if area in superseded:
            continue
        if area.valid_from < valid_from and (area.valid_to is None or area.valid_to > valid_from):
            _end(area, valid_from)
            done.ended.append(str(area))
        elif area.valid_from == valid_from and area.code not in codes:
            done.not_in_file.append(str(area))
    for area in superseded:
        _end(area, area.valid_from + dt.timedelta(days=1))
    if done.added or done.updated or done.ended or superseded:
        done.recomputed = areas_changed()
    for area in superseded:
        _remove(area, done)


def _next_vintage(kind: str, valid_from: dt.date) -> dt.date | None:
    later = Area.objects.filter(kind=kind, is_approximate=False, valid_from__gt=valid_from)
    return later.aggregate(first=Min("valid_from"))["first"]


def _same(existing: list[Area], code: str, valid_from: dt.date) -> Area | None:
    """The row of that code and day, else an approximate one of that code, which the file makes exact."""
    of_code = [area for area in existing if area.code == code]
    exact = [area for area in of_code if area.valid_from == valid_from]
    approximate = [area for area in of_code if area.is_approximate]
    return next(iter(exact + approximate), None)


def _write(
    read: ReadArea,
    area: Area | None,
    kind: str,
    valid_from: dt.date,
    valid_to: dt.date | None,
    source: str,
    done: AreaImport,
) -> None:
    wanted: dict[str, Any] = {
        "name": read.name,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "is_approximate": False,
    }
    if area is None:
        Area.objects.create(kind=kind, code=read.code, geometry=read.geometry, source=source, **wanted)
        done.added.append(read.name)
        return
    same = all(getattr(area, name) == value for name, value in wanted.items())
    if same and area.geometry.equals_exact(read.geometry, 0.001):
        done.unchanged.append(read.name)
        return
    for name, value in wanted.items():
        setattr(area, name, value)
    area.geometry, area.source = read.geometry, source
    area.save()
    done.updated.append(read.name)


def _end(area: Area, on: dt.date) -> None:
    area.valid_to = on
    area.save(update_fields=["valid_to"])


def _remove(area: Area, done: AreaImport) -> None:
    try:
        with transaction.atomic():
            area.delete()
        done.removed.append(str(area))
    except ProtectedError:
        done.in_use.append(str(area))
