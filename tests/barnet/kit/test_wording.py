import datetime as dt

import pytest
from django.template import engines

from barnet.kit import wording

AFTERNOON = dt.datetime(2026, 11, 23, 16, 5, tzinfo=dt.UTC)


def test_dates_read_as_the_house_style_says():
    assert wording.day(AFTERNOON.date()) == "Monday 23 November 2026"
    assert wording.date_long(AFTERNOON) == "23 November 2026"
    assert wording.moment(AFTERNOON) == "23 November 2026, 4:05pm"


def test_moment_is_told_in_local_time():
    assert wording.moment(dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)) == "1 July 2026, 12:30am"


def test_moment_of_a_date_is_the_date():
    assert wording.moment(dt.date(2026, 11, 23)) == "23 November 2026"


@pytest.mark.parametrize("nothing", [None, "", "soon"])
def test_dates_of_nothing_are_empty(nothing):
    assert [wording.day(nothing), wording.date_long(nothing), wording.moment(nothing)] == ["", "", ""]


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (dt.time(0, 0), "midnight"),
        (dt.time(12, 0), "midday"),
        (dt.time(16, 0), "4pm"),
        (dt.time(9, 30), "9:30am"),
        (dt.time(12, 1), "12:01pm"),
    ],
)
def test_clock_reads_as_people_say_it(time, text):
    assert wording.clock(time) == text


@pytest.mark.parametrize(
    ("pence", "text"),
    [
        (123450, "£1,234.50"),
        (0, "£0.00"),
        (5, "£0.05"),
        (-250, "−£2.50"),
        (10**17, "£1,000,000,000,000,000.00"),
        (None, ""),
    ],
)
def test_money_is_pounds_and_pence(pence, text):
    assert wording.money(pence) == text


def test_filters_are_known_in_every_template():
    template = engines["django"].from_string("{{ at|day }} / {{ at|date_long }} / {{ at|moment }} / {{ pence|money }}")
    assert template.render({"at": AFTERNOON, "pence": 1}) == (
        "Monday 23 November 2026 / 23 November 2026 / 23 November 2026, 4:05pm / £0.01"
    )
