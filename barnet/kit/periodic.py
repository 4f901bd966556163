"""Work that comes back: every so often, or at a time of the day. Registered here, run by the worker.

    periodic.register("cases: overdue promises", tell_of_overdue, every=timedelta(minutes=15))
    periodic.register("customers: sessions", clear_sessions, at=time(2, 30))  # Europe/London

What is promised (`docs/developers/periodic.md`): each due moment is run once, whatever number of workers; after
a downtime the latest missed moment is caught up, unless `catch_up=False`; a failure is recorded and tried again; two
runs of one job never overlap. The function takes no arguments and may return a short line that says what it did. It
must bear being run again after it was interrupted half way.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
LONGEST_GRACE = dt.timedelta(minutes=10)
NAME = re.compile(r"[a-z0-9]+(?:[-_: .]+[a-z0-9]+)*")

Function = Callable[[], object]


class DuplicateJobError(ValueError):
    """Two jobs under one name: one of them would silently not run."""


class UnknownJobError(LookupError):
    """No job is registered under this name."""


@dataclass(frozen=True)
class Job:
    name: str
    function: Function
    every: dt.timedelta | None
    at: dt.time | None
    catch_up: bool
    timeout: int  # seconds, after which a run is stopped and counts as failed

    def due_before(self, now: dt.datetime) -> dt.datetime:
        """The latest due moment that is not after `now`: the same for every worker that asks."""
        if self.every:
            return EPOCH + (now - EPOCH) // self.every * self.every
        today = self._on(now.astimezone(LONDON).date())
        return today if today <= now else self._on(now.astimezone(LONDON).date() - DAY)

    def due_after(self, now: dt.datetime) -> dt.datetime:
        if self.every:
            return self.due_before(now) + self.every
        today = self._on(now.astimezone(LONDON).date())
        return today if today > now else self._on(now.astimezone(LONDON).date() + DAY)

    def is_missed(self, due: dt.datetime, now: dt.datetime) -> bool:
        """Nobody was there when it was due."""
        return now - due > min(self.every or DAY, LONGEST_GRACE)

    def _on(self, day: dt.date) -> dt.datetime:
        """A time that the clock skips in spring becomes the one an hour later; one that it repeats counts once."""
        assert self.at is not None
        return dt.datetime.combine(day, self.at, tzinfo=LONDON).astimezone(dt.UTC)


_jobs: dict[str, Job] = {}


def register(
    name: str,
    function: Function,
    *,
    every: dt.timedelta | None = None,
    at: dt.time | None = None,
    catch_up: bool = True,
    timeout: int = 600,
) -> None:
    if name in _jobs:
        raise DuplicateJobError(name)
    if len(name) > 100 or not NAME.fullmatch(name):
        raise ValueError(f"{name!r}: use lower-case words, as in 'cases: overdue promises'.")
    if (every is None) == (at is None):
        raise ValueError(f"{name}: say either every= or at=.")
    if every is not None and every < dt.timedelta(seconds=1):
        raise ValueError(f"{name}: not more often than every second.")
    if at is not None and at.tzinfo:
        raise ValueError(f"{name}: the time is London's: give it without a zone.")
    _jobs[name] = Job(name, function, every, at, catch_up, timeout)


def jobs() -> list[Job]:
    return list(_jobs.values())


def job_of(name: str) -> Job:
    try:
        return _jobs[name]
    except KeyError:
        raise UnknownJobError(name) from None
