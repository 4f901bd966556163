"""Waiting for a fact, never for a time."""

import time
from collections.abc import Callable

import pytest
from django.db import connection

LONG = 120  # seconds: a busy machine gets them, a broken product is the only one to need them

_WAITERS = """
SELECT count(*) FROM pg_locks JOIN pg_stat_get_activity(NULL) AS backend USING (pid)
WHERE NOT granted AND backend.datid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def wait_for(is_true: Callable[[], object], what: str, *, seconds: float = LONG) -> None:
    until = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > until:
            pytest.fail(f"{seconds} seconds were not enough for {what}.")
        time.sleep(0.05)


def waits_for_a_lock() -> bool:
    """Whether some connection to this database waits for a lock that another one holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # inside a transaction the first look would stay
        cursor.execute(_WAITERS)
        return cursor.fetchone()[0] > 0
