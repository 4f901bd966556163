"""What an office tells us counts once, and never overwrites what is newer."""

import datetime as dt
import json
import time

import pytest
from django.test import Client
from django.utils import timezone

from barnet.customers.actors import Actor
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.signing import WINDOW, signed_headers
from portal.cases.delivery.updates import PATIENCE, apply_impatiently
from portal.cases.models import Case, Delivery, OfficeUpdate, TimelineEntry
from portal.cases.services import assign_case, hold_case
from tests import factories
from tests.portal.cases.delivery.office import SECRET
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(make_office, receive):
    make_office(url="https://lamps.example/hooks")
    return receive()


def post(body, *, secret=SECRET, slug="lamps", now=None, headers=None):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = headers or signed_headers(secret, body, now=now or time.time())
    client = Client(enforce_csrf_checks=True)
    path = f"/api/v1/back-offices/{slug}/updates/"
    return client.post(path, body, content_type="application/json", headers=headers)


def update(case, status, *, update_id="1", at=None, **more):
    at = at or timezone.now()
    return {"update_id": update_id, "reference": case.reference, "status": status, "at": at.isoformat(), **more}


def tell(case, status, **said):
    answer = post(update(case, status, **said))
    assert answer.status_code == 200, answer.content
    case.refresh_from_db()
    return answer.json()["result"]


def later(minutes):
    return timezone.now() + dt.timedelta(minutes=minutes)


def texts(case):
    return [(entry.kind, entry.public_text or entry.internal_text) for entry in case.timeline.all()][1:]


def test_a_request_goes_on_stands_still_and_ends_as_the_office_says(case):
    assert tell(case, "in_progress", update_id="1", note="Van 3") == "applied"
    assert case.state == "assigned"
    assert tell(case, "on_hold", update_id="2", reason="We wait for a part") == "applied"
    assert case.state == "held"
    assert tell(case, "in_progress", update_id="3") == "applied"
    assert case.state == "assigned"
    assert tell(case, "resolved", update_id="4", outcome="done", reason="The lamp shines") == "applied"
    assert (case.state, case.outcome, case.public_reason) == ("resolved", "done", "The lamp shines")
    assert [kind for kind, _text in texts(case)] == ["assigned", "note", "held", "resumed", "assigned", "resolved"]
    assert texts(case)[0][1] == "Your request is with Lamps."


def test_the_office_does_not_hear_of_what_it_told_us(case):
    tell(case, "in_progress")
    assert list(Delivery.objects.values_list("state", flat=True)) == [DeliveryState.WAITING, DeliveryState.LEFT_OUT]


def test_an_update_that_comes_again_is_answered_alike_and_does_nothing(case):
    said = update(case, "in_progress")
    first, again = post(said), post(said)
    assert (first.json(), again.json()) == (
        {"result": "applied", "repeated": False},
        {"result": "applied", "repeated": True},
    )
    assert TimelineEntry.objects.count() == 2
    assert post({**said, "note": "Other"}).status_code == 409


def test_twenty_at_once_with_one_number_count_once(case):
    said = update(case, "in_progress")
    answers = at_once(20, lambda number: post(said).json())
    assert sorted(answer["repeated"] for answer in answers) == [False] + [True] * 19
    assert (TimelineEntry.objects.count(), OfficeUpdate.objects.count()) == (2, 1)


def test_an_update_older_than_the_newest_is_kept_as_a_note(case):
    tell(case, "resolved", update_id="2", at=later(1), outcome="done")
    assert tell(case, "on_hold", update_id="1", at=later(0), reason="We wait for a part") == "late"
    assert case.state == "resolved"
    kind, text = texts(case)[-1]
    assert kind == "note"
    assert "We wait for a part" in text


def test_an_update_older_than_what_staff_did_is_kept_as_a_note(case, dev):
    before = timezone.now()
    hold_case(case, actor=Actor.staff(dev), reason="The road is closed")
    assert tell(case, "resolved", at=before, outcome="done") == "late"
    assert case.state == "held"
    assert tell(case, "resolved", update_id="2", outcome="done") == "applied"


def test_what_moves_no_state_and_what_the_portal_did_stand_in_nobodys_way(case, dev):
    team = factories.TeamFactory()
    assign_case(case, actor=Actor.staff(dev), team=team)
    before = timezone.now()
    assign_case(case, actor=Actor.staff(dev), team=factories.TeamFactory(slug="crew", name="Crew"))
    assert tell(case, "resolved", at=before, outcome="done") == "applied"


