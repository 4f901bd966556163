"""A form's destination gives its case a team and an urgency."""

import pytest

from portal.smartforms.publishing import import_form
from tests.factories import TeamFactory
from tests.portal.smartforms.results.conftest import send
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("club")
def test_the_first_row_that_holds_says_team_and_urgency():
    team = TeamFactory(slug="out-of-hours", name="Out of hours")
    rows = [
        {
            "service": "holiday-club",
            "case_title": "Holiday club: help needed",
            "team": "Out of hours",
            "urgency": "urgent",
            "when": {"about": "has_needs", "one_of": ["yes"]},
        },
        {"service": "holiday-club", "case_title": "Holiday club"},
    ]
    import_form(CLUB | {"destinations": rows}, by=None)
    case = send().case
    assert (case.team, case.urgency, case.title) == (team, "urgent", "Holiday club: help needed")


def test_without_a_word_it_is_normal_and_nobodys(submission):
    assert (submission.case.team, submission.case.urgency) == (None, "normal")
