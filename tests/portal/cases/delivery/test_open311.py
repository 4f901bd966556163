"""An office that speaks Open311: what it is sent, what its answers mean, and what becomes of our requests."""

import datetime as dt

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.utils import timezone

from barnet.customers.actors import Actor
from portal.cases.delivery import calling
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.open311 import hearing
from portal.cases.delivery.open311.hearing import hear_offices
from portal.cases.delivery.sending import leave_out, replay, send_waiting, settle_interrupted, take
from portal.cases.models import BackOffice, Delivery, DeliveryAttempt, OfficeCase, OfficeUpdate, TimelineEntry
from portal.cases.services import ContactDetails, assign_case, recategorise_case, reopen_case, resolve_case
from tests import factories
from tests.portal.cases.delivery import georeport
from tests.portal.cases.delivery.georeport import KEY
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def roads():
    with georeport.running() as running:
        yield running


@pytest.fixture
def make_roads(make_office, roads):
    def make(**options):
        hears_contact = options.pop("hears_contact", True)
        named = {name.replace("__", "."): value for name, value in options.items()}
        office = make_office("roads", url=roads.url, kind="open311", options=named, hears_contact=hears_contact)
        office.secret = KEY
        office.save()
        return office

    return make


def hurry():
    Delivery.objects.filter(state=DeliveryState.WAITING).update(due_at=timezone.now())


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def last_error():
    return Delivery.objects.exclude(last_error="").latest("pk").last_error


def soon(seconds=1):
    return timezone.now() + dt.timedelta(seconds=seconds)


def hear(case):
    told = hear_offices()
    case.refresh_from_db()
    return told


def notes(case):
    return [entry.internal_text for entry in case.timeline.exclude(internal_text="")]


# --- what it is sent --------------------------------------------------------------------------------------------------


def test_a_request_is_posted_as_the_standard_says(roads, make_roads, receive):
    make_roads(**{"code.street-light": "LAMP", "jurisdiction": "barnet.gov.uk", "id_attribute": "ours"})
    case = receive(
        contact=ContactDetails(name="Asha Maria Owner", email="asha@example.com", phone="020"),
        address=factories.AddressFactory(),
        location=Point(525000, 195000, srid=27700),
    )
    assert send_waiting() == "1 sent, 0 failed"
    [sent] = roads.posts
    lat, long = float(sent.pop("lat")[0]), float(sent.pop("long")[0])
    assert (lat, long) == pytest.approx((51.64, -0.19), abs=0.02)
    assert {name: value[0] for name, value in sent.items()} == {
        "api_key": KEY,
        "jurisdiction_id": "barnet.gov.uk",
        "service_code": "LAMP",
        "address_string": case.place,
        "address_id": str(case.address_id),
        "description": "Lamp 1\nWhich: 1",
        "attribute[ours]": case.reference,
        "first_name": "Asha Maria",
        "last_name": "Owner",
        "email": "asha@example.com",
        "phone": "020",
    }
    assert roads.keys == [str(Delivery.objects.get().key)]
    assert OfficeCase.objects.get(case=case).reference == "R-1"


def test_an_office_hears_only_what_it_may(roads, make_roads, receive, dev):
    make_roads(details="no", uprn="no", updates="yes", hears_contact=False)
    case = receive(
        details=[("Who", "Asha Owner")],
        contact=ContactDetails(name="Asha Owner", email="asha@example.com"),
        address=factories.AddressFactory(),
    )
    resolve_case(case, actor=Actor.staff(dev), outcome="done", public_reason="Asha has a new lamp.")
    send_waiting()
    assert (len(roads.posts), len(roads.updates)) == (1, 1)
    assert "asha" not in str([roads.posts, roads.updates]).lower()
    assert "address_id" not in roads.posts[0]
    assert roads.posts[0]["description"] == ["Lamp 1"]


def test_answers_are_sent_as_the_attributes_of_the_office(roads, make_roads, receive):
    roads.attributes = [
        {"code": "fault", "datatype": "singlevaluelist", "values": [{"key": "OUT", "name": "It is out"}]},
        {"code": "near", "datatype": "multivaluelist", "values": {"value": [{"key": 1, "name": "A school"}]}},
    ]
    make_roads(
        **{
            "attribute.street-light.fault": "What is wrong?",
            "attribute.street-light.near": "What is near?",
            "attribute.street-light.source": "=portal",
            "attribute.street-light.missing": "Never asked",
        }
    )
    receive(details=[("What is wrong?", "It is out"), ("What is near?", "A school, A stop")])
    send_waiting()
    sent = {name: value for name, value in roads.posts[0].items() if name.startswith("attribute")}
    assert sent == {"attribute[fault]": ["OUT"], "attribute[near][]": ["1", "A stop"], "attribute[source]": ["portal"]}


