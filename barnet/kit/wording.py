"""How dates and money read on screen and in messages: `Monday 23 November 2026`, `4:05pm`, `£1,234.50`.

In another language than English the months and days are its own, and the clock is the one that it uses.
"""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format, time_format

from barnet.kit.languages import is_english

Moment = dt.date | dt.datetime | None
DATE = "j E Y"  # E: the month as it reads after a day, which is another word in Polish


def day(when: Moment) -> str:
    """Monday 23 November 2026"""
    return _written(when, "l j E Y")


def date_long(when: Moment) -> str:
    """23 November 2026"""
    return _written(when, DATE)


def moment(when: Moment) -> str:
    """23 November 2026, 4:05pm; a date without time reads as a date."""
    if not isinstance(when, dt.datetime):
        return date_long(when)
    local = _local(when)
    return f"{date_format(local, DATE)}, {clock(local.time())}"


def clock(time: dt.time) -> str:
    """4:05pm, 4pm, midday, midnight"""
    if not is_english():
        return time_format(time, "TIME_FORMAT")
    named = {dt.time(0, 0): "midnight", dt.time(12, 0): "midday"}.get(time.replace(second=0, microsecond=0))
    if named:
        return named
    hour = time.hour % 12 or 12
    minutes = f":{time.minute:02}" if time.minute else ""
    return f"{hour}{minutes}{'am' if time.hour < 12 else 'pm'}"


def money(pence: int | None) -> str:
    """£1,234.50 from 123450 pence"""
    if pence is None or pence == "":
        return ""
    pounds, rest = divmod(abs(int(pence)), 100)
    return f"{'−' if int(pence) < 0 else ''}£{pounds:,}.{rest:02}"


def _written(when: Moment, pattern: str) -> str:
    if not isinstance(when, dt.date):
        return ""
    return date_format(_local(when) if isinstance(when, dt.datetime) else when, pattern)


def _local(when: dt.datetime) -> dt.datetime:
    return timezone.localtime(when) if timezone.is_aware(when) else when
