"""The desk at which visits begin."""

from tests.visits import desk, handed, helped, librarian  # noqa: F401 - fixtures
