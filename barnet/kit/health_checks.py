"""What the kit itself checks before it calls the portal ready."""

import secrets

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from barnet.kit import health

_seen: dict[str, bool] = {}  # what cannot become untrue again while this process lives


def check_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return "ok"


def check_migrations() -> str:
    if not _seen.get("migrations"):
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            raise health.NotReadyError(f"{waiting} migrations are not applied")
        _seen["migrations"] = True
    return "applied"


def check_storage() -> str:
    for alias in ("default", "private"):
        storage = storages[alias]
        name = storage.save(f"health/{secrets.token_hex(8)}.txt", ContentFile(b"ok"))
        storage.delete(name)
    return "writable"


def check_cache() -> str:
    key, value = f"health:{secrets.token_hex(4)}", secrets.token_hex(4)
    cache.set(key, value, 10)
    found = cache.get(key)
    cache.delete(key)
    if found != value:
        raise health.NotReadyError("the cache does not give back what it was given")
    return "ok"


def register_checks() -> None:
    health.register("database", check_database)
    health.register("migrations", check_migrations)
    health.register("storage", check_storage)
    health.register("cache", check_cache)
