"""How to reach a database that is named by settings like Django's, and to drop it."""

import os
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql


def connection_environment(database: Mapping[str, Any]) -> dict[str, str]:
    """The password goes by the environment: a command line is there for all to read."""
    values = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database.get("NAME"),
    }
    return {**os.environ, **{name: str(value) for name, value in values.items() if value}}


def connect(database: Mapping[str, Any], *, name: str = "", **options: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=database.get("HOST") or None,
        port=database.get("PORT") or None,
        user=database.get("USER") or None,
        password=database.get("PASSWORD") or None,
        dbname=name or database["NAME"],
        **options,
    )


def drop_database(server: psycopg.Connection[Any], name: str) -> None:
    """Whoever is in it is put out. Not by `WITH (FORCE)`: that is refused to a role that is no superuser while
    PostgreSQL tidies up in there (autovacuum), which ends by itself for a plain DROP. Needs autocommit."""
    for _try in range(10):  # who was put out may be back before the door is shut
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [name],
        )
        try:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            return
        except psycopg.errors.ObjectInUse as error:
            in_use = error
    raise in_use
