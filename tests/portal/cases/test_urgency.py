import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.cases.enums import CaseUrgency
from portal.cases.selectors import team_named
from tests.factories import CaseFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases():
    return {urgency: CaseFactory(urgency=urgency, title=f"A {urgency} one") for urgency in CaseUrgency.values}


def test_the_list_shows_and_filters_by_urgency(client, dev, cases):
    client.force_login(dev)
    page = client.get("/staff/cases/").content.decode()
    for case in cases.values():
        assert case.reference in page
    assert page.count("govuk-tag--red") == 1
    found = client.get("/staff/cases/?urgency=urgent").content.decode()
    assert cases["urgent"].reference in found
    assert cases["high"].reference not in found
    assert cases["normal"].reference not in found
    assert client.get("/staff/cases/?urgency=forged").status_code == 400
    shown = client.get(f"/staff/cases/{cases['urgent'].reference}/").content.decode()
    assert "Urgent" in shown
    assert "Urgent" not in client.get(f"/staff/cases/{cases['normal'].reference}/").content.decode()


def test_a_closed_case_presses_nobody():
    assert not CaseFactory(urgency="urgent", state="withdrawn").is_pressing
    assert CaseFactory(urgency="high").is_pressing


def test_the_filter_costs_the_same_for_one_and_three(client, dev):
    client.force_login(dev)
    counts = []
    for number in (1, 2):
        CaseFactory.create_batch(number, urgency="urgent")
        client.get("/staff/cases/?urgency=urgent")
        with CaptureQueriesContext(connection) as queries:
            client.get("/staff/cases/?urgency=urgent")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_team_is_found_by_its_name_and_renamed_by_its_short_name():
    team = TeamFactory(slug="out-of-hours", name="Out of hours")
    assert team_named(" out of HOURS") == team
    team.name = "Emergency desk"
    team.save()
    assert team_named("Out of hours") == team
    assert team_named("Nobody") is None
