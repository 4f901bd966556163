"""Rounds and their crews."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from barnet.gazetteer.enums import Weekday
from portal.cases.enums import TeamKind
from portal.cases.models import Team
from portal.waste.importing.csv_file import Line, LineError, Tally, usable
from portal.waste.importing.words import FREQUENCIES, STREAMS, WEEKDAYS
from portal.waste.models import Round
from portal.waste.moving import remember_new_days

REQUIRED = ("code", "name", "stream", "weekday", "frequency", "first_date")
OPTIONAL = ("ends_at", "crew", "crew_name")
_FIELDS = ("name", "weekday", "frequency", "first_on", "ends_at", "crew_id")


def import_rounds(lines: Iterable[Line], tally: Tally) -> None:
    """Adds rounds and changes known ones. A round keeps its stream: another stream is another round."""
    known = {tour.code: tour for tour in Round.objects.all()}
    crews = {team.slug: team for team in Team.objects.all()}
    first_seen: dict[str, int] = {}
    for line, tour in usable(lines, tally, lambda line: _round(line, crews, known, first_seen, tally)):
        first_seen[tour.code] = line.number
        _save(tour, known.get(tour.code), tally)


def _round(
    line: Line, crews: dict[str, Team], known: dict[str, Round], first_seen: dict[str, int], tally: Tally
) -> Round:
    tour = Round(
        code=_slug(line, "code", 30),
        name=line.text("name", longest=80),
        stream=line.choice("stream", STREAMS),
        weekday=line.choice("weekday", WEEKDAYS),
        frequency=line.choice("frequency", FREQUENCIES),
        first_on=line.day("first_date"),
        ends_at=line.time("ends_at", dt.time(18)),
    )
    if tour.code in first_seen:
        raise LineError(f"round {tour.code} is already on line {first_seen[tour.code]}")
    if tour.first_on.weekday() != tour.weekday:
        raise LineError(
            f"first_date {tour.first_on} is a {Weekday(tour.first_on.weekday()).name.capitalize()}, "
            f"not a {Weekday(tour.weekday).name.capitalize()}"
        )
    if tour.code in known and known[tour.code].stream != tour.stream:
        raise LineError(f"round {tour.code} collects {known[tour.code].stream}; give another stream another code")
    tour.crew = _crew(line, crews, tally)
    return tour


def _crew(line: Line, crews: dict[str, Team], tally: Tally) -> Team | None:
    if not line.cells.get("crew"):
        return None
    slug = _slug(line, "crew", 50)
    if slug not in crews:
        name = line.text("crew_name", longest=80, default="")
        if not name:
            raise LineError(f"crew {slug!r} is not known; give its name in crew_name to add it")
        crews[slug] = Team.objects.create(slug=slug, name=name, kind=TeamKind.CREW)
        tally.done["crews added"] += 1
    return crews[slug]


def _slug(line: Line, column: str, longest: int) -> str:
    value = line.text(column, longest=longest)
    try:
        validate_slug(value)
    except ValidationError:
        raise LineError(f"{column} {value!r} may hold only letters, digits, hyphens and underscores") from None
    return value


def _save(tour: Round, old: Round | None, tally: Tally) -> None:
    if old is None:
        tour.save()
        tally.done["rounds added"] += 1
    elif all(getattr(old, name) == getattr(tour, name) for name in _FIELDS):
        tally.done["rounds unchanged"] += 1
    else:
        remember_new_days(old, tour)
        tour.pk = old.pk
        tour.save(force_update=True)
        tally.done["rounds changed"] += 1
