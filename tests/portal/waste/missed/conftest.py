import pytest


@pytest.fixture(autouse=True)
def _tuesday(at):
    at(2026, 7, 7, 9)
