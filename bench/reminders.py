"""The evening's reminders for 30,000 subscribers, and the usual look for changed days when nothing changed.

It writes a message for each: run it by name. Sending them is the bench `messages`.
"""

import datetime as dt
import resource
import time
from collections.abc import Iterator
from unittest import mock

from django.contrib.gis.geos import Point
from django.utils import timezone
from django_q.models import OrmQ

from barnet.gazetteer.models import BNG, Address
from barnet.notifications.models import Message
from bench import PrintRow, measure
from portal.waste.models import Collection, Round, Subscription
from portal.waste.reminding import remind, tell_changes

COUNT = 30_000
FIRST_UPRN = 999_000_000_000
_PART = 2_000
MONDAY = dt.date(2026, 7, 6)


def run(print_row: PrintRow) -> None:
    _clear()
    _subscribe()
    evening = timezone.make_aware(dt.datetime.combine(MONDAY - dt.timedelta(days=1), dt.time(17)))
    with mock.patch.object(timezone, "now", return_value=evening):
        before, started = _memory(), time.monotonic()
        said = remind()
        took = time.monotonic() - started
        print(f"{said}: {took:.0f} s, {COUNT / took:.0f} a second, {_memory() - before:.0f} MB more memory", flush=True)
        again = measure(lambda _number: remind(), [0])
        print_row("look again when everybody is reminded", again)
        tell_changes()
        print_row("look for changed days, nothing new", measure(lambda _number: tell_changes(), range(5)))
    _clear()


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
    Collection.objects.filter(round__code="bench").delete()
    Round.objects.filter(code="bench").delete()
    Address.objects.filter(pk__gte=FIRST_UPRN).delete()
    Message.objects.filter(template_key__startswith="bins-").delete()
    OrmQ.objects.all().delete()
