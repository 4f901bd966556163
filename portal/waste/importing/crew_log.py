"""What crews logged: an outcome at a property, and the moment at which a round was finished."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from barnet.gazetteer.models import Address
from portal.waste.importing.csv_file import Line, LineError, Tally, in_batches, usable
from portal.waste.importing.words import FINISHED, OUTCOMES
from portal.waste.models import CrewLogEntry, Round, RoundRun

REQUIRED = ("round", "date", "uprn", "outcome", "time")
BATCH = 5000


@dataclass(frozen=True)
class _Logged:
    """One usable line. No UPRN: the round was finished."""

    tour: Round
    on: dt.date
    at: dt.datetime
    outcome: str
    uprn: int | None

    @property
    def key(self) -> tuple[int | None, int, dt.date]:
        return self.uprn, self.tour.pk, self.on


def import_crew_log(lines: Iterable[Line], tally: Tally, *, now: dt.datetime) -> None:
    """Adds what is new. Of two entries for one property, round and day the later one counts, in any order of files."""
    rounds = {tour.code: tour for tour in Round.objects.all()}
    for batch in in_batches(usable(lines, tally, lambda line: _logged(line, rounds, now)), BATCH):
        entries = _at_known_addresses(batch, tally)
        _save_runs([entry for entry in entries if entry.uprn is None], tally)
        _save_entries([entry for entry in entries if entry.uprn is not None], tally)


def _logged(line: Line, rounds: dict[str, Round], now: dt.datetime) -> _Logged:
    code, on = line.text("round", longest=30), line.day("date")
    if code not in rounds:
        raise LineError(f"round {code!r} is not known; import the rounds first")
    tour, outcome = rounds[code], line.choice("outcome", OUTCOMES)
    is_end = outcome == FINISHED
    at = timezone.make_aware(dt.datetime.combine(on, line.time("time", None if is_end else tour.ends_at)))
    if on > timezone.localdate(now) or (is_end and at > now):
        raise LineError(f"{at:%Y-%m-%d %H:%M} is in the future")
    if is_end and line.cells["uprn"]:
        raise LineError("a finished round has no UPRN; leave it empty")
    return _Logged(tour, on, at, outcome, None if is_end else line.uprn())


def _at_known_addresses(batch: list[tuple[Line, _Logged]], tally: Tally) -> list[_Logged]:
    uprns = {logged.uprn for _line, logged in batch if logged.uprn}
    known = set(Address.objects.filter(pk__in=uprns).values_list("pk", flat=True))
    entries = []
    for line, logged in batch:
        if logged.uprn and logged.uprn not in known:
            tally.refuse(line.number, f"UPRN {logged.uprn} is not in the gazetteer")
        else:
            entries.append(logged)
    return entries


def _latest(entries: Iterable[_Logged]) -> list[_Logged]:
    latest: dict[tuple[int | None, int, dt.date], _Logged] = {}
    for entry in sorted(entries, key=lambda entry: entry.at):
        latest[entry.key] = entry
    return list(latest.values())


def _save_runs(ends: list[_Logged], tally: Tally) -> None:
    for end in _latest(ends):
        _run, is_new = RoundRun.objects.update_or_create(round=end.tour, on=end.on, defaults={"finished_at": end.at})
        tally.done["rounds finished" if is_new else "finished rounds known"] += 1


def _save_entries(entries: list[_Logged], tally: Tally) -> None:
    latest = _latest(entries)
    old = {
        (entry.address_id, entry.round_id, entry.on): entry
        for entry in CrewLogEntry.objects.filter(
            address__in={entry.uprn for entry in latest}, on__in={entry.on for entry in latest}
        )
    }
    added = [entry for entry in latest if entry.key not in old]
    changed = [entry for entry in latest if entry.key in old and _is_news(entry, old[entry.key])]
    CrewLogEntry.objects.bulk_create(
        [
            CrewLogEntry(
                address_id=entry.uprn or 0, round=entry.tour, on=entry.on, outcome=entry.outcome, logged_at=entry.at
            )
            for entry in [*added, *changed]
        ],
        update_conflicts=True,
        unique_fields=["address", "round", "on"],
        update_fields=["outcome", "logged_at"],
    )
    tally.done["entries added"] += len(added)
    tally.done["entries changed"] += len(changed)
    tally.done["entries known"] += len(entries) - len(added) - len(changed)


def _is_news(entry: _Logged, old: CrewLogEntry) -> bool:
    return entry.at > old.logged_at or (entry.at == old.logged_at and entry.outcome != old.outcome)
