"""Which database connections live: how a worker that took something is known to be gone.

While the database serves the connection with which something was taken, its worker may still write; when the connection
is gone, so is everything that the worker could have written. A process number comes back; with its start it does not.
"""

from django.db import connection

_CONNECTIONS = "SELECT pid || '@' || extract(epoch FROM backend_start) FROM pg_stat_activity"


def living_connections() -> set[str]:
    """Read what was taken before you call this: the other way round, what began in between would look orphaned."""
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        return {row[0] for row in cursor.fetchall()}


def own_connection() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"{_CONNECTIONS} WHERE pid = pg_backend_pid()")
        return cursor.fetchone()[0]
