"""A form's destination gives its case a team and an urgency."""

import pytest

from barnet.notifications.models import Message
from portal.smartforms.models import FormWording
from portal.smartforms.publishing import UnprovenFormError, import_form
from portal.smartforms.results import submitting
from portal.smartforms.versions import definition_of
from tests.factories import StaffFactory, TeamFactory
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


URGENT = {
    "service": "holiday-club",
    "case_title": "Holiday club",
    "team": "Out of hours",
    "urgency": "urgent",
    "next_steps": "We call you today.",
    "tells_team": True,
}


@pytest.mark.usefixtures("club")
def test_the_row_says_what_our_message_says_and_whether_the_team_is_told():
    team = TeamFactory(slug="out-of-hours", name="Out of hours")
    team.members.set([StaffFactory(email="olga@barnet.example"), StaffFactory(email="omar@barnet.example")])
    team.members.add(StaffFactory(email="left@barnet.example", is_active=False))
    import_form(CLUB | {"destinations": [URGENT]}, by=None)
    submission = send()
    said = Message.objects.get(template_key="case-received-next", channel="email")
    assert "What happens next: We call you today." in said.body
    assert not Message.objects.filter(template_key="case-received").exists()
    told = Message.objects.filter(template_key="form-team").order_by("address")
    assert [message.address for message in told] == ["olga@barnet.example", "omar@barnet.example"]
    assert submission.case.reference in told[0].body
    assert not [answer for answer in submission.answers.all() if len(answer.words) > 3 and answer.words in told[0].body]


@pytest.mark.usefixtures("club")
def test_without_a_word_the_usual_message_goes_and_no_team_is_told():
    TeamFactory(slug="out-of-hours", name="Out of hours").members.add(StaffFactory())
    import_form(CLUB | {"destinations": [URGENT | {"next_steps": "", "tells_team": False}]}, by=None)
    send()
    assert Message.objects.filter(template_key="case-received", channel="email").count() == 1
    assert not Message.objects.filter(template_key__in=["form-team", "case-received-next"]).exists()


@pytest.mark.usefixtures("club")
def test_nobody_is_told_at_once_where_no_team_is_named():
    bare = {key: value for key, value in URGENT.items() if key != "team"}
    with pytest.raises(UnprovenFormError, match="Name the team that is told at once"):
        import_form(CLUB | {"destinations": [bare]}, by=None)


@pytest.mark.usefixtures("club")
def test_what_happens_next_is_said_in_the_language_of_the_pages():
    TeamFactory(slug="out-of-hours", name="Out of hours")
    version = import_form(CLUB | {"destinations": [URGENT]}, by=None)
    FormWording.objects.create(
        form=version.form,
        language="pl",
        key="destination.1.next_steps",
        english="We call you today.",
        text="Zadzwonimy dzisiaj.",
    )
    [destination] = definition_of(version).destinations
    assert submitting._next_steps(version, destination, "pl") == "Zadzwonimy dzisiaj."
    assert submitting._next_steps(version, destination, "en-gb") == "We call you today."
