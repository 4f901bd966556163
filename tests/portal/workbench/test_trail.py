"""From one request of a list to the next."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.selectors import QueueFilters, Sorting, beside
from tests import factories
from tests.portal.workbench.conftest import form_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def three(db) -> list[Case]:
    """By promise; two of them on one day. Opened in the reverse order."""
    days = (1, 2, 2)
    now = timezone.now()
    return [
        factories.CaseFactory(promise_on=TODAY + dt.timedelta(days=day), opened_at=now - dt.timedelta(hours=place))
        for place, day in enumerate(days)
    ]


@pytest.mark.parametrize(
    ("sort", "order"), [(Sorting.PROMISE, (0, 1, 2)), (Sorting.NEWEST, (0, 1, 2)), (Sorting.OLDEST, (2, 1, 0))]
)
def test_the_neighbours_are_those_of_the_list(three, sort, order):
    first, middle, last = (three[place] for place in order)
    filters = QueueFilters(is_open=True, sort=sort)
    assert beside(filters, first) == ("", middle.reference)
    assert beside(filters, middle) == (first.reference, last.reference)
    assert beside(filters, last) == (middle.reference, "")


def test_what_does_not_fit_any_more_keeps_its_place(three):
    _first, middle, _last = three
    Case.objects.filter(pk=middle.pk).update(state=CaseState.RESOLVED, outcome="done", public_reason="Done.")
    assert beside(QueueFilters(is_open=True), middle) == (three[0].reference, three[2].reference)
    assert beside(QueueFilters(is_open=True), three[0]) == ("", three[2].reference)


def test_neighbours_obey_the_filters_and_the_search(three, team):
    Case.objects.filter(pk=three[2].pk).update(team=team, contact_name="Zebedee Quill")
    assert beside(QueueFilters(team=team), three[0]) == ("", three[2].reference)
    assert beside(QueueFilters(text="zebedee"), three[0]) == ("", three[2].reference)


def test_links_lead_through_the_list_and_back(as_dev, three):
    listed = as_dev.get("/staff/cases/?sort=newest").content.decode()
    first = f"/staff/cases/{three[0].reference}/?in=sort%3Dnewest"
    assert f'href="{first}"' in listed
    page = as_dev.get(first)
    assert page.context["trail"].following == f"/staff/cases/{three[1].reference}/?in=sort%3Dnewest"
    assert page.context["trail"].back == "/staff/cases/?sort=newest"
    assert page.context["trail"].previous == ""
    assert 'rel="next"' in page.content.decode()


def test_an_act_leads_back_into_the_list(as_dev, three):
    path = f"/staff/cases/{three[0].reference}/note/?in=sort%3Dnewest"
    answer = as_dev.post(path, form_of(as_dev, path) | {"text": "Seen."})
    assert answer["Location"] == f"/staff/cases/{three[0].reference}/?in=sort%3Dnewest"


@pytest.mark.parametrize("forged", ["sort=sideways", "opened_from_day=x", "%00", "a" * 5000, "page=9&due=late", ""])
def test_forged_lists_break_nothing(as_dev, three, forged):
    answer = as_dev.get(f"/staff/cases/{three[0].reference}/", {"in": forged})
    assert answer.status_code == 200
    assert answer.context["trail"].back.startswith("/staff/cases/")


def test_without_a_list_there_are_no_neighbours(as_dev, three):
    page = as_dev.get(f"/staff/cases/{three[0].reference}/")
    assert "Next request" not in page.content.decode()


# --- Take it ----------------------------------------------------------------------------------------------------------


def taken(client, case):
    page = client.get(f"/staff/cases/{case.reference}/")
    return client.post(f"/staff/cases/{case.reference}/take/", page.context["seen"], follow=True)


def test_one_press_gives_it_to_me(as_dev, dev, three, team):
    page = taken(as_dev, three[0])
    three[0].refresh_from_db()
    assert (three[0].team, three[0].assignee) == (team, dev)
    assert "It is yours." in page.content.decode()
    assert f'"/staff/cases/{three[0].reference}/take/"' not in page.content.decode()


def test_it_stays_in_the_team_that_has_it_where_i_am_in_it(as_dev, dev, three):
    zoo = factories.TeamFactory(slug="zoo", name="Zoo")
    zoo.members.add(dev)
    Case.objects.filter(pk=three[0].pk).update(team=zoo)
    taken(as_dev, three[0])
    three[0].refresh_from_db()
    assert three[0].team == zoo


def test_who_is_in_no_team_is_told(as_dev, dev, three):
    dev.teams.clear()
    answer = taken(as_dev, three[0])
    assert "You are in no team" in answer.content.decode()
    three[0].refresh_from_db()
    assert three[0].assignee is None


def test_the_second_who_takes_is_told_who_was_first(as_dev, signed_in, three, team):
    seen = as_dev.get(f"/staff/cases/{three[0].reference}/").context["seen"]
    taken(as_dev, three[0])
    other = signed_in("team_lead")
    answer = other.post(f"/staff/cases/{three[0].reference}/take/", seen)
    assert answer.status_code in {200, 409}
    three[0].refresh_from_db()
    assert three[0].assignee.email == "dev@example.com"
