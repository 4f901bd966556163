"""In no minute more goes through than the provider allows, whichever worker asks."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection

from barnet.notifications import throttle
from barnet.notifications.models import Throttle


def test_in_no_minute_more_than_the_limit_goes_through(db):
    start, turns = time.monotonic(), []
    for _ in range(400):
        seconds = throttle.seconds_to_turn("t", per_minute=100, longest=3600)
        turns.append(time.monotonic() - start + seconds)
    for first in range(len(turns)):
        assert sum(turns[first] <= turn < turns[first] + 60 for turn in turns[first:]) <= 100
    assert turns[-1] < 60 * 400 / 75  # and the limit is used


def test_a_turn_that_is_too_far_away_is_not_taken(db):
    while throttle.seconds_to_turn("t", per_minute=60, longest=2) is not None:
        pass
    before = Throttle.objects.get().free_at
    assert throttle.seconds_to_turn("t", per_minute=60, longest=0) is None
    assert Throttle.objects.get().free_at == before


@pytest.mark.django_db(transaction=True)
def test_workers_share_the_limit_and_no_turn_is_given_twice():
    """Six seconds to a turn: no machine is so slow that a turn passes unused, so that the sum is exact."""
    turns = [throttle.seconds_to_turn("t", per_minute=22, longest=3600)]
    first = Throttle.objects.get().free_at

    def work():
        for _ in range(25):
            turns.append(throttle.seconds_to_turn("t", per_minute=22, longest=3600))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert None not in turns
    assert len(turns) == 101
    assert Throttle.objects.get().free_at - first == dt.timedelta(seconds=100 * 6)  # moved on by each of them
    assert turns.count(0) >= 11  # at once, after a quiet time
