"""What is tidied up every night."""

import datetime as dt

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_q.models import Task

from barnet.kit import periodic
from barnet.operations.enums import RunState
from barnet.operations.models import PeriodicRun

KEEP_RESULTS = dt.timedelta(days=90)
KEEP_RUNS = dt.timedelta(days=90)
KEEP_FREQUENT_RUNS = dt.timedelta(days=3)  # of what ran well many times a day
# Tables that grow by bulk or swing with the hour, so that the planner's picture of them ages fast.
CHANGING_TABLES = ["django_q_ormq", "django_session", "notifications_message", "notifications_attempt", "cases_case"]


def clear_sessions() -> str:
    call_command("clearsessions", verbosity=0)
    return "expired sessions deleted"


def clear_cache() -> str:
    """The database cache deletes what is expired only when it is full: until then rate limits pile up."""
    cache = caches["default"]
    if not isinstance(cache, DatabaseCache):
        return "nothing to do: the cache forgets by itself"
    table = connection.ops.quote_name(cache._table)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [timezone.now()])  # noqa: S608
        return f"{cursor.rowcount} expired entries deleted"


def clear_task_results() -> str:
    count, _by_model = Task.objects.filter(stopped__lt=timezone.now() - KEEP_RESULTS).delete()
    return f"{count} results older than {KEEP_RESULTS.days} days deleted"


def clear_periodic_runs() -> str:
    now = timezone.now()
    over = PeriodicRun.objects.exclude(state__in=[RunState.WAITING, RunState.RUNNING])
    old, _by_model = over.filter(due_at__lt=now - KEEP_RUNS).delete()
    frequent = (
        over.filter(state=RunState.DONE, due_at__gte=now - KEEP_RUNS, due_at__lt=now - KEEP_FREQUENT_RUNS)
        .exclude(name__in=_rare_jobs())
        .delete()[0]
    )
    return f"{old + frequent} runs deleted"


def _rare_jobs() -> list[str]:
    return [job.name for job in periodic.jobs() if not job.every or job.every >= dt.timedelta(hours=6)]


def analyse() -> str:
    """The database does so by itself when a tenth of a table changed; for big tables that is late."""
    present = set(connection.introspection.table_names())
    tables = [table for table in CHANGING_TABLES if table in present]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
    return f"{len(tables)} tables analysed"
