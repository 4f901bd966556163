"""A provider's limit, kept by all workers together: one row that each moves on by one message's share of a minute.

The row says when the next message may go. A worker moves it in one statement and then waits for its own turn, so that
the order is fair and no worker needs to know of the others. In any sixty seconds no more than the limit goes through.
"""

import datetime as dt
from typing import Any

from django.db import connection

BURST = 20  # messages that may go at once after a quiet time

_TAKE = """
INSERT INTO notifications_throttle AS t (key, free_at)
VALUES (%(key)s, clock_timestamp() - %(burst)s * %(step)s + %(step)s)
ON CONFLICT (key) DO UPDATE
   SET free_at = GREATEST(t.free_at, clock_timestamp() - %(burst)s * %(step)s) + %(step)s
 WHERE GREATEST(t.free_at, clock_timestamp() - %(burst)s * %(step)s) <= clock_timestamp() + %(longest)s
RETURNING extract(epoch FROM free_at - %(step)s - clock_timestamp())
"""


def seconds_to_turn(key: str, *, per_minute: int, longest: float) -> float | None:
    """How long to wait before sending; None, and no turn is taken, when it would be longer than `longest` seconds."""
    burst = min(BURST, per_minute // 2)
    step = 60 / max(per_minute - burst - 1, 1)
    values: dict[str, Any] = {"key": key, "burst": burst, "step": _interval(step), "longest": _interval(longest)}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        row = cursor.fetchone()
    return None if row is None else max(0.0, float(row[0]))


def hold_back(key: str, *, seconds: float) -> None:
    """The provider says that it is too much: nobody sends for a while."""
    values: dict[str, Any] = {"key": key, "pause": _interval(seconds)}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notifications_throttle AS t (key, free_at) VALUES (%(key)s, clock_timestamp() + %(pause)s)
            ON CONFLICT (key) DO UPDATE SET free_at = GREATEST(t.free_at, clock_timestamp() + %(pause)s)
            """,
            values,
        )


def _interval(seconds: float) -> dt.timedelta:
    return dt.timedelta(seconds=seconds)
