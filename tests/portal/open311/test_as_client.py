"""Our client against our own server, over HTTP: a request here becomes a request there, and ends here when it ends
there."""

import os
import signal

import pytest
from django.contrib.gis.geos import Point
from django.db import transaction

from barnet.customers.actors import Actor
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.open311.hearing import hear_offices
from portal.cases.delivery.sending import send_waiting
from portal.cases.models import BackOffice, Case, Delivery, OfficeCase
from portal.cases.services import (
    ContactDetails,
    assign_case,
    hold_case,
    receive_case,
    reopen_case,
    resolve_case,
    withdraw_case,
)
from portal.reports.models import PublicReport
from tests.factories import AddressFactory, ServiceFactory, TeamFactory
from tests.portal.cases.delivery.crew import crew
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firm(live_server, system):
    """Deals with what is reported to us as `dark-street`; there it is a `street-light`."""
    office = BackOffice(slug="firm", name="Firm", kind="open311", url=f"{live_server.url}/api/open311/v2/")
    office.options = {
        "code.dark-street": "street-light",
        "attribute.dark-street.problem": "What happened?",
        "attribute.dark-street.near": "Near what?",
        "updates": "yes",
    }
    office.secret = system.secret
    office.save()
    office.services.add(ServiceFactory(slug="dark-street", name="Dark street"))
    return office


def receive(office, number=1, **more):
    said = {
        "details": [("What happened?", "It is out"), ("Near what?", "A school, A bus stop")],
        "contact": ContactDetails(name="Asha Owner", email="asha@example.com"),
        "location": Point(525000, 195000, srid=27700),
        **more,
    }
    return receive_case(
        office.services.get(), actor=Actor.visitor(), submission_key=f"dark {number}", title=f"Dark {number}", **said
    ).case


def theirs_of(case):
    return Case.objects.get(reference=OfficeCase.objects.get(case=case).reference)


def hear(*cases):
    told = hear_offices()
    for case in cases:
        case.refresh_from_db()
    return told


def test_a_request_goes_there_is_worked_on_and_ends_here(firm, dev):
    ours = receive(firm, address=AddressFactory())
    assert send_waiting() == "1 sent, 0 failed"
    theirs = theirs_of(ours)
    assert (theirs.service.slug, theirs.contact_name, theirs.contact_email) == (
        "street-light",
        "Asha Owner",
        "asha@example.com",
    )
    assert theirs.address_id == ours.address_id
    assert ["What is wrong?", "It is out"] in theirs.details
    assert ["What is near?", "A school, A bus stop"] in theirs.details
    assert PublicReport.objects.get(case=theirs).words == ""

    officer = Actor.staff(dev)
    assign_case(theirs, actor=officer, team=TeamFactory())
    hear(ours)
    assert ours.state == "assigned"
    resolve_case(theirs, actor=officer, outcome="done", public_reason="A new lamp for Asha.")
    hear(ours)
    assert (ours.state, ours.outcome) == ("resolved", "done")
    assert "Asha" not in ours.public_reason  # the standard is read by everybody
    reopen_case(theirs, actor=officer, why="It flickers")
    hear(ours)
    assert ours.is_open
    assert send_waiting() == "nothing to send"  # no echo of what it told us


def test_what_happens_here_is_told_there_and_comes_back_as_no_change(firm, dev):
    ours = receive(firm)
    send_waiting()
    theirs = theirs_of(ours)
    resolve_case(ours, actor=Actor.staff(dev), outcome="done", public_reason="We did it.")
    send_waiting()
    assert any("We did it." in entry.public_text for entry in theirs.timeline.filter(kind="message"))
    hear(ours)
    assert ours.state == "resolved"
    reopen_case(ours, actor=Actor.staff(dev), why="It is out again")
    send_waiting(), hear(ours)
    assert ours.is_open
    assert send_waiting() == "nothing to send"
    withdraw_case(ours, actor=Actor.staff(dev))
    send_waiting(), hear(ours)
    assert (ours.state, set(Delivery.objects.values_list("state", flat=True))) == ("withdrawn", {DeliveryState.SENT})


def test_looking_at_the_requests_comes_to_the_same(firm, dev):
    firm.options["read"] = "requests"
    firm.save()
    ours = receive(firm)
    send_waiting()
    theirs = theirs_of(ours)
    assert hear(ours) == "1 updates"  # a word on how it stands, for staff
    hold_case(theirs, actor=Actor.staff(dev), reason="A part is missing")
    hear(ours)
    assert ours.state == "received"  # open there means no more than open
    resolve_case(theirs, actor=Actor.staff(dev), outcome="done", public_reason="A new lamp.")
    hear(ours)
    assert ours.state == "resolved"


def test_what_the_server_refuses_is_given_up_with_its_sentence(firm, dev):
    receive(firm, details=[("What happened?", "It hums")])
    send_waiting()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == ("given_up", "400: attribute[problem] has no value 'It hums'.")


def test_thirty_requests_and_a_worker_that_is_killed_are_thirty_there(firm, dev):
    firm.options["attribute.dark-street.near"] = "=school"
    firm.save()
    with crew(3) as workers:
        for number in range(30):
            with transaction.atomic():
                receive(firm, number)
        wait_for(lambda: OfficeCase.objects.count() > 3, "the first arrivals")
        os.kill(workers[0], signal.SIGKILL)
        wait_for(lambda: not Delivery.objects.exclude(state="sent").exists(), "every delivery")
    assert Case.objects.filter(service__slug="street-light").count() == 30
    assert OfficeCase.objects.values("reference").distinct().count() == 30
