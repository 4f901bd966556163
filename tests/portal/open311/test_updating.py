"""What FixMyStreet's people say of a report later reaches the people who work on it, once."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from barnet.customers.actors import Actor
from portal.cases.models import Case
from portal.cases.services import resolve_case
from tests.portal.cases.conftest import photo_file
from tests.portal.cases.test_races import at_once
from tests.portal.open311.conftest import System

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(system):
    reference = system.report().json()[0]["service_request_id"]
    return Case.objects.get(reference=reference)


def tell(system, case, *, client=None, suffix="json", **more):
    sent = {"api_key": system.secret, "service_request_id": case.reference, "update_id": "7", **more}
    return (client or system.client).post(f"/api/open311/v2/servicerequestupdates.{suffix}", sent)


def test_words_reach_who_works_on_it_once(system, case):
    first = tell(system, case, description="It buzzes, too", status="OPEN")
    again = tell(system, case, description="It buzzes, too", status="OPEN")
    assert first.status_code == 200
    assert first.json() == again.json()
    case.refresh_from_db()
    assert case.wrote_at
    assert [entry.public_text for entry in case.timeline.filter(kind="message")] == ["It buzzes, too"]
    assert b"<request_update><update_id>" in tell(system, case, update_id="8", description="x", suffix="xml").content


def test_addresses_of_pictures_are_told_with_the_words(system, case):
    tell(system, case, description="Look", media_url=["https://fms.example/1.jpg", "https://fms.example/2.jpg"])
    text = case.timeline.get(kind="message").public_text
    assert text.splitlines() == [
        "Look",
        "Picture elsewhere: https://fms.example/1.jpg",
        "Picture elsewhere: https://fms.example/2.jpg",
    ]
    assert tell(system, case, update_id="8", media_url="javascript:x").status_code == 400


def test_photos_are_kept_for_staff_and_no_more_than_a_request_takes(system, case):
    colours = ["red", "green", "blue", "grey"]
    assert tell(system, case, description="Look", media=photo_file(colour="red")).status_code == 200
    assert tell(system, case, description="Look", media=photo_file(colour="red")).status_code == 200
    [kept] = case.attachments.all()
    assert not kept.is_public
    many = {f"media-{colour}": photo_file(colour=colour) for colour in colours}
    refused = tell(system, case, update_id="8", description="Many", **many)
    assert refused.status_code == 400
    assert "photos" in refused.json()[0]["description"]
    assert not case.timeline.filter(public_text="Many").exists()


def test_it_opens_again_what_was_closed_before_and_nothing_later(system, case, dev):
    outcome = "done"
    resolve_case(case, actor=Actor.staff(dev), outcome=outcome, public_reason="A new lamp.")
    before = (timezone.now() - dt.timedelta(hours=1)).isoformat()
    tell(system, case, update_id="1", description="Still out", status="OPEN", updated_datetime=before)
    case.refresh_from_db()
    assert case.state == "resolved"
    assert "Still out" in case.timeline.latest("at", "id").internal_text
    after = (timezone.now() + dt.timedelta(seconds=1)).isoformat()
    tell(system, case, update_id="2", description="Out again", status="OPEN", updated_datetime=after)
    case.refresh_from_db()
    assert (case.state, case.reopened_count) == ("received", 1)


def test_it_closes_nothing(system, case):
    tell(system, case, description="It shines", status="FIXED")
    case.refresh_from_db()
    assert case.is_open
    assert "It shines" in case.timeline.latest("at", "id").public_text


@pytest.mark.parametrize(
    "status",
    """OPEN REOPEN INVESTIGATING IN_PROGRESS ACTION_SCHEDULED FOR_TRIAGE INTERNAL_REFERRAL CLOSED FIXED CANCELLED
    DUPLICATE NO_FURTHER_ACTION NOT_COUNCILS_RESPONSIBILITY""".split(),
)
def test_every_status_that_fixmystreet_sends_is_known(system, case, status):
    assert tell(system, case, description="Words", status=status).status_code == 200
    case.refresh_from_db()
    assert case.is_open


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"update_id": ""}, 400),
        ({"service_request_id": ""}, 400),
        ({"service_request_id": "BAR-0000-0000"}, 404),
        ({"status": "magic"}, 400),
        ({"description": "x" * 1001}, 400),
        ({"updated_datetime": "soon"}, 400),
        ({"api_key": "another"}, 403),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(system, case, changed, status):
    before = case.timeline.count()
    assert tell(system, case, **{"description": "Words", **changed}).status_code == status
    assert case.timeline.count() == before


def test_another_system_says_nothing_of_it(system, case):
    assert tell(System("Another"), case, description="Words").status_code == 404


def test_a_number_belongs_to_one_request(system, case):
    other = Case.objects.get(reference=system.report().json()[0]["service_request_id"])
    tell(system, case, description="Words")
    assert tell(system, other, description="Words").status_code == 409


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one(system, case):
    def send(number):
        return tell(system, case, client=Client(REMOTE_ADDR=f"192.0.2.{number + 1}"), description="Once").json()

    answers = at_once(20, send)
    assert len({answer[0]["update_id"] for answer in answers}) == 1
    assert case.timeline.filter(kind="message").count() == 1
