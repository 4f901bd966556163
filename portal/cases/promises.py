"""The promise: the day by which a request is dealt with. `docs/decisions/promises-and-pauses.md` says why it is so.

- A promise is the service's standard in working days, counted from the day after the request reached us.
- A pause (we wait for the customer) moves it on by the working days that the pause lasted. Assigning does not touch it.
- A request that is opened again gets a new promise of the full standard, counted from the day on which it was reopened.
"""

import datetime as dt

from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.gazetteer.working_days import add_working_days, working_days_between
from portal.cases.models import Case, Pause


def promise_for(service: Service, on: dt.date) -> dt.date:
    return add_working_days(on, service.standard_working_days)


def begin_pause(case: Case, reason: str) -> Pause:
    return Pause.objects.create(case=case, reason=reason[:300], from_on=timezone.localdate())


def end_pause(case: Case) -> None:
    """Ends the pause that runs, if one does, and moves the promise on. The caller saves the case."""
    pause = Pause.objects.filter(case=case, until_on=None).first()
    if pause is None:
        return
    pause.until_on = max(timezone.localdate(), pause.from_on)
    pause.save(update_fields=["until_on"])
    case.promise_on = moved_on(case.promise_on, pause.from_on, pause.until_on)


def moved_on(promise_on: dt.date, from_on: dt.date, until_on: dt.date) -> dt.date:
    paused = working_days_between(from_on, until_on)
    return add_working_days(promise_on, paused) if paused else promise_on
