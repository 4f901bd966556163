"""An office that speaks Open311 is told: what it is sent, and what its answers mean."""

import pytest
from django.contrib.gis.geos import Point

from barnet.customers.actors import Actor
from portal.cases.delivery import calling
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.sending import leave_out, replay, send_waiting, settle_interrupted, take
from portal.cases.models import Delivery, DeliveryAttempt, OfficeCase, OfficeUpdate
from portal.cases.services import ContactDetails, assign_case, recategorise_case, resolve_case
from tests import factories
from tests.portal.cases.delivery.georeport import KEY
from tests.portal.cases.delivery.standing import hear, hurry, soon, states

pytestmark = pytest.mark.django_db(transaction=True)


def last_error():
    return Delivery.objects.exclude(last_error="").latest("pk").last_error


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
