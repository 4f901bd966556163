"""Ground data: rows that the portal cannot live without (roles, services, message templates, the website's root).

Each app registers a function in `AppConfig.ready()`; `manage.py prepare` runs them in the order of the map, lowest
first. A function is idempotent, never overwrites what people edited, and may return a short line that says what it
did.

    ground.register("customers: roles", ensure_roles)
"""

from collections.abc import Callable, Iterator

from django.db import connection, transaction

Ensure = Callable[[], object]

_LOCK = 0x62617267  # any number that nobody else uses for an advisory lock
_grounds: dict[str, Ensure] = {}


class DuplicateGroundError(ValueError):
    """Two functions under one name: one of them would silently not run."""


def register(name: str, ensure: Ensure) -> None:
    if name in _grounds:
        raise DuplicateGroundError(name)
    _grounds[name] = ensure


def names() -> list[str]:
    return list(_grounds)


def lay() -> Iterator[tuple[str, str]]:
    """Runs every function in a transaction of its own, one `lay` at a time in the whole installation."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
    try:
        for name, ensure in list(_grounds.items()):
            with transaction.atomic():
                said = ensure()
            yield name, said if isinstance(said, str) else "ready"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
