"""What an office that speaks Open311 tells of our requests, and what becomes of them."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.actors import Actor
from portal.cases.delivery.open311 import hearing
from portal.cases.delivery.open311.hearing import hear_offices
from portal.cases.delivery.sending import send_waiting
from portal.cases.models import BackOffice, OfficeCase, OfficeUpdate, TimelineEntry
from portal.cases.services import reopen_case, resolve_case
from tests.portal.cases.delivery import georeport
from tests.portal.cases.delivery.georeport import KEY
from tests.portal.cases.delivery.standing import hear, soon, states
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def notes(case):
    return [entry.internal_text for entry in case.timeline.exclude(internal_text="")]


@pytest.fixture
def case(make_roads, roads, receive):
    make_roads()
    case = receive()
    send_waiting()
    return case


def test_what_it_tells_is_done_once_in_the_order_of_its_times(roads, case):
    roads.say("R-1", "closed", soon(3), "The lamp shines")
    roads.say("R-1", "in_progress", soon(1), "Van 3")
    roads.say("R-1", "on_hold", soon(2), "We wait for a part")
    roads.say("R-99", "closed", soon(3), "Somebody else's")
    assert hear(case) == "3 updates"
    assert (case.state, case.outcome, case.public_reason) == ("resolved", "done", "The lamp shines")
    assert [entry.kind for entry in case.timeline.all()] == ["received", "assigned", "note", "held", "resolved"]
    assert hear(case) == "0 updates"
    assert TimelineEntry.objects.count() == 5
    assert states() == ["sent", "left_out", "left_out", "left_out"]  # it knows what it told us


def test_ten_that_ask_at_once_do_it_once(roads, case):
    roads.say("R-1", "in_progress", soon(1))
    roads.say("R-1", "closed", soon(2), "The lamp shines")
    told = at_once(10, lambda _number: hear_offices())
    assert sum(int(words.split()[0]) for words in told) == 2
    assert [entry.kind for entry in case.timeline.all()] == ["received", "assigned", "resolved"]
    assert OfficeUpdate.objects.count() == 2


def test_a_late_one_never_overwrites_what_is_newer(roads, case, dev):
    roads.say("R-1", "on_hold", timezone.now() - dt.timedelta(minutes=1), "We wait for a part")
    hear(case)
    assert case.state == "received"  # older than the request itself
    assert "We wait for a part" in notes(case)[0]
    roads.say("R-1", "closed", soon(2))
    hear(case)
    roads.say("R-1", "in_progress", soon(1))
    hear(case)
    assert case.state == "resolved"
    assert OfficeUpdate.objects.latest("pk").result == "late"


def test_what_nobody_knows_is_noted(roads, case):
    roads.say("R-1", "Awaiting Kerb Permit", soon(1))
    roads.say("R-1", "NO_FURTHER_ACTION", soon(2), "Not a lamp")
    hear(case)
    assert case.state == "received"
    assert "Awaiting Kerb Permit" in notes(case)[0]
    assert "NO_FURTHER_ACTION: Not a lamp" in notes(case)[1]


def test_an_operator_says_what_a_status_means(roads, make_roads, receive):
    make_roads(status__no_further_action="resolved:not_possible", status__closed="resolved:nowhere")
    first, second = receive(1), receive(2)
    send_waiting()
    roads.say("R-1", "No Further Action", soon())
    roads.say("R-2", "closed", soon())
    hear(first), second.refresh_from_db()
    assert (first.state, first.outcome) == ("resolved", "not_possible")
    assert second.state == "received"  # the service has no such outcome


def test_the_same_status_again_undoes_nothing_that_staff_did(roads, case, dev):
    """It repeats how it stands with words that our staff wrote: FixMyStreet, and our own server, do."""
    roads.say("R-1", "closed", soon(1), "Done")
    hear(case)
    reopen_case(case, actor=Actor.staff(dev), why="It flickers")
    roads.say("R-1", "closed", soon(60), "It flickers")
    hear(case)
    assert case.is_open
    assert "It flickers" in notes(case)[-1]


def test_open_opens_again_only_what_was_closed_there(roads, make_roads, receive, dev):
    make_roads()
    ours, theirs = receive(1), receive(2)
    send_waiting()
    resolve_case(ours, actor=Actor.staff(dev), outcome="done", public_reason="We did it.")
    roads.say("R-1", "open", soon(1), "It is said to be done")
    roads.say("R-2", "closed", soon(1))
    roads.say("R-2", "open", soon(2), "It broke again")
    hear(ours), theirs.refresh_from_db()
    assert (ours.state, theirs.is_open, theirs.reopened_count) == ("resolved", True, 1)


def test_two_requests_that_are_one_there_both_end(roads, make_roads, receive):
    make_roads()
    first, second = receive(1), receive(2)
    send_waiting()
    OfficeCase.objects.update(reference="R-1")
    roads.say("R-1", "closed", soon())
    assert hear(first) == "2 updates"
    second.refresh_from_db()
    assert (first.state, second.state) == ("resolved", "resolved")


@pytest.mark.parametrize(
    "row",
    [
        {"updated_datetime": "soon"},
        {"service_request_id": None},
        {"update_id": None, "status": {"a": 1}, "description": ["x"]},
        {"updated_datetime": "2999-01-01T00:00:00Z"},
        {"description": "x" * 5000 + "\x00"},
    ],
)
def test_a_row_that_makes_no_sense_holds_up_no_other(roads, case, row):
    roads.told.append(
        {"update_id": "a", "service_request_id": "R-1", "status": "note", "updated_datetime": soon().isoformat(), **row}
    )
    roads.say("R-1", "closed", soon(1), "Done")
    hear(case)
    assert case.timeline.filter(kind="resolved").exists()


def test_an_office_that_is_away_is_asked_from_where_it_was_left(roads, case):
    hear(case)
    before = BackOffice.objects.get().heard_until
    roads.faults = ["away"]
    assert hear(case) == "0 updates, 1 offices without an answer"
    assert BackOffice.objects.get().heard_until == before
    hear(case)
    (path, query) = roads.asked[-1]
    assert path == "servicerequestupdates"
    assert query["api_key"] == [KEY]
    asked_from = dt.datetime.fromisoformat(query["start_date"][0])
    assert before - asked_from >= hearing.OVERLAP


def test_never_more_than_ninety_days_are_asked_for(roads, case):
    BackOffice.objects.update(heard_until=timezone.now() - dt.timedelta(days=200))
    hear(case)
    _path, query = roads.asked[-1]
    first, last = (dt.datetime.fromisoformat(query[name][0]) for name in ("start_date", "end_date"))
    assert last - first <= dt.timedelta(days=90)


def test_an_answer_that_may_be_cut_is_read_to_its_end(roads, case, monkeypatch):
    monkeypatch.setattr(hearing, "FULL", 2)
    at = timezone.now()
    for second in range(4):
        roads.say("R-1", "open", at + dt.timedelta(seconds=second), f"Word {second}")
    original, full = georeport._get, 2
    monkeypatch.setattr(georeport, "_get", lambda *said: (200, original(*said)[1][:full]))
    monkeypatch.setattr(hearing, "written", lambda at: at.isoformat())
    monkeypatch.setattr(hearing.timezone, "now", lambda: at + dt.timedelta(seconds=10))
    hear(case)
    assert OfficeUpdate.objects.count() == 4


@pytest.mark.parametrize("options", [{"read": "requests"}, {}])
def test_without_updates_the_requests_are_looked_at(roads, make_roads, receive, options):
    make_roads(**options)
    roads.has_updates = False
    case = receive()
    send_waiting()
    row = {"service_request_id": "R-1", "status": "open", "updated_datetime": soon(0).isoformat()}
    roads.requests = [row]
    assert hear(case) == "0 updates"
    roads.requests = [{**row, "status": "closed", "status_notes": "New lamp", "updated_datetime": soon(2).isoformat()}]
    assert hear(case) == "1 updates"
    assert (case.state, case.public_reason) == ("resolved", "New lamp")
    assert hear(case) == "0 updates"
    roads.requests = [{**row, "updated_datetime": soon(4).isoformat()}]
    hear(case)
    assert (case.is_open, case.reopened_count) == (True, 1)


def test_an_office_may_not_be_read_at_all(roads, make_roads, receive):
    make_roads(read="no")
    receive()
    send_waiting()
    assert (hear_offices(), roads.asked) == ("0 updates", [])
