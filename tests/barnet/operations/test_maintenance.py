import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_q.models import Task

from barnet.kit import periodic
from barnet.operations import maintenance
from barnet.operations.enums import RunState
from barnet.operations.models import PeriodicRun

DAY = dt.timedelta(days=1)


@pytest.mark.django_db
def test_expired_sessions_go_and_others_stay():
    now = timezone.now()
    for key, expires in {"old": now - DAY, "new": now + DAY}.items():
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    maintenance.clear_sessions()
    assert [session.pk for session in Session.objects.all()] == ["new"]


@pytest.mark.django_db
def test_expired_cache_entries_go(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    call_command("createcachetable", verbosity=0)
    from django.core.cache import cache

    cache.set("stays", 1, 1000)
    cache.set("goes", 1, 1000)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache SET expires = now() - interval '1 hour' WHERE cache_key LIKE '%%goes'")
    assert maintenance.clear_cache() == "1 expired entries deleted"
    assert cache.get("stays") == 1


@pytest.mark.django_db
def test_old_results_of_tasks_go():
    now = timezone.now()
    for name, stopped in {"old": now - 91 * DAY, "new": now - DAY}.items():
        Task.objects.create(id=name, name=name, func="x", started=stopped, stopped=stopped, success=False)
    assert maintenance.clear_task_results() == "1 results older than 90 days deleted"
    assert Task.objects.get().name == "new"


@pytest.mark.django_db
def test_runs_are_kept_while_they_tell_something(monkeypatch):
    monkeypatch.setattr(periodic, "_jobs", {})
    periodic.register("often", lambda: None, every=dt.timedelta(minutes=1))
    periodic.register("nightly", lambda: None, at=dt.time(2))
    now = timezone.now()
    for name, days, state in [
        ("often", 1, RunState.DONE),
        ("often", 4, RunState.DONE),  # goes
        ("often", 5, RunState.FAILED),
        ("nightly", 4, RunState.DONE),
        ("nightly", 91, RunState.DONE),  # goes
        ("nightly", 92, RunState.WAITING),
    ]:
        PeriodicRun.objects.create(name=name, due_at=now - days * DAY, state=state)
    assert maintenance.clear_periodic_runs() == "2 runs deleted"
    left = {(run.name, (now - run.due_at).days) for run in PeriodicRun.objects.all()}
    assert left == {("often", 1), ("often", 5), ("nightly", 4), ("nightly", 92)}


@pytest.mark.django_db
def test_changing_tables_are_analysed():
    assert maintenance.analyse() == f"{len(maintenance.CHANGING_TABLES)} tables analysed"
