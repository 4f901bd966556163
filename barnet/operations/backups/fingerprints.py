"""What a table holds, in two numbers: how many rows, and a checksum that does not depend on their order."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

Fingerprints = dict[str, dict[str, Any]]

# Ours, not those of extensions (PostGIS keeps its reference systems in a table).
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""
# The sum of sixty bits of every row's digest: equal for equal rows in any order.
_FINGERPRINT = """
SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint::numeric), 0)::text FROM {} t
"""


def tables(connection: psycopg.Connection[Any]) -> list[str]:
    return [row[0] for row in connection.execute(_TABLES).fetchall()]


def fingerprints(connection: psycopg.Connection[Any]) -> Fingerprints:
    """Text forms must not depend on who asks: the session's time zone and styles are set first."""
    for setting in (
        "TimeZone TO 'UTC'",
        "DateStyle TO 'ISO'",
        "IntervalStyle TO 'postgres'",
        "extra_float_digits TO 1",
    ):
        connection.execute(f"SET {setting}")
    found = {}
    for table in tables(connection):
        row = connection.execute(sql.SQL(_FINGERPRINT).format(sql.Identifier("public", table))).fetchone()
        assert row is not None
        found[table] = {"rows": row[0], "checksum": row[1]}
    return found


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    return [
        f"{table}: expected {expected.get(table, 'no such table')}, found {found.get(table, 'no such table')}"
        for table in sorted({*expected, *found})
        if expected.get(table) != found.get(table)
    ]
