"""Tests with real transactions leave rows behind. After each, Django empties every table and lays permissions anew,
which takes longer than the test. Here only the tables that hold something are emptied, and what describes the tables
and the roles of staff stays."""

from functools import cache
from typing import Any

import pgtrigger
from django.db import connection, transaction
from django.test import TransactionTestCase

_STAYS = {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


def empty_used_tables(*_case: Any) -> None:
    """Keys are looked at when the transaction ends, so the order does not matter."""
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(_which_are_used())
        used = [connection.ops.quote_name(row[0]) for row in cursor.fetchall()]
        if used:
            cursor.execute("; ".join(f"DELETE FROM {table}" for table in used))


@cache
def _which_are_used() -> str:
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - _STAYS)
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {connection.ops.quote_name(name)})" for name in tables)
    return " UNION ALL ".join(asked)


def install() -> None:
    TransactionTestCase._fixture_teardown = empty_used_tables  # type: ignore[method-assign]
