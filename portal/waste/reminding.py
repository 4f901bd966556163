"""Reminding subscribers the evening before: each once, whatever is killed when.

What somebody was told about a collection is a row (`ToldCollection`), claimed in the transaction that writes the
message: both are there or neither. So a job may be run at any time, again, or beside itself.

`remind` works from five in the afternoon until the crews begin at six: a worker that was away catches up, never later.
A reminder that still waits when the crews begin is not sent any more (`is_still_true`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.kit.wording import day
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Message
from barnet.notifications.services import Telling, cancel_events, queue_messages
from portal.waste.models import Subscription, ToldCollection
from portal.waste.plan import Plan
from portal.waste.schedule import CollectionDay
from portal.waste.subscribing import end_link, names_of

REMIND_FROM = dt.time(17)
QUIET_FROM = dt.time(21)  # after it only silent channels
CREWS_BEGIN = dt.time(6)
BATCH = 200
ONE_DAY = dt.timedelta(days=1)
_SILENT = [MessageChannel.EMAIL, MessageChannel.INBOX]


# --- The evening before -----------------------------------------------------------------------------------------------


def remind() -> str:
    """Reminds everybody who has a collection ahead and was not reminded of it."""
    on = day_to_remind_of(timezone.now())
    if on is None:
        return "not the time"
    plan, count = Plan(on, on + ONE_DAY), 0
    for subscriptions in subscriptions_in_batches():
        count += _remind_batch(plan, subscriptions, on)
    return f"{count} reminders for {on}"


def day_to_remind_of(now: dt.datetime) -> dt.date | None:
    local = timezone.localtime(now)
    if local.time() >= REMIND_FROM:
        return local.date() + ONE_DAY
    return local.date() if local.time() < CREWS_BEGIN else None


def _remind_batch(plan: Plan, subscriptions: list[Subscription], on: dt.date) -> int:
    days = plan.days_of({subscription.address_id for subscription in subscriptions})
    ahead = {
        subscription.pk: {collection.stream.value: collection for collection in wanted}
        for subscription in subscriptions
        if (wanted := wanted_days(subscription, days.get(subscription.address_id, []), takes_place=True))
    }
    if not ahead or day_to_remind_of(timezone.now()) != on:
        return 0
    by_pk = {subscription.pk: subscription for subscription in subscriptions}
    with transaction.atomic():
        claimed = _claim_reminders((pk, collection) for pk, found in ahead.items() for collection in found.values())
        _write_reminders([(by_pk[pk], [ahead[pk][name] for name in streams]) for pk, streams in claimed.items()], on)
    return len(claimed)


def wanted_days(
    subscription: Subscription, days: Iterable[CollectionDay], *, takes_place: bool = False
) -> list[CollectionDay]:
    return [
        collection
        for collection in days
        if collection.stream in subscription.streams and not (takes_place and collection.is_suspended)
    ]


def _claim_reminders(reminders: Iterable[tuple[int, CollectionDay]]) -> dict[int, list[str]]:
    """Writes that they are reminded, and returns the streams, by subscription, that this call was first to write."""
    rows = [(pk, day.stream.value, day.due_on, day.on, state_of(day), day.on) for pk, day in reminders]
    claimed: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [list(column) for column in zip(*sorted(rows), strict=True)])
        for pk, stream in cursor.fetchall():
            claimed[pk].append(stream)
    return {pk: sorted(streams) for pk, streams in claimed.items()}


# In one order, so that two claims never wait for each other; that of an ended subscription is not made.
_CLAIM = """
INSERT INTO waste_toldcollection AS told (subscription_id, stream, due_on, "on", state, reminded_on)
SELECT wanted.* FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::date[], %s::text[], %s::date[])
    AS wanted (subscription_id, stream, due_on, "on", state, reminded_on)
JOIN waste_subscription s ON s.id = wanted.subscription_id AND s.ended_at IS NULL AND s.confirmed_at IS NOT NULL
ON CONFLICT (subscription_id, stream, due_on) DO UPDATE SET reminded_on = EXCLUDED.reminded_on
    WHERE told.reminded_on IS DISTINCT FROM EXCLUDED.reminded_on
RETURNING subscription_id, stream
"""


def _write_reminders(reminders: Iterable[tuple[Subscription, list[CollectionDay]]], on: dt.date) -> None:
    is_silent = not REMIND_FROM <= timezone.localtime().time() < QUIET_FROM
    queue_messages(
        "bins-reminder-late" if is_silent else "bins-reminder",
        [_reminder(subscription, collections, on) for subscription, collections in reminders],
        channels=_SILENT if is_silent else None,
    )


def _reminder(subscription: Subscription, collections: list[CollectionDay], on: dt.date) -> Telling:
    streams = [collection.stream.value for collection in collections]
    return Telling(
        key=f"{_reminder_key(subscription, on)}{'+'.join(streams)}",
        customer=subscription.customer,
        email=subscription.email,
        fields={
            "bins": lambda: names_of(streams),
            "day": on,
            "place": subscription.address.one_line,
            "note": lambda: _notes(collections),
            "stop": end_link(subscription.key),
        },
    )


def _reminder_key(subscription: Subscription, on: dt.date) -> str:
    """With which the keys of the reminders for that day begin."""
    return f"bins-reminder:{on}:{subscription.key}:"


def _notes(collections: Iterable[CollectionDay]) -> str:
    notes = [_note(collection) for collection in collections]
    return "\n".join(dict.fromkeys(note for note in notes if note)) or _("Put them out by 6am.")


def _note(collection: CollectionDay) -> str:
    if collection.late_notice:
        return f"{collection.late_notice.sentence} {collection.late_notice.words}"
    if collection.is_moved:
        return _("Put them out by 6am. This is not the usual day: moved from %(day)s (%(why)s).") % {
            "day": day(collection.due_on),
            "why": collection.moved_because.rstrip("."),
        }
    return ""


def is_still_true(message: Message) -> bool:
    """Asked right before a reminder is sent: once the crews have begun it would only annoy."""
    on = dt.date.fromisoformat(message.idempotency_key.split(":")[1])
    return timezone.now() < timezone.make_aware(dt.datetime.combine(on, CREWS_BEGIN))


def take_back_reminders(reminders: Iterable[tuple[Subscription, dt.date]]) -> None:
    """Those that have not left. What else they would have reminded of, and still takes place, is reminded of again."""
    keys = {_reminder_key(subscription, on): (subscription, on) for subscription, on in reminders}
    taken_back: dict[dt.date, list[Subscription]] = defaultdict(list)
    for key in cancel_events(keys):
        subscription, on = keys[key]
        taken_back[on].append(subscription)
    for on, theirs in taken_back.items():
        ToldCollection.objects.filter(subscription__in=theirs, reminded_on=on).update(reminded_on=None)


# --- Parts ------------------------------------------------------------------------------------------------------------


def state_of(collection: CollectionDay) -> str:
    if collection.is_suspended:
        return "suspended"
    late = collection.late_notice
    return f"late {late.expected_at.isoformat()}"[:40] if late and late.expected_at else ""


def subscriptions_in_batches() -> Iterator[list[Subscription]]:
    """By primary key, each batch read anew: constant memory, and nothing is held open between two transactions."""
    last = 0
    found = Subscription.objects.active().select_related("address", "customer__user").order_by("pk")
    while batch := list(found.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk
