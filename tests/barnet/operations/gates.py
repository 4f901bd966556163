"""Gates that a test shuts, so that the processes it started meet where it wants them."""

import contextlib
from collections.abc import Iterator

from django.db import connection

_GATE = 4711


@contextlib.contextmanager
def held_open_transaction(statement: str) -> Iterator[None]:
    """A second connection does this and keeps what it locked until the block ends."""
    keeper = connection.copy()
    try:
        keeper.set_autocommit(False)
        with keeper.cursor() as cursor:
            cursor.execute(statement)
        yield
    finally:
        keeper.close()


def shut_gate() -> contextlib.AbstractContextManager[None]:
    return held_open_transaction(f"SELECT pg_advisory_xact_lock({_GATE})")


def pass_gate() -> None:
    """A task for workers: waits as long as the gate is shut."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_GATE])
