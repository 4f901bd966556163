"""Telling 30,000 homes: the evening's reminders, a suspended round, other days from now on; and when nothing changed.

It writes a message for each: run it by name (`BENCH_HOMES=10000` for fewer). Sending them is the bench `notify`.
"""

import datetime as dt
import itertools
import os
import resource
import time
from collections.abc import Callable, Iterator
from unittest import mock

import pgtrigger
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ

from barnet.gazetteer.models import BNG, Address
from barnet.notifications.models import Message
from bench import PrintRow, measure
from portal.waste.enums import NoticeKind
from portal.waste.models import Collection, Round, RoundNotice, Subscription, ToldUpTo
from portal.waste.moving import remember_moves, tell_moves
from portal.waste.notices import NoticeDraft, give_notice
from portal.waste.reminding import remind
from portal.waste.telling_changes import tell_changes

COUNT = int(os.environ.get("BENCH_HOMES", "30000"))
FIRST_UPRN = 999_000_000_000
_PART = 2_000
MONDAY = dt.date(2026, 7, 6)


def run(print_row: PrintRow) -> None:
    _clear()
    _subscribe()
    evening = timezone.make_aware(dt.datetime.combine(MONDAY - dt.timedelta(days=1), dt.time(17)))
    with mock.patch.object(timezone, "now", return_value=evening):
        _say(remind)
        again = measure(lambda _number: remind(), [0])
        print_row("look again when everybody is reminded", again)
        tell_changes()
        print_row("look for changed days, nothing new", measure(lambda _number: tell_changes(), range(5)))
    with mock.patch.object(timezone, "now", return_value=evening + dt.timedelta(hours=1)):
        tour = Round.objects.get(code="bench")
        _suspend(tour)
        _say(tell_changes)  # takes back the reminders, too
        started = time.monotonic()
        with transaction.atomic():
            remember_moves({(uprn, "refuse"): tour for uprn in range(FIRST_UPRN, FIRST_UPRN + COUNT)})
            Round.objects.filter(pk=tour.pk).update(first_on=dt.date(2026, 1, 6), weekday=1)
        print(f"remember that {COUNT} homes have new days: {time.monotonic() - started:.1f} s", flush=True)
        _say(tell_moves)
    _clear()


def _say(work: Callable[[], str]) -> None:
    statements = itertools.count()

    def count(execute: Callable[..., object], *args: object) -> object:
        next(statements)
        return execute(*args)

    before, started = _memory(), time.monotonic()
    with connection.execute_wrapper(count):
        said = work()
    took = time.monotonic() - started
    print(
        f"{said}: {took:.1f} s, {COUNT / took:.0f} a second, {_memory() - before:.0f} MB more memory, "
        f"{next(statements)} statements",
        flush=True,
    )


def _suspend(tour: Round) -> None:
    draft = NoticeDraft(
        kind=NoticeKind.SUSPENDED, round=tour, first_on=MONDAY, last_on=MONDAY, words="Snow.", advice="Leave it out."
    )
    give_notice(draft, source_key="bench", by=None)


def _subscribe() -> None:
    tour = Round.objects.create(code="bench", name="Bench", stream="refuse", weekday=0, first_on=dt.date(2026, 1, 5))
    now = timezone.now() - dt.timedelta(days=365)
    for part in _parts():
        homes = [_home(number) for number in part]
        Address.objects.bulk_create(homes)
        Collection.objects.bulk_create([Collection(address=home, stream="refuse", round=tour) for home in homes])
        Subscription.objects.bulk_create(
            [
                Subscription(address=home, email=f"{home.pk}@example.com", streams=["refuse"], confirmed_at=now)
                for home in homes
            ]
        )


def _parts() -> Iterator[range]:
    return (range(start, min(start + _PART, COUNT)) for start in range(0, COUNT, _PART))


def _home(number: int) -> Address:
    line = f"{number} Bench Street, Barnet, EN5 9ZZ"
    return Address(
        uprn=FIRST_UPRN + number,
        street="BENCH STREET",
        postcode="EN5 9ZZ",
        postcode_key="EN59ZZ",
        one_line=line,
        search_text=line.upper(),
        location=Point(524_000 + number % 500, 196_000 + number // 500, srid=BNG),
    )


def _memory() -> float:
    """The most that this process ever used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _clear() -> None:
    Subscription.objects.filter(address__gte=FIRST_UPRN).delete()
    with pgtrigger.ignore():  # notices are never deleted
        RoundNotice.objects.filter(source_key="bench").delete()
    ToldUpTo.objects.all().delete()
    Collection.objects.filter(round__code="bench").delete()
    Round.objects.filter(code="bench").delete()
    Address.objects.filter(pk__gte=FIRST_UPRN).delete()
    Message.objects.filter(template_key__startswith="bins-").delete()
    OrmQ.objects.all().delete()