def test_pictures_are_named_only_when_everybody_may_see_them(roads, make_roads, receive, monkeypatch):
    from portal.reports.models import About, PublicReport, PublicService

    make_roads()
    first, second = receive(1), receive(2)
    PublicService.objects.create(service=first.service, about=About.STREET)
    for case, shows in ((first, True), (second, False)):
        PublicReport.objects.create(
            case=case, about=About.STREET, media_urls=["https://pictures.example/1.jpg"], shows_media=shows
        )
    send_waiting()
    assert [sent.get("media_url") for sent in roads.posts] == [["https://pictures.example/1.jpg"], None]


def test_later_words_are_told_where_the_office_takes_them(roads, make_roads, receive, dev):
    make_roads(updates="yes", statuses="fixmystreet")
    case = receive()
    assign_case(case, actor=Actor.staff(dev), team=factories.TeamFactory())
    resolve_case(case, actor=Actor.staff(dev), outcome="done", public_reason="A new lamp.")
    assert send_waiting() == "3 sent, 0 failed"
    assert [update["status"] for update in roads.updates] == [["IN_PROGRESS"], ["CLOSED"]]
    assert roads.updates[1]["description"] == ["Done. A new lamp."]
    assert {update["service_request_id"][0] for update in roads.updates} == {"R-1"}
    assert len({update["update_id"][0] for update in roads.updates}) == 2


def test_where_it_takes_none_they_are_left_out_and_hold_up_nothing(roads, make_roads, receive, dev):
    make_roads()
    assign_case(receive(), actor=Actor.staff(dev), team=factories.TeamFactory())
    send_waiting()
    assert states() == ["sent", "left_out"]
    assert (roads.updates, Delivery.objects.get(state="left_out").sent_at) == ([], None)


def test_a_request_that_moved_away_unheard_is_not_made_there(roads, make_roads, receive, dev):
    make_roads(updates="yes")
    roads.faults = [400]
    case = receive()
    send_waiting()
    leave_out(Delivery.objects.all())
    recategorise_case(case, actor=Actor.staff(dev), service=factories.ServiceFactory(slug="park", name="Park"))
    send_waiting()
    assert (roads.made, states()) == ({}, ["left_out", "left_out"])


# --- what its answers mean --------------------------------------------------------------------------------------------


def test_a_refusal_is_given_up_with_its_sentence_and_without_the_key(roads, make_roads, receive):
    make_roads()
    roads.faults = [400]
    receive()
    send_waiting()
    assert (states(), last_error()) == (["given_up"], "400: No, ….")


@pytest.mark.parametrize("fault", [500, 503, 429, "stall", "rubbish"])
def test_what_may_be_better_later_is_tried_again_and_is_one_request_there(
    roads, make_roads, receive, monkeypatch, fault
):
    monkeypatch.setattr(calling, "WAIT", (1, 0.3))
    make_roads()
    roads.faults = [fault]
    receive()
    assert send_waiting() == "0 sent, 1 failed"
    assert states() == ["waiting"]
    hurry()
    assert send_waiting() == "1 sent, 0 failed"
    assert list(roads.made) == ["R-1"]
    assert len(set(roads.keys)) == 1
    assert OfficeCase.objects.get().reference == "R-1"


def test_a_worker_that_was_killed_after_the_call_makes_no_second_request(roads, make_roads, receive, dev):
    """The call was made and the worker stopped before it could write so."""
    from portal.cases.delivery.open311.telling import hand_over

    make_roads()
    receive()
    attempt = take()
    hand_over(attempt.delivery)
    DeliveryAttempt.objects.update(taker="gone")
    assert settle_interrupted() == 1
    send_waiting()
    assert (len(roads.posts), list(roads.made), states()) == (2, ["R-1"], ["sent"])


def test_no_way_of_trying_again_makes_a_second_request(roads, make_roads, receive, dev, monkeypatch):
    """The answer never reached us, staff left it out, and the next entry brings the request again."""
    monkeypatch.setattr(calling, "WAIT", (1, 0.3))
    make_roads(updates="yes")
    roads.faults = ["stall"]
    case = receive()
    send_waiting()
    Delivery.objects.update(state=DeliveryState.LEFT_OUT)
    assign_case(case, actor=Actor.staff(dev), team=factories.TeamFactory())
    send_waiting()
    assert (len(roads.posts), list(roads.made)) == (2, ["R-1"])


