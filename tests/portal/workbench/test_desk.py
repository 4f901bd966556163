import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.models import AccessRecord
from portal.cases.models import Absence, Presence, SavedView
from portal.cases.services import note_presence
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def eve(team):
    eve = factories.StaffFactory(email="eve@example.com", first_name="Eve", last_name="Night", roles=["caseworker"])
    team.members.add(eve)
    return eve


# --- Saved views ------------------------------------------------------------------------------------------------------


def test_a_view_is_saved_from_the_queue_counted_and_removed(as_dev, dev, team):
    factories.CaseFactory(team=team)
    page = as_dev.get("/staff/cases/?team=mine&page=2").content.decode()
    assert 'href="/staff/views/new/?in=team%3Dmine"' in page
    answers = {"name": "Ours", "team": "", "filters": "team=mine&page=2"}
    assert as_dev.post("/staff/views/new/", answers)["Location"] == "/staff/views/"
    view = SavedView.objects.get()
    assert (view.owner, view.filters) == (dev, "team=mine")
    [counted] = as_dev.get("/staff/views/").context["views"]
    assert (counted.number, counted.url) == ("1", "/staff/cases/?team=mine")
    assert "Ours" in as_dev.get("/staff/cases/").content.decode()
    assert "Ours</a> (1)" in as_dev.get("/staff/").content.decode()
    as_dev.post(f"/staff/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()


def test_a_view_of_a_team_is_seen_by_the_team_and_by_nobody_else(as_dev, client, team, eve, signed_in):
    as_dev.post("/staff/views/new/", {"name": "Late ones", "team": team.pk, "filters": "due=late"})
    client.force_login(eve)
    assert "Late ones" in client.get("/staff/cases/").content.decode()
    stranger = signed_in("caseworker")
    assert "Late ones" not in stranger.get("/staff/views/").content.decode()
    assert stranger.post(f"/staff/views/{SavedView.objects.get().pk}/remove/").status_code == 404


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"name": "", "filters": "due=late"}, "Give the view a name."),
        ({"name": "x" * 61, "filters": ""}, "Use 60 characters or fewer."),
        ({"name": "Odd", "filters": "due=forged"}, "does not understand these filters"),
        ({"name": "Odd", "team": "999999", "filters": ""}, "Choose one of your teams."),
    ],
)
def test_a_view_that_makes_no_sense_is_refused(as_dev, team, answers, sentence):
    assert sentence in as_dev.post("/staff/views/new/", answers).content.decode()
    assert not SavedView.objects.exists()


def test_a_view_that_the_queue_no_longer_understands_says_so(as_dev, dev):
    SavedView.objects.create(owner=dev, name="Old", filters="service=gone")
    assert "no longer understands" in as_dev.get("/staff/views/").content.decode()


@pytest.mark.parametrize("count", [1, 4])
def test_the_start_page_costs_the_same_queries_however_many_views(as_dev, dev, team, count, django_assert_num_queries):
    for number in range(count):
        SavedView.objects.create(owner=dev, name=f"View {number}", filters=f"team={team.slug}&due=late")
    as_dev.get("/staff/")
    with django_assert_num_queries(HOME_QUERIES):
        as_dev.get("/staff/")


HOME_QUERIES = 20


# --- Days away --------------------------------------------------------------------------------------------------------


def days(first: dt.date, last: dt.date) -> dict[str, int]:
    return {
        f"{name}_on_{part}": getattr(day, part)
        for name, day in (("from", first), ("until", last))
        for part in ("day", "month", "year")
    }


def test_days_away_are_noted_shown_and_taken_back(as_dev, dev, eve):
    answers = days(TODAY, TODAY) | {"person": dev.pk, "cover": eve.pk}
    assert as_dev.post("/staff/absence/", answers).status_code == 302
    assert "Eve Night looks after your requests." in as_dev.get("/staff/").content.decode()
    again = as_dev.post("/staff/absence/", answers)
    assert "is away then already" in again.content.decode()
    as_dev.post(f"/staff/absence/{Absence.objects.get().pk}/end/")
    assert not Absence.objects.exists()


def test_the_cover_is_told_on_the_start_page(client, dev, eve):
    Absence.objects.create(person=dev, cover=eve, from_on=TODAY, until_on=TODAY)
    client.force_login(eve)
    assert f"You look after the requests of {dev}" in client.get("/staff/").content.decode()


def test_a_caseworker_speaks_for_nobody_else_and_a_leader_for_their_team(as_dev, client, dev, eve, team):
    answers = days(TODAY, TODAY) | {"person": eve.pk, "cover": dev.pk}
    assert "Choose who is away." in as_dev.post("/staff/absence/", answers).content.decode()
    noted = Absence.objects.create(person=eve, cover=dev, from_on=TODAY, until_on=TODAY)
    assert as_dev.post(f"/staff/absence/{noted.pk}/end/").status_code == 404
    lead = factories.StaffFactory(roles=["team_lead"])
    team.members.add(lead)
    client.force_login(lead)
    assert client.post(f"/staff/absence/{noted.pk}/end/").status_code == 302
    assert client.post("/staff/absence/", answers).status_code == 302


# --- Who else has it open ---------------------------------------------------------------------------------------------


def test_two_people_on_one_request_see_each_other(as_dev, dev, eve, ashas_case):
    note_presence(ashas_case, user=eve)
    for act in ("", "ask/"):
        page = as_dev.get(f"/staff/cases/{ashas_case.reference}/{act}").content.decode()
        assert "Eve Night has this request open, too." in page
    assert Presence.objects.filter(case=ashas_case, person=dev).exists()


def test_asking_who_else_is_there_tells_nothing_of_the_request_and_leaves_no_record(as_dev, eve, ashas_case):
    note_presence(ashas_case, user=eve)
    response = as_dev.get(f"/staff/cases/{ashas_case.reference}/presence/")
    assert response.content.decode().strip() == "Eve Night has this request open, too."
    assert not AccessRecord.objects.exists()
    assert as_dev.get("/staff/cases/BAR-7K3M-29QD/presence/").status_code == 404
