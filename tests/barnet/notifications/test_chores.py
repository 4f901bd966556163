import pytest
from django.db import OperationalError

from barnet.notifications import chores


@pytest.fixture(autouse=True)
def _own_chores(monkeypatch):
    monkeypatch.setattr(chores, "_chores", {})


def test_one_that_fails_does_not_keep_the_others_from_running():
    done = []
    chores.register("breaks", lambda: 1 / 0)
    chores.register("works", lambda: done.append(1))
    chores.do_all()
    assert done == [1]


def test_a_database_that_is_away_is_told_to_the_supervisor():
    def away():
        raise OperationalError

    chores.register("away", away)
    with pytest.raises(OperationalError):
        chores.do_all()


def test_two_chores_under_one_name_are_refused():
    chores.register("one", print)
    with pytest.raises(chores.DuplicateChoreError):
        chores.register("one", print)
