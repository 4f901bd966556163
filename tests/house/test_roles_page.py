"""The page that tells people what each role may do is made from the code, and is never older than it."""

from pathlib import Path

from barnet.customers.staff.roles import PURPOSES, ROLES
from barnet.customers.staff.roles_page import roles_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "staff" / "roles.md"


def test_page_says_what_the_code_says():
    assert PAGE.read_text() == roles_page(), 'Run: make manage ARGS="staff_roles" > docs/staff/roles.md'


def test_every_role_says_what_it_is_for():
    assert set(PURPOSES) == set(ROLES)
