"""Rounds, containers and what the crews logged lately."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator

from django.utils import timezone

from barnet.gazetteer.models import Address
from demo.places import FIRST_USRN, WARDS
from portal.cases.models import Team
from portal.waste.enums import CrewOutcome, Frequency, Stream
from portal.waste.models import Collection, Container, CrewLogEntry, Round, RoundRun

_BINS = {
    Stream.REFUSE: "Black 240 litre wheeled bin",
    Stream.RECYCLING: "Blue 240 litre wheeled bin",
    Stream.FOOD: "Brown 23 litre food caddy",
    Stream.GARDEN: "Green 240 litre wheeled bin",
}
_FREQUENCIES = {Stream.RECYCLING: Frequency.FORTNIGHTLY, Stream.GARDEN: Frequency.FORTNIGHTLY}
_GARDEN_SHARE = 0.55
_DAYS_LOGGED = 21
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]


def plan_rounds(today: dt.date, crews: list[Team]) -> dict[tuple[str, int, int], Round]:
    """A round per stream, weekday and group of wards, by (stream, weekday, group)."""
    start = today - dt.timedelta(days=today.weekday(), weeks=120)
    rounds: dict[tuple[str, int, int], Round] = {}
    for group in range(len(crews) // 2):
        for weekday in range(len(_DAYS)):
            for number, stream in enumerate(Stream):
                frequency = _FREQUENCIES.get(stream, Frequency.WEEKLY)
                offset = 7 * ((group + number) % 2) if frequency == Frequency.FORTNIGHTLY else 0
                rounds[stream, weekday, group], _ = Round.objects.update_or_create(
                    code=f"{stream}-{_DAYS[weekday][:3].lower()}-{group + 1}",
                    defaults={
                        "name": f"{Stream(stream).label}, {_DAYS[weekday]} {group + 1}",
                        "stream": stream,
                        "weekday": weekday,
                        "frequency": frequency,
                        "first_on": start + dt.timedelta(days=weekday + offset),
                        "ends_at": dt.time(16) if stream == Stream.FOOD else dt.time(17),
                        "crew": crews[(group * 2 + number % 2) % len(crews)],
                    },
                )
    return rounds


def rounds_for(home: Address, rounds: dict[tuple[str, int, int], Round], rng: random.Random) -> Iterator[Round]:
    """The rounds that pass a home: its street has one weekday; flats and some houses have no garden bin."""
    street = (home.usrn or FIRST_USRN) - FIRST_USRN
    weekday, group = (street // len(WARDS)) % len(_DAYS), street % len(WARDS) * 5 // len(WARDS)
    for stream in Stream:
        if stream == Stream.GARDEN and (home.sao_text or rng.random() > _GARDEN_SHARE):
            continue
        yield rounds[stream, weekday, group]


def equip(home: Address, tour: Round) -> tuple[Collection, Container]:
    return (
        Collection(address=home, stream=tour.stream, round=tour),
        Container(
            identifier=f"{tour.stream[:3].upper()}-{home.uprn}",
            address=home,
            stream=tour.stream,
            description=_BINS[Stream(tour.stream)],
        ),
    )


def log_crews(rounds: Iterable[Round], today: dt.date, rng: random.Random, spared: set[int]) -> int:
    """Three weeks of finished rounds, and what crews could not collect: one home in sixty, never a spared one."""
    runs, entries = [], []
    for tour in rounds:
        homes = list(Collection.objects.filter(round=tour).values_list("address_id", flat=True))
        for on in _days(tour, today):
            finished = dt.datetime.combine(on, tour.ends_at) - dt.timedelta(minutes=rng.randrange(10, 150))
            runs.append(RoundRun(round=tour, on=on, finished_at=timezone.make_aware(finished)))
            for uprn in rng.sample(homes, len(homes) // 60):
                if uprn not in spared:
                    outcome = rng.choice(
                        [CrewOutcome.NOT_OUT, CrewOutcome.NOT_OUT, CrewOutcome.CONTAMINATED, CrewOutcome.NO_ACCESS]
                    )
                    at = timezone.make_aware(finished - dt.timedelta(minutes=rng.randrange(5, 300)))
                    entries.append(CrewLogEntry(round=tour, address_id=uprn, on=on, outcome=outcome, logged_at=at))
    RoundRun.objects.bulk_create(runs, batch_size=2000)
    CrewLogEntry.objects.bulk_create(entries, batch_size=2000)
    return len(entries)


def _days(tour: Round, today: dt.date) -> list[dt.date]:
    """The days of the last weeks, before today, on which the round went out."""
    days = [today - dt.timedelta(days=back) for back in range(1, _DAYS_LOGGED + 1)]
    return [day for day in days if (day - tour.first_on).days % (7 * tour.frequency) == 0]
