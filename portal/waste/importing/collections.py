"""Which bins stand at which property, and on which rounds the property is.

One line is one bin. A property with two recycling bins has two lines, which name the same round.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from barnet.gazetteer.models import Address
from portal.waste.assisted.devices import note_other_rounds
from portal.waste.enums import Stream
from portal.waste.importing.csv_file import Line, LineError, Tally, in_batches, usable
from portal.waste.importing.words import STREAMS
from portal.waste.models import Collection, Container, Round
from portal.waste.moving import remember_moves

REQUIRED = ("uprn", "stream", "round")
OPTIONAL = ("container", "description")
BATCH = 5000


@dataclass(frozen=True)
class _Bin:
    """One usable line."""

    uprn: int
    tour: Round
    identifier: str
    description: str  # empty: keep what we have

    @property
    def stream(self) -> str:
        return self.tour.stream


@dataclass
class _Seen:
    """What the lines so far said, to find a line that says otherwise."""

    rounds: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)  # → round, line
    bins: dict[str, int] = field(default_factory=dict)  # → line


def import_collections(lines: Iterable[Line], tally: Tally, *, is_complete: bool = False, today: dt.date) -> None:
    """Puts properties on rounds and bins at properties. Complete: what the file does not name ends today."""
    rounds = {tour.code: tour for tour in Round.objects.all()}
    seen = _Seen()
    for batch in in_batches(usable(lines, tally, lambda line: _bin(line, rounds)), BATCH):
        bins = _consistent(batch, seen, tally)
        _save_collections(bins, tally)
        _save_containers(bins, tally)
    if is_complete and not tally.refused:
        _end_the_others(seen, tally, today)


def _bin(line: Line, rounds: dict[str, Round]) -> _Bin:
    uprn, stream, code = line.uprn(), line.choice("stream", STREAMS), line.text("round", longest=30)
    tour = rounds.get(code)
    if tour is None:
        raise LineError(f"round {code!r} is not known; import the rounds first")
    if tour.stream != stream:
        raise LineError(f"round {code} collects {tour.stream}, not {stream}")
    return _Bin(
        uprn=uprn,
        tour=tour,
        identifier=line.text("container", longest=40, default=f"{uprn}-{stream}"),
        description=line.text("description", longest=80, default=""),
    )


def _consistent(batch: list[tuple[Line, _Bin]], seen: _Seen, tally: Tally) -> list[_Bin]:
    """The lines whose property exists and that contradict no earlier line."""
    uprns = {bin_.uprn for _line, bin_ in batch}
    known = set(Address.objects.current().filter(pk__in=uprns).values_list("pk", flat=True))
    bins = []
    for line, bin_ in batch:
        reason = _contradiction(bin_, known, seen)
        if reason:
            tally.refuse(line.number, reason)
            continue
        seen.rounds.setdefault((bin_.uprn, bin_.stream), (bin_.tour.pk, line.number))
        seen.bins[bin_.identifier] = line.number
        bins.append(bin_)
    return bins


def _contradiction(bin_: _Bin, known: set[int], seen: _Seen) -> str:
    if bin_.uprn not in known:
        return f"UPRN {bin_.uprn} is not a current address of the gazetteer"
    if bin_.identifier in seen.bins:
        return f"container {bin_.identifier} is already on line {seen.bins[bin_.identifier]}"
    round_id, line = seen.rounds.get((bin_.uprn, bin_.stream), (bin_.tour.pk, 0))
    if round_id != bin_.tour.pk:
        return f"{bin_.stream} at UPRN {bin_.uprn} is on another round by line {line}"
    return ""


def _save_collections(bins: list[_Bin], tally: Tally) -> None:
    wanted = {(bin_.uprn, bin_.stream): bin_.tour for bin_ in bins}
    old = {
        (uprn, stream): round_id
        for uprn, stream, round_id in Collection.objects.filter(address__in={bin_.uprn for bin_ in bins}).values_list(
            "address", "stream", "round"
        )
    }
    changed = [key for key, tour in wanted.items() if key in old and old[key] != tour.pk]
    added = [key for key in wanted if key not in old]
    if changed:
        tours = Round.objects.in_bulk({old[key] for key in changed})
        remember_moves({key: tours[old[key]] for key in changed})
    Collection.objects.bulk_create(
        [Collection(address_id=key[0], stream=key[1], round=wanted[key]) for key in [*changed, *added]],
        update_conflicts=True,
        unique_fields=["address", "stream"],
        update_fields=["round"],
    )
    note_other_rounds({uprn for uprn, _stream in [*changed, *added]})
    tally.done["collections added"] += len(added)
    tally.done["collections moved to another round"] += len(changed)


def _save_containers(bins: list[_Bin], tally: Tally) -> None:
    old = Container.objects.in_bulk({bin_.identifier for bin_ in bins}, field_name="identifier")
    wanted = [_container(bin_, old.get(bin_.identifier)) for bin_ in bins]
    added = [container for container in wanted if container.identifier not in old]
    changed = [
        container
        for container in wanted
        if container.identifier in old and _parts(container) != _parts(old[container.identifier])
    ]
    Container.objects.bulk_create(
        [*added, *changed],
        update_conflicts=True,
        unique_fields=["identifier"],
        update_fields=["address", "stream", "description", "removed_on"],
    )
    tally.done["bins added"] += len(added)
    tally.done["bins changed"] += len(changed)
    tally.done["bins unchanged"] += len(wanted) - len(added) - len(changed)


def _container(bin_: _Bin, old: Container | None) -> Container:
    description = bin_.description or (old.description if old else _plain_name(bin_.stream))
    return Container(
        identifier=bin_.identifier, address_id=bin_.uprn, stream=bin_.stream, description=description, removed_on=None
    )


@cache
def _plain_name(stream: str) -> str:
    return f"{Stream(stream).label} bin"


def _parts(container: Container) -> tuple[object, ...]:
    return container.address_id, container.stream, container.description, container.removed_on


def _end_the_others(seen: _Seen, tally: Tally, today: dt.date) -> None:
    collections = Collection.objects.values_list("pk", "address", "stream").iterator(BATCH)
    ended = [pk for pk, uprn, stream in collections if (uprn, stream) not in seen.rounds]
    containers = Container.objects.filter(removed_on=None).values_list("pk", "identifier").iterator(BATCH)
    removed = [pk for pk, identifier in containers if identifier not in seen.bins]
    for batch in in_batches(ended, BATCH):
        leaving = Collection.objects.filter(pk__in=batch).select_related("round")
        remember_moves({(one.address_id, one.stream): one.round for one in leaving})
        note_other_rounds({one.address_id for one in leaving})
        Collection.objects.filter(pk__in=batch).delete()
    for batch in in_batches(removed, BATCH):
        Container.objects.filter(pk__in=batch).update(removed_on=today)
    tally.done["collections ended"] += len(ended)
    tally.done["bins removed"] += len(removed)
