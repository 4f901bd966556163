"""What an author may see: enough to find the page where people stop, never what one person did."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.smartforms.figures.folding import fold_days
from portal.smartforms.figures.reading import duration, figures_of, versions_of
from portal.smartforms.models import CHECK, StepEvent, What

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(club):
    return club.live_version


def happened(version, what, step="", count=1, days_ago=0, **more):
    on = timezone.localdate() - dt.timedelta(days=days_ago)
    StepEvent.objects.bulk_create(
        StepEvent(version=version, on=on, what=what, step=step, **more) for _number in range(count)
    )


def page(version, title, since=None):
    return next(row for row in figures_of(version, since).pages if row.title == title)


def test_a_page_says_how_many_came_went_on_and_left(version):
    happened(version, What.REACHED, "you", 20)
    happened(version, What.DONE, "you", 12, seconds=30)
    happened(version, What.LEFT, "you", 8)
    row = page(version, "About you")
    assert [part.text for part in (row.reached, row.went_on, row.left, row.here)] == ["20", "12", "8", "0"]
    assert row.went_on.share == 60


def test_days_and_today_are_one_figure(version):
    happened(version, What.REACHED, "you", 5, days_ago=2)
    fold_days()
    happened(version, What.REACHED, "you", 6)
    today = timezone.localdate()
    assert page(version, "About you").reached.text == "11"
    assert page(version, "About you", since=today).reached.text == "6"


def test_half_and_nine_of_ten_leave_out_breaks(version):
    for seconds in (10, 20, 30, 40, 50, 60, 70, 80, 90, 1000):
        happened(version, What.DONE, "you", seconds=seconds)
    happened(version, What.DONE, "you", 6, seconds=None)
    row = page(version, "About you")
    assert (row.median, row.most, row.breaks.text) == ("50 seconds", "1 minute 30 seconds", "6")


def test_a_time_of_few_is_not_told(version):
    happened(version, What.DONE, "you", 4, seconds=30)
    assert page(version, "About you").median == "too few"


def test_small_numbers_are_not_shown_and_do_not_follow_from_others(version):
    happened(version, What.REACHED, "health", 3)
    assert page(version, "Health").reached.text == "fewer than 5"
    happened(version, What.REACHED, "you", 20)
    happened(version, What.DONE, "you", 18)
    happened(version, What.LEFT, "you", 2)
    row = page(version, "About you")
    assert [part.text for part in (row.reached, row.went_on, row.left)] == ["20", "not shown", "fewer than 5"]
    assert row.went_on.share == 0


def test_refusals_come_with_the_label_the_most_frequent_first(version):
    happened(version, What.REFUSED, "you", 6, question="name", sentence="Fill in “Your name”")
    happened(version, What.REFUSED, "children", 9, question="children.child_name", sentence="Fill in “Name”")
    rows = [(row.question, row.sentence, row.times.text) for row in figures_of(version, None).refusals]
    assert rows == [("Name", "Fill in “Name”", "9"), ("Your name", "Fill in “Your name”", "6")]


def test_what_became_of_them(version):
    happened(version, What.BEGAN, count=30)
    happened(version, What.SENT, count=10)
    happened(version, What.EXPLAINED, "-ended", 9)
    happened(version, What.UNEXPLAINED, "-ended", 2)
    happened(version, What.LEFT, "home", 6)
    happened(version, What.REACHED, CHECK, 11)
    found = figures_of(version, None)
    assert [part.text for part in (found.began, found.sent, found.explained, found.left)] == ["30", "10", "7", "6"]
    assert found.pages[-1].reached.text == "11"
    assert [(row.began.text, row.sent.text) for row in versions_of(version.form, None)] == [("30", "10")]


def test_it_takes_as_many_queries_for_one_page_as_for_all(version, django_assert_num_queries):
    with django_assert_num_queries(3):
        figures_of(version, None)
    for step in ("home", "you", "needs"):
        happened(version, What.REACHED, step, 5)
        happened(version, What.REFUSED, step, 5, question="name", sentence=step)
    with django_assert_num_queries(3):
        assert len(figures_of(version, None).refusals) == 3


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 seconds"), (1, "1 second"), (60, "1 minute"), (200, "3 minutes 20 seconds")]
)
def test_durations_in_words(seconds, words):
    assert duration(seconds) == words
