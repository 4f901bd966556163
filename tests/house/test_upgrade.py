"""A database of an early release, with rows in it, becomes today's: nothing is lost, nobody may do more than before."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from barnet.operations.backups.databases import drop_database
from tests.barnet.notifications.workers import ENVIRONMENT

DATABASE = f"test_portal_upgrade_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"

OLD_ROWS = """
INSERT INTO catalogue_service
    (id, slug, name, summary, category, owner_unit, standard_working_days, start_path, search_words, is_live)
VALUES (1, 'missed-bin', 'Missed bin', 'Tell us.', 'Bins and recycling', 'Street Scene', 2, '/bins/', '', true),
       (2, 'old-skip', 'Hire a skip', 'No longer.', 'Bins and recycling', 'Street Scene', 5, '', '', false),
       (3, 'parking', 'Parking permits', 'Park.', 'Parking', 'Parking', 5, '', '', true);
INSERT INTO customers_user
    (id, password, is_superuser, is_staff, is_active, first_name, last_name, date_joined, email)
VALUES (1, '!', false, false, true, '', '', now(), 'asha@example.com');
INSERT INTO customers_customer
    (id, kind, user_id, name, email, phone, address_text, created_at, submission_key)
VALUES (1, 'person', 1, 'Asha Owner', 'asha@example.com', '07700 900123', '', now(), ''),
       (2, 'person', NULL, 'Ben Delegate', 'ben@example.com', '', '', now(), ''),
       (3, 'person', NULL, 'Cara Stranger', '', '', '', now(), '');
INSERT INTO customers_delegation
    (id, principal_id, delegate_id, service_id, evidence, starts_on, ends_on, revoked_at)
VALUES (1, 1, 2, 1, 'Letter seen', '2026-01-01', NULL, NULL),
       (2, 1, 2, 3, 'Letter seen', '2026-01-01', NULL, NULL),
       (3, 1, 2, NULL, 'Old letter', '2020-01-01', NULL, '2021-01-01T00:00Z'),
       (4, 3, 2, NULL, 'Letter seen', '2026-01-01', '2027-01-01', NULL),
       (5, 1, 3, 1, 'Letter seen', '2026-01-01', NULL, NULL),
       (6, 1, 3, NULL, 'Letter seen', '2026-02-01', '2026-03-01', NULL);
"""

Ask = Callable[[str], list[tuple]]


def manage(*command: str) -> None:
    environment = os.environ | ENVIRONMENT | {"WORKER_DATABASE": DATABASE}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def connect(name: str) -> psycopg.Connection:
    return psycopg.connect(**connection.get_connection_params() | {"dbname": name, "autocommit": True})


@pytest.fixture
def upgraded():
    """The tables as they were before a service had a draft and an authority a scope; then everything since."""
    with closing(connect("postgres")) as server:
        drop_database(server, DATABASE)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        try:
            manage("migrate", "customers", "0006", "--verbosity=0")
            with closing(connect(DATABASE)) as old:
                assert not list(old.execute("SELECT 1 FROM django_migrations WHERE app='catalogue' AND name > '0002'"))
                old.execute(OLD_ROWS)
            manage("migrate", "--verbosity=0")
            with closing(connect(DATABASE)) as new:
                yield lambda query: new.execute(query).fetchall()
        finally:
            drop_database(server, DATABASE)


def services_are_live_as_they_were_and_have_a_category(upgraded: Ask):
    services = upgraded(
        "SELECT s.slug, s.live, c.name FROM catalogue_service s"
        " JOIN catalogue_category c ON c.id = s.category_id WHERE s.id <= 3 ORDER BY s.id"
    )
    assert services == [
        ("missed-bin", True, "Bins and recycling"),
        ("old-skip", False, "Bins and recycling"),
        ("parking", True, "Parking"),
    ]


def authorities_reach_what_they_reached(upgraded: Ask):
    rows = upgraded(
        "SELECT id, covers_everything, revoked_at IS NULL, kind, evidence FROM customers_delegation ORDER BY id"
    )
    assert rows == [
        (1, False, True, "recorded", "Letter seen"),  # and the service of the second
        (2, False, False, "recorded", "Letter seen"),  # merged into the first
        (3, True, False, "recorded", "Old letter"),
        (4, True, True, "recorded", "Letter seen"),
        (5, False, True, "recorded", "Letter seen"),
        (6, True, False, "recorded", "Letter seen"),  # of other days: ended, the right of the fifth has not grown
    ]
    covered = upgraded("SELECT delegation_id, service_id FROM customers_coveredservice ORDER BY 1, 2")
    assert covered == [(1, 1), (1, 3), (5, 1)]
    assert upgraded("SELECT ended_by FROM customers_delegation WHERE id IN (2, 6)") == [("system",), ("system",)]


def people_keep_their_addresses_and_every_version(upgraded: Ask):
    points = upgraded("SELECT customer_id, kind, value, is_preferred FROM customers_contactpoint ORDER BY 1, 2")
    assert points == [
        (1, "email", "asha@example.com", True),
        (1, "mobile", "+447700900123", True),
        (2, "email", "ben@example.com", True),
    ]
    [versions] = upgraded("SELECT count(*) FROM customers_delegationevent WHERE pgh_label = 'insert'")
    assert versions == (6,)


def nothing_is_left_to_migrate_and_the_guards_stand(upgraded: Ask):
    done = {tuple(row) for row in upgraded("SELECT app, name FROM django_migrations")}
    assert done >= set(MigrationLoader(None).disk_migrations)
    with pytest.raises(psycopg.errors.UniqueViolation, match="delegation_one_of_a_kind"):
        upgraded(
            "INSERT INTO customers_delegation (id, principal_id, delegate_id, evidence, created_at, starts_on)"
            " VALUES (100, 1, 2, 'x', now(), '2026-01-01') RETURNING id"
        )


def test_a_database_of_an_early_release_becomes_todays(upgraded: Ask, subtests):
    """One test, so that one process lays the old tables: that takes longer than all the questions."""
    for part in (
        services_are_live_as_they_were_and_have_a_category,
        authorities_reach_what_they_reached,
        people_keep_their_addresses_and_every_version,
        nothing_is_left_to_migrate_and_the_guards_stand,
    ):
        with subtests.test(part.__name__):
            part(upgraded)
