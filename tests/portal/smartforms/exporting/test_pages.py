"""The page of the export: who may, what is asked, what comes."""

import re

import pytest
from django.urls import reverse

from barnet.customers.models import AccessRecord
from tests import factories
from tests.people import PortalClient
from tests.portal.smartforms.exporting.conftest import guardian
from tests.portal.smartforms.results.conftest import SECRET

pytestmark = pytest.mark.django_db
SAID = {"contents": "csv", "purpose": "Report to the committee"}


def client_of(role):
    client = PortalClient()
    client.force_login(guardian() if role == "data_guardian" else factories.StaffFactory(roles=[role]))
    return client


@pytest.fixture
def address(submission):
    return reverse("staff_forms_export_version", args=[submission.version_id])


def body(response):
    return b"".join(response.streaming_content).decode()


def test_from_the_list_to_the_file(address, submission):
    client = client_of("team_lead")
    choose = reverse("staff_forms_export")
    assert "Apply for the holiday club, version 1" in client.get(choose).content.decode()
    assert client.get(choose, {"version": submission.version_id}).url == address
    response = client.post(address, SAID)
    assert response["Content-Disposition"].startswith('attachment; filename="holiday-club-version-1-')
    text = body(response)
    assert submission.case.reference in text
    assert SECRET not in text


@pytest.mark.parametrize("contents", ["json", "group-children"])
def test_other_files(address, submission, contents):
    response = client_of("team_lead").post(address, {**SAID, "contents": contents})
    assert submission.case.reference in body(response)


def test_without_a_purpose_nothing_comes_and_what_was_typed_stays(address):
    response = client_of("team_lead").post(address, {"contents": "json", "from_on_day": "1", "purpose": " "})
    assert response.status_code == 200
    page = response.content.decode()
    assert "Say what you need the answers for" in page
    assert re.search(r'<input[^>]*value="json"[^>]*checked', page)
    assert not AccessRecord.objects.filter(purpose="").exists()


def test_special_category_answers_need_their_right(address):
    forged = {**SAID, "with_special": "on"}
    assert SECRET not in body(client_of("team_lead").post(address, forged))
    assert "With special-category answers" not in client_of("team_lead").get(address).content.decode()
    allowed = client_of("data_guardian")
    assert "With special-category answers" in allowed.get(address).content.decode()
    assert SECRET in body(allowed.post(address, forged))
    assert SECRET not in body(allowed.post(address, SAID))
    assert AccessRecord.objects.filter(what__startswith="special-category answers of form").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"contents": "group-other"},
        {"purpose": "x" * 101},
        {"from_on_day": "40", "from_on_month": "1", "from_on_year": "2026"},
    ],
)
def test_what_makes_no_sense_is_asked_again(address, wrong):
    response = client_of("team_lead").post(address, {**SAID, **wrong})
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()


def test_strangers_and_staff_without_the_right(address, cara):
    client = PortalClient()
    client.force_login(cara.user)
    assert client.get(address).status_code == 404
    assert client_of("adviser").get(address).status_code == 403
