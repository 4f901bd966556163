"""Telling people that their home is on another round now, or that their round goes out on other days.

The import remembers, in its transaction, which homes people know by other days (`remember_moves`): a few statements,
however many homes. `tell_moves` then writes the messages, some homes at a time, and forgets those homes in the same
transaction: told once, whatever is killed when, and not told at all when an import is taken back.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from barnet.customers.models import Customer
from barnet.gazetteer.models import Address
from barnet.kit.wording import day
from barnet.notifications.services import Telling, queue_messages
from portal.waste.enums import Frequency, Stream
from portal.waste.models import Collection, MovedHome, Round, Subscription, ToldCollection
from portal.waste.plan import Plan
from portal.waste.reminding import CREWS_BEGIN, ONE_DAY, take_back_reminders
from portal.waste.schedule import CollectionDay
from portal.waste.subscribing import end_link

HOMES_AT_ONCE = 100
_IN_VIEW = dt.timedelta(days=35)  # two fortnights and a shift
Pattern = tuple[int, int]
Moves = dict[str, MovedHome]  # by stream


def remember_moves(was: Mapping[tuple[int, str], Round]) -> None:
    """These bins (UPRN and stream) were on these rounds until now. Call it in the transaction that moves them.

    It waits for somebody who is telling the people of such a home just now, and then remembers it anew.
    """
    somebody = _homes_of_somebody({uprn for uprn, _stream in was})
    MovedHome.objects.bulk_create(
        [
            MovedHome(address_id=uprn, stream=stream, was_first_on=tour.first_on, was_frequency=tour.frequency)
            for (uprn, stream), tour in sorted(was.items(), key=lambda item: item[0])
            if uprn in somebody
        ],
        batch_size=1000,
        update_conflicts=True,  # the pattern that people know stays
        unique_fields=["address", "stream"],
        update_fields=["moved_at"],
    )


def remember_new_days(was: Round, now: Round) -> None:
    """A round keeps its homes and goes out on other days."""
    if pattern(was.first_on, was.frequency) != pattern(now.first_on, now.frequency):
        homes = Collection.objects.filter(round=was.pk).values_list("address", "stream")
        remember_moves(dict.fromkeys(homes, was))


def pattern(first_on: dt.date, frequency: int) -> Pattern:
    """The same for two rounds that collect on the same days, whenever each began."""
    return frequency, first_on.toordinal() % (7 * frequency)


def _homes_of_somebody(uprns: set[int]) -> set[int]:
    subscribed = Subscription.objects.active().filter(address__in=uprns).values_list("address", flat=True)
    theirs = Customer.objects.filter(address__in=uprns).values_list("address", flat=True)
    return {*subscribed, *theirs}


# --- Telling ----------------------------------------------------------------------------------------------------------


def tell_moves() -> str:
    count = 0
    while (told := _tell_some_homes()) is not None:
        count += told
    return f"{count} people told of new days"


@transaction.atomic
def _tell_some_homes() -> int | None:
    """None when nobody waits to be told."""
    waiting = MovedHome.objects.order_by("address").values_list("address", flat=True).distinct()
    uprns = list(waiting[:HOMES_AT_ONCE])
    if not uprns:
        return None
    # After the lock: of two workers the second finds nothing, and what an import changed meanwhile is read below.
    moves = list(MovedHome.objects.filter(address__in=uprns).order_by("address", "stream").select_for_update())
    lines = _lines(moves)
    count = _tell(_readers(lines), lines)
    MovedHome.objects.filter(pk__in=[move.pk for move in moves]).delete()
    return count


@dataclass(frozen=True)
class _Line:
    move: MovedHome
    words: Callable[[], str]  # in the language of whoever is told


def _lines(moves: Iterable[MovedHome]) -> dict[int, list[_Line]]:
    """What is new, by home."""
    moves = list(moves)
    uprns = {move.address_id for move in moves}
    tours = {
        (collection.address_id, collection.stream): collection.round
        for collection in Collection.objects.filter(address__in=uprns).select_related("round")
    }
    now = timezone.localtime()
    start = now.date() + (ONE_DAY if now.time() >= CREWS_BEGIN else dt.timedelta(0))
    days = Plan(start, start + _IN_VIEW).days_of(uprns)
    found: dict[int, list[_Line]] = defaultdict(list)
    for move in moves:
        tour = tours.get((move.address_id, move.stream))
        if tour is None or pattern(tour.first_on, tour.frequency) != pattern(move.was_first_on, move.was_frequency):
            found[move.address_id].append(_Line(move, partial(_in_words, move, tour, days.get(move.address_id, []))))
    return found


def _in_words(move: MovedHome, tour: Round | None, days: Iterable[CollectionDay]) -> str:
    bin_name, was = Stream(move.stream).label, _rhythm(move.was_first_on, move.was_frequency)
    if tour is None:
        return _("%(bin)s: we do not collect it at this home any more. Until now: %(was)s.") % {
            "bin": bin_name,
            "was": was,
        }
    words = _("%(bin)s: we now collect %(new)s. Until now: %(was)s.") % {
        "bin": bin_name,
        "new": _rhythm(tour.first_on, tour.frequency),
        "was": was,
    }
    coming = next((one.on for one in days if one.stream == move.stream and not one.is_suspended), None)
    return f"{words} {_('The next collection is on %(day)s.') % {'day': day(coming)}}" if coming else words


def _rhythm(first_on: dt.date, frequency: int) -> str:
    weekday = {"weekday": date_format(first_on, "l")}
    if frequency == Frequency.FORTNIGHTLY:
        return _("every other %(weekday)s") % weekday
    return _("every %(weekday)s") % weekday


@dataclass(frozen=True)
class _Reader:
    """Somebody to tell: who asked for reminders, of those bins; or whose saved home it is, of all."""

    address: Address
    customer: Customer | None
    subscription: Subscription | None = None


def _readers(homes: Iterable[int]) -> list[_Reader]:
    """Who ended the reminders of a home is not written to about it."""
    about = Subscription.objects.filter(address__in=homes).select_related("address", "customer__user").order_by("pk")
    subscriptions = list(about)
    known = {(one.customer_id, one.address_id) for one in subscriptions}
    theirs = Customer.objects.filter(address__in=homes).select_related("address", "user").order_by("pk")
    return [
        *(_Reader(one.address, one.customer, one) for one in subscriptions if one.is_active),
        *(
            _Reader(customer.address, customer)
            for customer in theirs
            if customer.address and (customer.pk, customer.address_id) not in known
        ),
    ]


def _tell(readers: Iterable[_Reader], lines: Mapping[int, list[_Line]]) -> int:
    """How many were told."""
    wanted = {reader: theirs for reader in readers if (theirs := _wanted(reader, lines[reader.address.pk]))}
    _take_back_reminders(wanted)
    kinds: dict[str, list[Telling]] = defaultdict(list)
    for reader, theirs in wanted.items():
        kinds["bins-new-days" if reader.subscription else "bins-new-days-home"].append(_telling(reader, theirs))
    return sum(bool(written) for kind, tellings in kinds.items() for written in queue_messages(kind, tellings))


def _wanted(reader: _Reader, lines: Iterable[_Line]) -> list[_Line]:
    subscription = reader.subscription
    return [line for line in lines if subscription is None or line.move.stream in subscription.streams]


def _telling(reader: _Reader, lines: Iterable[_Line]) -> Telling:
    subscription = reader.subscription
    whose = str(subscription.key) if subscription else f"home-{reader.customer.pk if reader.customer else ''}"
    stop = {"stop": end_link(subscription.key)} if subscription else {}
    return Telling(
        key=f"bins-new-days:{timezone.localdate()}:{whose}:{'+'.join(str(line.move.pk) for line in lines)}",
        customer=reader.customer,
        email=subscription.email if subscription else "",
        fields={
            "place": reader.address.one_line,
            "changes": lambda: "\n".join(line.words() for line in lines),
            "link": settings.BASE_URL + reverse("collection_days", args=[reader.address.pk]),
            **stop,
        },
    )


def _take_back_reminders(wanted: Mapping[_Reader, list[_Line]]) -> None:
    moved = {
        reader.subscription.pk: (reader.subscription, {line.move.stream for line in lines})
        for reader, lines in wanted.items()
        if reader.subscription
    }
    reminded = ToldCollection.objects.filter(subscription__in=moved, reminded_on__gte=timezone.localdate())
    take_back_reminders(
        (moved[told.subscription_id][0], told.reminded_on)
        for told in reminded
        if told.reminded_on and told.stream in moved[told.subscription_id][1]
    )
