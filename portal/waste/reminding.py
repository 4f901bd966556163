"""Telling subscribers: the evening before, and when a day changes. Each once, whatever is killed when.

What somebody was told about a collection is a row (`ToldCollection`), claimed in the transaction that writes the
message: both are there or neither. So a job may be run at any time, again, or beside itself.

`remind` works from five in the afternoon until the crews begin at six: a worker that was away catches up, never later.
A reminder that still waits when the crews begin is not sent any more (`is_still_true`).

`tell_changes` compares what subscribers were told, or could read when they subscribed, with what is true now, for the
next two weeks. It takes back reminders for a day that is no longer the day; the evening before the new day reminds
anew.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.kit.wording import day
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Message
from barnet.notifications.services import cancel_messages, queue_message
from portal.waste.models import HolidayShift, RoundNotice, Subscription, ToldCollection, ToldUpTo
from portal.waste.notice_models import moment_of
from portal.waste.plan import Plan
from portal.waste.schedule import REACH, CollectionDay
from portal.waste.subscribing import end_link, names_of

REMIND_FROM = dt.time(17)
QUIET_FROM = dt.time(21)  # after it only silent channels
CREWS_BEGIN = dt.time(6)
TOLD_AHEAD = dt.timedelta(days=14)
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
    for subscriptions in _batches():
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
        if (wanted := _wanted(subscription, days.get(subscription.address_id, []), takes_place=True))
    }
    if not ahead or day_to_remind_of(timezone.now()) != on:
        return 0
    by_pk = {subscription.pk: subscription for subscription in subscriptions}
    with transaction.atomic():
        claimed = _claim_reminders((pk, collection) for pk, found in ahead.items() for collection in found.values())
        for pk, streams in claimed.items():
            _write_reminder(by_pk[pk], [ahead[pk][stream] for stream in streams], on)
    return len(claimed)


def _wanted(
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


def _write_reminder(subscription: Subscription, collections: list[CollectionDay], on: dt.date) -> None:
    is_silent = not REMIND_FROM <= timezone.localtime().time() < QUIET_FROM
    notes = [_note(collection) for collection in collections]
    streams = [collection.stream.value for collection in collections]
    queue_message(
        "bins-reminder-late" if is_silent else "bins-reminder",
        key=f"bins-reminder:{on}:{subscription.key}:{'+'.join(streams)}",
        customer=subscription.customer,
        email=subscription.email,
        fields={
            "bins": names_of(streams),
            "day": day(on),
            "place": subscription.address.one_line,
            "note": "\n".join(dict.fromkeys(note for note in notes if note)) or _("Put them out by 6am."),
            "stop": end_link(subscription.key),
        },
        channels=_SILENT if is_silent else None,
    )


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


# --- A day changes ----------------------------------------------------------------------------------------------------


def tell_changes() -> str:
    """Tells everybody whose collections of the next two weeks are no longer what they were told."""
    today = timezone.localdate()
    fingerprint = _fingerprint(today)
    last = ToldUpTo.objects.filter(pk=1).first()
    if last and last.fingerprint == fingerprint:
        return "nothing new"
    plan = Plan(today - ONE_DAY, today + TOLD_AHEAD)
    count = sum(_tell_batch(plan, subscriptions, today) for subscriptions in _batches())
    ToldUpTo.objects.update_or_create(pk=1, defaults={"fingerprint": fingerprint, "told_at": timezone.now()})
    return f"{count} people told of changes"


def _fingerprint(today: dt.date) -> str:
    """The same as long as there is nothing new to tell. Holds the day: each day one more day comes into view."""
    start, end = today - 2 * REACH, today + TOLD_AHEAD + 2 * REACH
    shifts = HolidayShift.objects.filter(due_on__gte=start, due_on__lt=end).order_by("pk")
    notices = RoundNotice.objects.about(start, end).order_by("pk")
    facts = [list(rows.values_list("pk", "changed_at")) for rows in (shifts, notices)]
    return hashlib.sha256(repr((today if any(facts) else None, facts)).encode()).hexdigest()


def state_of(collection: CollectionDay) -> str:
    if collection.is_suspended:
        return "suspended"
    late = collection.late_notice
    return f"late {late.expected_at.isoformat()}"[:40] if late and late.expected_at else ""


def _tell_batch(plan: Plan, subscriptions: list[Subscription], today: dt.date) -> int:
    days = plan.days_of({subscription.address_id for subscription in subscriptions})
    told = _told([subscription.pk for subscription in subscriptions], today)
    count = 0
    for subscription in subscriptions:
        news = [
            (collection, known)
            for collection in _wanted(subscription, days.get(subscription.address_id, []))
            if _is_news(
                subscription,
                collection,
                known := told.get((subscription.pk, collection.stream.value, collection.due_on)),
                today,
            )
        ]
        count += bool(news) and _tell(subscription, news)
    return count


Key = tuple[int, str, dt.date]


def _told(keys: list[int], today: dt.date) -> dict[Key, ToldCollection]:
    rows = ToldCollection.objects.filter(subscription__in=keys, due_on__gte=today - 3 * REACH)
    return {(row.subscription_id, row.stream, row.due_on): row for row in rows}


def _is_news(
    subscription: Subscription, collection: CollectionDay, known: ToldCollection | None, today: dt.date
) -> bool:
    """Differs from what they were told; without such a row, from the usual day, unless it was so when they began."""
    if collection.changed_at is None:
        return False
    was_on, was_state = (known.on, known.state) if known else (collection.due_on, "")
    if (was_on, was_state) == (collection.on, state_of(collection)) or max(was_on, collection.on) < today:
        return False
    return known is not None or bool(subscription.confirmed_at and collection.changed_at > subscription.confirmed_at)


@transaction.atomic
def _tell(subscription: Subscription, news: list[tuple[CollectionDay, ToldCollection | None]]) -> bool:
    """False when somebody else told them meanwhile, or when they ended."""
    current = Subscription.objects.select_for_update(of=("self",)).active().filter(pk=subscription.pk).first()
    fresh = [(collection, known) for collection, known in news if current and _claim(subscription, collection, known)]
    if not fresh:
        return False
    is_soon = min(min(_was_on(*change), change[0].on) for change in fresh) <= timezone.localdate() + ONE_DAY
    lines = "\n".join(_in_words(*change) for change in fresh)
    version = hashlib.sha256(repr([(c.stream.value, c.due_on, c.changed_at) for c, _known in fresh]).encode())
    queue_message(
        "bins-changed-now" if is_soon else "bins-changed",
        key=f"bins-changed:{timezone.localdate()}:{subscription.key}:{version.hexdigest()[:24]}",
        customer=subscription.customer,
        email=subscription.email,
        fields={"place": subscription.address.one_line, "changes": lines, "stop": end_link(subscription.key)},
    )
    return True


def _was_on(collection: CollectionDay, known: ToldCollection | None) -> dt.date:
    return known.on if known else collection.due_on


def _claim(subscription: Subscription, collection: CollectionDay, known: ToldCollection | None) -> bool:
    """The subscription is locked: nobody else writes these rows. A reminder for the old day is taken back."""
    if known is None:
        ToldCollection.objects.create(
            subscription=subscription,
            stream=collection.stream,
            due_on=collection.due_on,
            on=collection.on,
            state=state_of(collection),
        )
        return True
    claimed = ToldCollection.objects.filter(pk=known.pk, on=known.on, state=known.state).update(
        on=collection.on, state=state_of(collection)
    )
    if claimed and known.reminded_on and (known.reminded_on != collection.on or collection.is_suspended):
        take_back_reminder(subscription, known.reminded_on)
    return bool(claimed)


def take_back_reminder(subscription: Subscription, on: dt.date) -> None:
    """If it has not left. What else it would have reminded of, and still takes place, is reminded of again."""
    if cancel_messages(f"bins-reminder:{on}:{subscription.key}:"):
        subscription.told.filter(reminded_on=on).update(reminded_on=None)


def _in_words(collection: CollectionDay, known: ToldCollection | None) -> str:
    bin_name, was_on = collection.stream.label, day(_was_on(collection, known))
    if collection.is_suspended and collection.notice:
        return _("%(bin)s, %(day)s: we cannot collect. %(why)s %(advice)s") % {
            "bin": bin_name,
            "day": day(collection.on),
            "why": collection.notice.words,
            "advice": collection.notice.advice,
        }
    if collection.late_notice and collection.late_notice.expected_at:
        return _("%(bin)s, %(day)s: the crew is late. We expect it to be done by %(when)s. %(why)s") % {
            "bin": bin_name,
            "day": day(collection.on),
            "when": moment_of(collection.late_notice.expected_at),
            "why": collection.late_notice.words,
        }
    if _was_on(collection, known) == collection.on:
        return _("%(bin)s, %(day)s: we collect as usual after all.") % {"bin": bin_name, "day": was_on}
    return _("%(bin)s: we collect on %(new)s instead of %(day)s. %(why)s") % {
        "bin": bin_name,
        "new": day(collection.on),
        "day": was_on,
        "why": collection.moved_because,
    }


# --- Parts ------------------------------------------------------------------------------------------------------------


def _batches() -> Iterator[list[Subscription]]:
    """By primary key, each batch read anew: constant memory, and nothing is held open between two transactions."""
    last = 0
    found = Subscription.objects.active().select_related("address", "customer__user").order_by("pk")
    while batch := list(found.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk
