"""When a message may ring: quiet hours on the clock of London, whichever of its two clocks that is."""

import datetime as dt
from zoneinfo import ZoneInfo

from barnet.customers.reaching.contact_points import ChannelPreference
from barnet.notifications.enums import MessageChannel, Urgency

LONDON = ZoneInfo("Europe/London")
# A telephone on the bedside table: what nobody asked for in the night waits until the morning.
NIGHT = (dt.time(21), dt.time(8))
RINGING = frozenset({MessageChannel.SMS, MessageChannel.PUSH})


def not_before(moment: dt.datetime, *, channel: str, urgency: str, preference: ChannelPreference | None) -> dt.datetime:
    """`moment`, or the end of the quiet hours in which it falls. Hours that somebody chose hold back e-mail, too."""
    hours = _hours(channel, preference)
    if urgency == Urgency.NOW or hours is None or channel in {MessageChannel.INBOX, MessageChannel.LETTER}:
        return moment
    return _end_of_quiet(moment, *hours)


def _hours(channel: str, preference: ChannelPreference | None) -> tuple[dt.time, dt.time] | None:
    if preference and preference.quiet_from is not None and preference.quiet_until is not None:
        return preference.quiet_from, preference.quiet_until
    return NIGHT if channel in RINGING else None


def _end_of_quiet(moment: dt.datetime, quiet_from: dt.time, quiet_until: dt.time) -> dt.datetime:
    local = moment.astimezone(LONDON)
    clock, day = local.time(), local.date()
    if quiet_from < quiet_until:
        if not quiet_from <= clock < quiet_until:
            return moment
    elif quiet_until <= clock < quiet_from:
        return moment
    elif clock >= quiet_from:
        day += dt.timedelta(days=1)
    # A time that the clock skips becomes the one an hour later; of one that comes twice the first counts, unless that
    # has passed.
    first, second = (dt.datetime.combine(day, quiet_until, LONDON).replace(fold=f).astimezone(dt.UTC) for f in (0, 1))
    return first if first >= moment else max(first, second, moment)