def test_without_the_key_there_would_be_two(roads, make_roads, receive, monkeypatch):
    """The control: the same at an office that heeds no key."""
    monkeypatch.setattr(calling, "WAIT", (1, 0.3))
    make_roads(id_attribute="ours")
    roads.faults, roads.heeds_keys = ["stall"], False
    case = receive()
    send_waiting(), hurry(), send_waiting()
    assert list(roads.made) == ["R-1", "R-2"]
    assert [sent["attribute[ours]"] for sent in roads.posts] == [[case.reference]] * 2  # it could have known


def test_order_holds_for_each_request(roads, make_roads, receive, dev):
    make_roads(updates="yes")
    first, second = receive(1), receive(2)
    for case in (first, second):
        assign_case(case, actor=Actor.staff(dev), team=factories.TeamFactory())
    roads.faults = [500]  # the first word of the first request
    send_waiting()
    assert [sent["description"] for sent in roads.made.values()] == [["Lamp 2\nWhich: 2"]]
    assert len(roads.updates) == 1
    hurry()
    send_waiting()
    assert [sent["service_request_id"] for sent in roads.updates] == [["R-1"], ["R-2"]]


def test_an_update_that_it_has_already_counts_as_taken_only_when_it_was_sent_before(roads, make_roads, receive, dev):
    make_roads(updates="yes")
    case = receive()
    send_waiting()
    assign_case(case, actor=Actor.staff(dev), team=factories.TeamFactory())
    roads.refusal = "An update with that ID already exists"
    roads.faults = [400]
    send_waiting()
    assert states() == ["sent", "given_up"]
    roads.faults = [400]
    replay(Delivery.objects.all())
    send_waiting()
    assert states() == ["sent", "sent"]


def test_a_token_is_kept_and_asked_until_it_has_a_number(roads, make_roads, receive, dev):
    make_roads(updates="yes")
    roads.tokens, roads.named = True, False
    case = receive()
    assign_case(case, actor=Actor.staff(dev), team=factories.TeamFactory())
    send_waiting()
    known = OfficeCase.objects.get()
    assert (known.token, known.reference, states()) == ("t-R-1", "", ["sent", "waiting"])
    roads.say("R-1", "IN_PROGRESS", soon(), "Van 3")
    hear(case)
    assert OfficeUpdate.objects.count() == 0
    roads.named = True
    hear(case)
    known.refresh_from_db()
    assert (known.reference, [update.status for update in OfficeUpdate.objects.all()]) == ("R-1", ["in_progress"])
    hurry()
    send_waiting()
    assert roads.updates[0]["service_request_id"] == ["R-1"]
    assert len(roads.posts) == 1


# --- what becomes of our requests -------------------------------------------------------------------------------------


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


# --- setting it -------------------------------------------------------------------------------------------------------


def set_office(tmp_path, *options, secret="k", **more):
    file = tmp_path / "key"
    file.write_text(secret)
    given = [text for option in options for text in ("--option", option)]
    known = ["--kind", "open311", "--url", "https://roads.example/v2", "--secret-file", str(file)]
    call_command("back_office", "set", "roads", *known, *given, **more)


def test_an_operator_sets_the_office(tmp_path, db, capsys):
    factories.ServiceFactory(slug="pothole")
    set_office(tmp_path, "code.pothole=HOLE", "attribute.pothole.size=How big?", "updates=yes", secret="their key")
    office = BackOffice.objects.get()
    assert office.options == {"code.pothole": "HOLE", "attribute.pothole.size": "How big?", "updates": "yes"}
    assert office.secret == "their key"
    call_command("back_office", "set", "roads", "--option", "updates=")
    call_command("back_office", "list")
    told = capsys.readouterr().out
    assert "code.pothole=HOLE" in told
    assert "updates" not in BackOffice.objects.get().options
    assert "their key" not in told


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("updates=perhaps", "yes"),
        ("colour=red", "no option"),
        ("code.nowhere=X", "no service nowhere"),
        ("status.closed=resolved", "resolved:outcome"),
        ("updates", "name=value"),
        (f"jurisdiction={'x' * 201}", "200"),
    ],
)
def test_a_wrong_option_changes_nothing(tmp_path, db, option, words):
    with pytest.raises(CommandError, match=words):
        set_office(tmp_path, option)
    assert not BackOffice.objects.exists()


def test_its_key_is_theirs_and_opens_no_door_here(client, tmp_path, db):
    with pytest.raises(CommandError, match="--secret-file"):
        call_command("back_office", "set", "roads", "--kind", "open311", "--url", "https://roads.example/v2")
    set_office(tmp_path)
    import json
    import time

    from portal.cases.delivery.signing import signed_headers

    body = json.dumps({"update_id": "1"}).encode()
    headers = signed_headers("k", body, now=time.time())
    path = "/api/v1/back-offices/roads/updates/"
    assert client.post(path, body, content_type="application/json", headers=headers).status_code == 401
