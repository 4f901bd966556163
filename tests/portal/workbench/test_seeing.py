"""Teams, their services and wards, and what is given to somebody decide which requests they see."""

import datetime as dt

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.gazetteer.models import BNG
from portal.cases.models import Absence, Case
from portal.cases.selectors import cases_seen_by, queue_counts
from portal.cases.services import add_note
from tests import factories
from tests.portal.workbench.conftest import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(db):
    """One in which none of the requests lies by itself."""
    elsewhere = MultiPolygon(Polygon.from_bbox((530_000, 190_000, 530_100, 190_100)), srid=BNG)
    return factories.AreaFactory(name="Hale", code="E05013637", geometry=elsewhere)


@pytest.fixture
def theirs(service) -> Case:
    """Of a service with which Dev's team has nothing to do."""
    parking = factories.ServiceFactory(slug="parking", name="Parking")
    return factories.CaseFactory(service=parking, title="A badge of somebody")


@pytest.fixture
def bounded(team, service):
    """Dev's only team: one service."""
    team.services.add(service)
    return team


def seen_by(user) -> set[Case]:
    return set(cases_seen_by(type(user).objects.get(pk=user.pk)))


def test_who_is_in_no_team_or_in_one_without_bounds_sees_every_request(dev, team, ashas_case, theirs):
    assert seen_by(dev) == seen_by(factories.StaffFactory(roles=["adviser"])) == {ashas_case, theirs}


def test_a_team_with_services_sees_requests_of_these(dev, bounded, ashas_case, theirs):
    assert seen_by(dev) == {ashas_case}


def test_a_team_with_wards_sees_requests_there(dev, team, ward, ashas_case, theirs):
    team.wards.add(ward)
    assert seen_by(dev) == set()
    Case.objects.filter(pk=theirs.pk).update(ward=ward)
    assert seen_by(dev) == {theirs}


def test_services_and_wards_count_together_and_teams_add_up(dev, bounded, ward, ashas_case, theirs):
    bounded.wards.add(ward)
    assert seen_by(dev) == set()
    Case.objects.filter(pk=ashas_case.pk).update(ward=ward)
    assert seen_by(dev) == {ashas_case}
    other = factories.TeamFactory(slug="parking", name="Parking")
    other.members.add(dev)
    other.services.add(theirs.service)
    assert seen_by(dev) == {ashas_case, theirs}


def test_one_team_without_bounds_is_enough(dev, bounded, theirs, ashas_case):
    factories.TeamFactory(slug="all", name="All").members.add(dev)
    assert seen_by(dev) == {ashas_case, theirs}


def test_a_crew_sees_what_it_was_given(theirs, ashas_case):
    operative = factories.StaffFactory(roles=["operative"])
    crew = factories.TeamFactory(slug="crew-1", name="Crew 1", kind="crew")
    crew.members.add(operative)
    assert seen_by(operative) == set()
    Case.objects.filter(pk=theirs.pk).update(team=crew)
    assert seen_by(operative) == {theirs}


def test_what_is_given_to_somebody_or_to_whom_they_cover_is_seen(dev, bounded, theirs):
    Case.objects.filter(pk=theirs.pk).update(assignee=dev)
    assert seen_by(dev) == {theirs}
    eve, today = factories.StaffFactory(first_name="Eve"), timezone.localdate()
    Case.objects.filter(pk=theirs.pk).update(assignee=eve)
    assert seen_by(dev) == set()
    Absence.objects.create(person=eve, cover=dev, from_on=today, until_on=today + dt.timedelta(days=1))
    assert seen_by(dev) == {theirs}


def test_who_is_named_in_a_note_sees_the_request(dev, bounded, theirs):
    colleague = factories.StaffFactory(roles=["caseworker"])
    name = dev.email.split("@")[0]
    add_note(theirs, actor=Actor.staff(colleague), text=f"@{name} do you know this one?")
    assert seen_by(dev) == {theirs}


# --- On the pages -----------------------------------------------------------------------------------------------------


def test_lists_counts_search_and_the_customer_leave_out_what_is_not_seen(as_dev, dev, bounded, ashas_case, theirs):
    Case.objects.filter(pk=theirs.pk).update(customer=ashas_case.customer, address=ashas_case.address)
    assert queue_counts(dev).unassigned == 1
    for url in (
        "/staff/cases/",
        f"/staff/customers/{ashas_case.customer_id}/",
        f"/staff/cases/{ashas_case.reference}/",
    ):
        page = as_dev.get(url).content.decode()
        assert ashas_case.reference in page
        assert theirs.reference not in page, url
    assert as_dev.get("/staff/search/", {"q": theirs.reference}).status_code == 200  # not led to the request
    assert as_dev.get(f"/staff/cases/{theirs.reference}/").status_code == 404


def test_a_request_of_others_can_be_neither_linked_nor_acted_on_with_many(as_dev, bounded, ashas_case, theirs):
    url = f"/staff/cases/{ashas_case.reference}/relate/"
    refused = as_dev.post(url, form_of(as_dev, url) | {"reference": theirs.reference})
    assert "We found no request with this reference" in refused.content.decode()
    assert as_dev.post("/staff/cases/many/assign/", {"case": f"{theirs.pk}:0"}).status_code == 400


def test_who_gives_a_request_away_from_what_they_see_goes_back_to_the_list(as_dev, dev, bounded, theirs):
    Case.objects.filter(pk=theirs.pk).update(team=bounded)
    other = factories.TeamFactory(slug="parking", name="Parking")
    url = f"/staff/cases/{theirs.reference}/assign/"
    answer = as_dev.post(f"{url}?in=sort%3Dnewest", form_of(as_dev, url) | {"given_to": f"{other.pk}:"})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == "/staff/cases/?sort=newest"


@pytest.mark.parametrize("count", [1, 3])
def test_bounds_cost_three_queries_for_a_page_however_many_teams(dev, count, django_assert_num_queries):
    for number in range(count):
        team = factories.TeamFactory(slug=f"team-{number}", name=f"Team {number}")
        team.members.add(dev)
        team.services.add(factories.ServiceFactory(slug=f"service-{number}"))
    dev = type(dev).objects.get(pk=dev.pk)
    with django_assert_num_queries(3 + 2):
        list(cases_seen_by(dev))
        list(cases_seen_by(dev))
