"""The night folds events into days: nothing is lost, nothing is counted twice."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.smartforms.figures.folding import fold_days
from portal.smartforms.models import StepDay, StepEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def yesterday():
    return timezone.localdate() - dt.timedelta(days=1)


def happened(club, on, count=1, what="done", **more):
    StepEvent.objects.bulk_create(
        StepEvent(version=club.live_version, on=on, what=what, step="home", **more) for _number in range(count)
    )


def test_alike_ones_become_one_row_and_today_stays(club, yesterday):
    happened(club, yesterday, 3, seconds=7)
    happened(club, yesterday, 2, seconds=None)
    happened(club, timezone.localdate(), 1, seconds=7)
    fold_days()
    assert sorted(StepDay.objects.values_list("seconds", "count"), key=str) == [(7, 3), (None, 2)]
    assert StepEvent.objects.count() == 1


def test_late_ones_are_added_to_their_day(club, yesterday):
    for _night in range(2):
        happened(club, yesterday, 2, seconds=None)
        fold_days()
    fold_days()
    assert StepDay.objects.get().count == 4


def test_times_are_rounded_the_longer_the_more(club, yesterday):
    for seconds in (59, 64, 599, 629, 1800):
        happened(club, yesterday, seconds=seconds)
    fold_days()
    assert list(StepDay.objects.order_by("seconds").values_list("seconds", flat=True)) == [59, 60, 595, 600, 1800]
