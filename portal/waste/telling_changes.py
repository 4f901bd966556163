"""Telling subscribers that a day changes: each once, whatever is killed when.

`tell_changes` compares what subscribers were told, or could read when they subscribed, with what is true now, for the
next two weeks. It takes back reminders for a day that is no longer the day; the evening before the new day reminds
anew.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.kit.wording import day
from barnet.notifications.services import Telling, queue_messages
from portal.waste.models import HolidayShift, RoundNotice, Subscription, ToldCollection, ToldUpTo
from portal.waste.models.notices import moment_of
from portal.waste.plan import Plan
from portal.waste.reminding import ONE_DAY, state_of, subscriptions_in_batches, take_back_reminders, wanted_days
from portal.waste.schedule import REACH, CollectionDay
from portal.waste.subscribing import end_link

TOLD_AHEAD = dt.timedelta(days=14)


def tell_changes() -> str:
    """Tells everybody whose collections of the next two weeks are no longer what they were told."""
    today = timezone.localdate()
    fingerprint = _fingerprint(today)
    last = ToldUpTo.objects.filter(pk=1).first()
    if last and last.fingerprint == fingerprint:
        return "nothing new"
    plan = Plan(today - ONE_DAY, today + TOLD_AHEAD)
    count = sum(_tell_batch(plan, subscriptions, today) for subscriptions in subscriptions_in_batches())
    ToldUpTo.objects.update_or_create(pk=1, defaults={"fingerprint": fingerprint, "told_at": timezone.now()})
    return f"{count} people told of changes"


def _fingerprint(today: dt.date) -> str:
    """The same as long as there is nothing new to tell. Holds the day: each day one more day comes into view."""
    start, end = today - 2 * REACH, today + TOLD_AHEAD + 2 * REACH
    shifts = HolidayShift.objects.filter(due_on__gte=start, due_on__lt=end).order_by("pk")
    notices = RoundNotice.objects.about(start, end).order_by("pk")
    facts = [list(rows.values_list("pk", "changed_at")) for rows in (shifts, notices)]
    return hashlib.sha256(repr((today if any(facts) else None, facts)).encode()).hexdigest()


Change = tuple[CollectionDay, ToldCollection | None]
Key = tuple[int, str, dt.date]


def _tell_batch(plan: Plan, subscriptions: list[Subscription], today: dt.date) -> int:
    days = plan.days_of({subscription.address_id for subscription in subscriptions})
    told = _told([subscription.pk for subscription in subscriptions], today)
    news = {
        subscription: changes
        for subscription in subscriptions
        if (changes := _news_of(subscription, days.get(subscription.address_id, []), told, today))
    }
    return _tell(news, today) if news else 0


def _news_of(
    subscription: Subscription, days: Iterable[CollectionDay], told: dict[Key, ToldCollection], today: dt.date
) -> list[Change]:
    changes = [(collection, told.get(_key(subscription, collection))) for collection in wanted_days(subscription, days)]
    return [change for change in changes if _is_news(subscription, *change, today)]


def _key(subscription: Subscription, collection: CollectionDay) -> Key:
    return subscription.pk, collection.stream.value, collection.due_on


def _told(keys: list[int], today: dt.date) -> dict[Key, ToldCollection]:
    rows = ToldCollection.objects.filter(subscription__in=keys, due_on__gte=today - 3 * REACH)
    return {(row.subscription_id, row.stream, row.due_on): row for row in rows}


def _is_news(
    subscription: Subscription, collection: CollectionDay, known: ToldCollection | None, today: dt.date
) -> bool:
    """Differs from what they were told; without such a row, from the usual day, unless it was so when they began."""
    if collection.changed_at is None:
        return False
    was_on, was_state = _was(collection, known)
    if (was_on, was_state) == (collection.on, state_of(collection)) or max(was_on, collection.on) < today:
        return False
    return known is not None or bool(subscription.confirmed_at and collection.changed_at > subscription.confirmed_at)


def _was(collection: CollectionDay, known: ToldCollection | None) -> tuple[dt.date, str]:
    return (known.on, known.state) if known else (collection.due_on, "")


@transaction.atomic
def _tell(news: dict[Subscription, list[Change]], today: dt.date) -> int:
    """How many were told: not those whom somebody else told meanwhile, or who ended."""
    claimed = _claim_changes(news, today)
    soon: list[Telling] = []
    later: list[Telling] = []
    for subscription, changes in news.items():
        if fresh := [change for change in changes if _key(subscription, change[0]) in claimed]:
            is_soon = min(min(_was(*change)[0], change[0].on) for change in fresh) <= timezone.localdate() + ONE_DAY
            (soon if is_soon else later).append(_change(subscription, fresh))
    queue_messages("bins-changed-now", soon)
    queue_messages("bins-changed", later)
    return len(soon) + len(later)


def _change(subscription: Subscription, fresh: list[Change]) -> Telling:
    version = hashlib.sha256(repr([(c.stream.value, c.due_on, c.changed_at) for c, _known in fresh]).encode())
    return Telling(
        key=f"bins-changed:{timezone.localdate()}:{subscription.key}:{version.hexdigest()[:24]}",
        customer=subscription.customer,
        email=subscription.email,
        fields={
            "place": subscription.address.one_line,
            "changes": lambda: "\n".join(_in_words(*change) for change in fresh),
            "stop": end_link(subscription.key),
        },
    )


def _claim_changes(news: dict[Subscription, list[Change]], today: dt.date) -> set[Key]:
    """Writes what they are told, and returns what this call was first to write. Reminders for old days are taken back.

    Of two who tell the second waits for the subscription's lock. What it would say of a collection that somebody told
    them of meanwhile may be older than that: it is left out.
    """
    pks = [subscription.pk for subscription in news]
    active = set(
        Subscription.objects.active()
        .filter(pk__in=pks)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .values_list("pk", flat=True)
    )
    told = _told(pks, today)
    by_key = {
        (key, subscription): collection
        for subscription, changes in news.items()
        if subscription.pk in active
        for collection, known in changes
        if _was(collection, told.get(key := _key(subscription, collection))) == _was(collection, known)
    }
    rows = sorted((*key, collection.on, state_of(collection)) for (key, _whose), collection in by_key.items())
    if not rows:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_CHANGES, [list(column) for column in zip(*rows, strict=True)])
        reminded = {(pk, stream, due_on): reminded_on for pk, stream, due_on, reminded_on in cursor.fetchall()}
    take_back_reminders(
        (subscription, on)
        for (key, subscription), collection in by_key.items()
        if (on := reminded.get(key)) and (on != collection.on or collection.is_suspended)
    )
    return set(reminded)


# In the order of `_CLAIM`. One that reminds may write the same row between our look and this.
_CLAIM_CHANGES = """
INSERT INTO waste_toldcollection AS told (subscription_id, stream, due_on, "on", state)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::date[], %s::text[])
ON CONFLICT (subscription_id, stream, due_on) DO UPDATE SET "on" = EXCLUDED."on", state = EXCLUDED.state
    WHERE (told."on", told.state) IS DISTINCT FROM (EXCLUDED."on", EXCLUDED.state)
RETURNING subscription_id, stream, due_on, reminded_on
"""


def _in_words(collection: CollectionDay, known: ToldCollection | None) -> str:
    bin_name, (known_on, _state) = collection.stream.label, _was(collection, known)
    was_on = day(known_on)
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
    if known_on == collection.on:
        return _("%(bin)s, %(day)s: we collect as usual after all.") % {"bin": bin_name, "day": was_on}
    return _("%(bin)s: we collect on %(new)s instead of %(day)s. %(why)s") % {
        "bin": bin_name,
        "new": day(collection.on),
        "day": was_on,
        "why": collection.moved_because,
    }