def test_where_a_request_cannot_go_the_words_are_kept(case):
    Case.objects.update(state="withdrawn")
    assert tell(case, "resolved", outcome="done") == "kept"
    assert case.state == "withdrawn"
    assert "done" in texts(case)[-1][1]


def numbered(case, number, status, **said):
    return tell(case, status, update_id=f"u{number}", number=number, at=later(number / 60), **said)


def test_numbered_updates_that_overtook_each_other_are_applied_in_order(case):
    assert numbered(case, 3, "resolved", outcome="done") == "waiting"
    assert numbered(case, 2, "on_hold", reason="We wait for a part") == "waiting"
    assert case.state == "received"
    assert numbered(case, 1, "in_progress", note="Van 3") == "applied"
    assert case.state == "resolved"
    assert [kind for kind, _text in texts(case)] == ["assigned", "note", "held", "resolved"]
    assert list(OfficeUpdate.objects.values_list("result", "said").distinct()) == [("applied", None)]
    other = post(update(case, "note", update_id="u9", number=3, note="Other"))
    assert other.status_code == 409


def test_a_number_that_never_comes_is_not_waited_for_longer_than_our_patience(case):
    assert numbered(case, 2, "resolved", outcome="done") == "waiting"
    assert apply_impatiently() == "0 requests"
    OfficeUpdate.objects.update(received_at=timezone.now() - PATIENCE - dt.timedelta(seconds=1))
    assert apply_impatiently() == "1 requests"
    case.refresh_from_db()
    assert case.state == "resolved"
    assert numbered(case, 1, "on_hold", reason="We wait for a part") == "late"
    assert case.state == "resolved"


def test_of_two_updates_of_one_second_the_higher_number_is_newer(case):
    at = timezone.now().replace(microsecond=0) + dt.timedelta(seconds=1)
    tell(case, "resolved", update_id="u2", number=2, at=at, outcome="done")
    OfficeUpdate.objects.update(received_at=timezone.now() - PATIENCE - dt.timedelta(seconds=1))
    apply_impatiently()
    assert tell(case, "in_progress", update_id="u1", number=1, at=at) == "late"
    assert case.state == "resolved"


def test_a_note_is_a_note(case):
    assert tell(case, "note", note="Two lamps") == "applied"
    assert (case.state, texts(case)[0][0]) == ("received", "note")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"status": "gone"}, 422),
        ({"update_id": ""}, 422),
        ({"update_id": 7}, 422),
        ({"at": "yesterday"}, 422),
        ({"at": "2026-11-26T09:00:00"}, 422),
        ({"at": "2099-01-01T00:00:00+00:00"}, 422),
        ({"outcome": "magic"}, 422),
        ({"reason": "x" * 1001}, 422),
        ({"note": "a\x00b"}, 422),
        ({"resumes_on": "soon"}, 422),
        ({"number": 0}, 422),
        ({"number": "1"}, 422),
        ({"reference": "BAR-0000-0000"}, 404),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(case, changed, status):
    answer = post({**update(case, "resolved", outcome="done"), **changed})
    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)
    assert (TimelineEntry.objects.count(), OfficeUpdate.objects.count()) == (1, 0)


def test_an_office_says_nothing_of_requests_that_are_not_its_own(case, receive):
    other = receive(2, service=factories.ServiceFactory())
    assert post(update(other, "resolved", outcome="done")).status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 5000])
def test_what_is_no_update_is_refused(case, body):
    assert post(body).status_code == 400


def test_only_the_office_itself_is_heard_and_only_now(case, make_office):
    said = update(case, "in_progress")
    body = json.dumps(said).encode()
    make_office("park", url="https://park.example", service=factories.ServiceFactory())
    headers = signed_headers(SECRET, body, now=time.time())
    wrong = [
        post(said, secret="another secret"),
        post(said, slug="nobody"),
        post(said, now=time.time() - WINDOW - 5),
        post(said, now=time.time() + WINDOW + 5),
        post(said, headers={"X-Portal-Timestamp": "x"}),
        post(body + b" ", headers=headers),
    ]
    assert [answer.status_code for answer in wrong] == [401] * len(wrong)
    assert len({answer.content for answer in wrong}) == 1
    assert Client().get("/api/v1/back-offices/lamps/updates/").status_code == 405
    assert not OfficeUpdate.objects.exists()
