"""Collections as an iCalendar feed (RFC 5545) to which a calendar program subscribes.

An event's UID is made of the property, the stream and the day that the pattern gives, before any shift or notice: a
collection that is moved is the same event on another day, a suspended one the same event, cancelled. DTSTAMP,
LAST-MODIFIED and SEQUENCE say when it changed last and only grow (`docs/decisions/collection-event-identity.md`). The
same facts give the same bytes: nobody fetches them twice.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Alarm, Calendar, Event

from barnet.gazetteer.models import Address
from portal.waste.schedule import CollectionDay

_EPOCH = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # the state before any change
_SECOND = dt.timedelta(seconds=1)
_DAILY = "P1D"
_LAYOUT = 2  # grows when `feed` writes something else for the same facts


class Reminder(StrEnum):
    """When the calendar program reminds of a collection."""

    NONE = ""
    EVENING = "evening"
    MORNING = "morning"

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]

    @property
    def trigger(self) -> dt.timedelta:
        """From midnight at the start of the day."""
        return _TRIGGERS[self]


_LABELS = {
    Reminder.NONE: gettext_lazy("No reminder"),
    Reminder.EVENING: gettext_lazy("At 7pm the evening before"),
    Reminder.MORNING: gettext_lazy("At 6am on the day"),
}
_TRIGGERS = {Reminder.EVENING: dt.timedelta(hours=-5), Reminder.MORNING: dt.timedelta(hours=6)}


def feed(address: Address, days: Iterable[CollectionDay], reminder: Reminder = Reminder.NONE) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Barnet portal//Bin collections//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Bin collections at %(address)s") % {"address": address.one_line})
    calendar.add("refresh-interval", dt.timedelta(days=1), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _DAILY)
    for day in days:
        calendar.add_component(_event(address, day, reminder))
    return calendar.to_ical()


def fingerprint(address: Address, days: Iterable[CollectionDay], reminder: Reminder) -> str:
    """Differs when the feed does. It costs a hundredth of the feed, and most programs ask every day for nothing new."""
    shown = [(day.stream.value, day.on, day.due_on, day.changed_at, _description(day)) for day in days]
    facts = repr((_LAYOUT, address.pk, address.one_line, reminder.value, shown))
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


def uid(address: Address, day: CollectionDay) -> str:
    return f"{address.uprn}-{day.stream.value}-{day.due_on:%Y%m%d}@collections.barnet"


def _event(address: Address, day: CollectionDay, reminder: Reminder) -> Event:
    changed_at = day.changed_at.astimezone(dt.UTC).replace(microsecond=0) if day.changed_at else _EPOCH
    event = Event()
    event.add("uid", uid(address, day))
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", max((changed_at - _EPOCH) // _SECOND, 0))
    event.add("dtstart", day.on)
    event.add("dtend", day.on + dt.timedelta(days=1))
    event.add("summary", _summary(day))
    if description := _description(day):
        event.add("description", description)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if day.is_suspended else "CONFIRMED")
    if reminder and not day.is_suspended:
        event.add_component(_alarm(day, reminder))
    return event


def _summary(day: CollectionDay) -> str:
    """Some programs show a cancelled event like any other: the title says it, too."""
    words = _("No %(bin)s collection") if day.is_suspended else _("%(bin)s collection")
    return words % {"bin": day.stream.label}


def _description(day: CollectionDay) -> str:
    lines = []
    if day.is_moved:
        lines.append(_("Moved from %(day)s: %(reason)s.") % _moved(day, day.moved_because))
    if day.is_suspended and day.notice:
        lines += [day.notice.words, day.notice.advice]
    elif day.late_notice:
        lines += [day.late_notice.sentence, day.late_notice.words]
    return "\n".join(line for line in lines if line)


def _moved(day: CollectionDay, reason: str) -> dict[str, str]:
    return {"day": f"{day.due_on:%A} {day.due_on.day} {day.due_on:%B}", "reason": reason.rstrip(".")}


def _alarm(day: CollectionDay, reminder: Reminder) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Put out: %(bin)s") % {"bin": day.stream.label})
    alarm.add("trigger", reminder.trigger)
    return alarm
