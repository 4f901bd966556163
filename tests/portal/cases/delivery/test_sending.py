"""What is written with a timeline reaches the office: at least once, in order, or it is in the list."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.customers.actors import Actor
from portal.cases.delivery import calling, sending
from portal.cases.delivery.enums import AttemptOutcome, DeliveryState
from portal.cases.delivery.sending import (
    MAX_ATTEMPTS,
    PAUSES,
    leave_out,
    replay,
    send_waiting,
    settle_interrupted,
    take,
)
from portal.cases.models import BackOffice, Delivery, DeliveryAttempt, OfficeCase
from portal.cases.services import ContactDetails, add_note, assign_case, recategorise_case
from tests import factories
from tests.portal.cases.delivery.standing import hurry, states
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def assign(case, dev):
    return assign_case(case, actor=Actor.staff(dev), team=factories.TeamFactory())


def test_what_the_customer_reads_is_told_in_order_with_the_request(lamps, lamp_office, receive, dev):
    case = receive(contact=ContactDetails(name="Asha Owner", email="asha@example.com"))
    add_note(case, actor=Actor.staff(dev), text="She was upset.")
    assign(case, dev)
    assert send_waiting() == "2 sent, 0 failed"
    assert lamps.kinds == ["received", "assigned"]
    told = lamps.calls[1]["case"]
    assert (told["reference"], told["service"], told["details"]) == (
        case.reference,
        "street-light",
        [{"label": "Which", "value": "1"}],
    )
    assert told["contact"]["email"] == "asha@example.com"
    assert "upset" not in str(lamps.calls)
    assert OfficeCase.objects.get(case=case).reference == f"L-{case.reference[-4:]}"
    case.refresh_from_db()
    assert case.version == 1  # delivering is no act on the request


def test_a_service_without_an_office_writes_nothing_and_an_office_costs_no_query(lamp_office, receive, dev):
    without, other = receive(service=factories.ServiceFactory()), receive(2)
    assert list(Delivery.objects.values_list("case", flat=True)) == [other.pk]
    assign(receive(3), dev)  # what a process remembers from the first time is no part of it
    counts = []
    for case in (without, other):
        with CaptureQueriesContext(connection) as queries:
            assign(case, dev)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_rolled_back_is_not_told(lamp_office, receive):
    with transaction.atomic():
        receive()
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_an_office_may_not_hear_who_asked(lamps, make_office, receive):
    make_office(url=lamps.url, hears_contact=False)
    receive(contact=ContactDetails(name="Asha Owner", email="asha@example.com"))
    send_waiting()
    assert "contact" not in lamps.calls[0]["case"]
    assert "asha" not in str(lamps.calls).lower()


def test_an_office_that_loses_a_request_hears_that_it_moved_and_the_new_one_begins(lamps, lamp_office, receive, dev):
    case = receive()
    park = factories.ServiceFactory(slug="park", name="Park")
    recategorise_case(case, actor=Actor.staff(dev), service=park)
    assign(case, dev)
    send_waiting()
    assert lamps.kinds == ["received", "moved"]


def test_failures_wait_longer_and_longer_then_are_given_up_and_replayed_under_the_same_key(lamps, lamp_office, receive):
    receive()
    lamps.answers = [500] * MAX_ATTEMPTS
    for pause in PAUSES:
        before = timezone.now()
        assert send_waiting() == "0 sent, 1 failed"
        due = Delivery.objects.get().due_at - before
        assert pause <= due < pause + dt.timedelta(minutes=1)
        assert send_waiting() == "nothing to send"
        hurry()
    send_waiting()
    assert states() == [DeliveryState.GIVEN_UP]
    assert Delivery.objects.get().last_error.startswith("500")
    assert replay(Delivery.objects.all()) == 1
    assert send_waiting() == "1 sent, 0 failed"
    assert len(set(lamps.keys)) == 1
    assert len(lamps.keys) == MAX_ATTEMPTS + 1
    assert Delivery.objects.get().last_error == ""


def test_a_refusal_is_given_up_at_once_and_holds_back_the_rest_of_its_request_only(lamps, lamp_office, receive, dev):
    one, other = receive(), receive(2)
    assign(one, dev)
    lamps.answers = [422]
    send_waiting()
    assert states() == [DeliveryState.GIVEN_UP, DeliveryState.SENT, DeliveryState.WAITING]
    assert {call["case"]["reference"] for call in lamps.calls} == {one.reference, other.reference}
    assert leave_out(Delivery.objects.all()) == 1
    send_waiting()
    assert lamps.kinds == ["received", "received", "assigned"]
    assert states() == [DeliveryState.LEFT_OUT, DeliveryState.SENT, DeliveryState.SENT]


def test_an_office_says_how_long_to_wait(lamps, lamp_office, receive):
    receive()
    lamps.answers = [(429, {"Retry-After": "7200"})]
    send_waiting()
    wait = Delivery.objects.get().due_at - timezone.now()
    assert dt.timedelta(minutes=119) < wait <= dt.timedelta(hours=2)


def test_a_redirect_is_not_followed(lamps, lamp_office, receive):
    receive()
    lamps.answers = [(307, {"Location": lamps.url})]
    send_waiting()
    assert states() == [DeliveryState.GIVEN_UP]
    assert len(lamps.calls) == 1


def test_an_office_that_stalls_is_left_alone_for_this_run(lamps, lamp_office, receive, monkeypatch):
    monkeypatch.setattr(calling, "WAIT", (1, 0.3))
    receive()
    receive(2)
    lamps.answers = ["stall"]
    assert send_waiting() == "0 sent, 1 failed"
    assert states() == [DeliveryState.WAITING] * 2
    assert "Timeout" in Delivery.objects.first().last_error


@pytest.mark.parametrize("answer", ["drip", "cut"])
def test_an_answer_that_does_not_end_counts_as_silence(lamps, lamp_office, receive, monkeypatch, answer):
    monkeypatch.setattr(calling, "LONGEST_ANSWER", 0.5)
    receive()
    receive(2)
    lamps.answers = [answer]
    assert send_waiting() == "0 sent, 1 failed"
    assert states() == [DeliveryState.WAITING] * 2
    assert Delivery.objects.first().last_error.startswith("No answer")
    hurry()
    assert send_waiting() == "2 sent, 0 failed"


def test_one_silent_office_does_not_hold_up_another(lamps, lamp_office, make_office, receive):
    make_office("away", url="http://127.0.0.1:9/", service=factories.ServiceFactory())
    receive(service=factories.ServiceFactory())
    receive(2)
    assert send_waiting() == "1 sent, 1 failed"
    assert lamps.kinds == ["received"]


def test_workers_at_once_never_take_the_same_nor_a_later_one_of_the_same_request(lamp_office, receive, dev):
    cases = [receive(number) for number in range(3)]
    for case in cases:
        assign(case, dev)
    taken = [attempt.delivery for attempt in at_once(8, lambda number: take()) if attempt]
    assert sorted(delivery.case_id for delivery in taken) == sorted(case.pk for case in cases)
    assert {delivery.entry.kind for delivery in taken} == {"received"}


def test_without_the_order_a_later_one_is_taken(lamp_office, receive, dev, monkeypatch):
    """The control: what is not done before it is what holds it back."""
    assign(receive(), dev)
    monkeypatch.setattr(sending, "NOT_DONE", [])
    assert [take().delivery.entry.kind, take().delivery.entry.kind] == ["received", "assigned"]


def test_an_attempt_whose_worker_is_gone_is_made_again_at_once(lamps, lamp_office, receive):
    receive()
    at_once(1, lambda number: take())  # its connection is closed with the thread
    assert send_waiting() == "1 sent, 0 failed"
    assert list(DeliveryAttempt.objects.values_list("outcome", flat=True)) == [AttemptOutcome.LOST, AttemptOutcome.SENT]


def test_an_attempt_of_a_living_worker_is_left_alone(lamp_office, receive):
    receive()
    assert take()
    assert settle_interrupted() == 0
    assert send_waiting() == "nothing to send"


def test_a_stopped_office_is_told_nothing_until_it_is_set_again(lamps, lamp_office, receive):
    receive()
    call_command("back_office", "stop", "lamps")
    assert send_waiting() == "nothing to send"
    receive(2)
    assert Delivery.objects.count() == 1
    call_command("back_office", "set", "lamps")
    assert send_waiting() == "1 sent, 0 failed"


def test_an_office_is_made_by_command_and_its_secret_shown_once_and_kept_sealed(capsys, db):
    factories.ServiceFactory(slug="street-light")
    said = ["back_office", "set", "lamps", "--url", "https://lamps.example/hooks", "--services", "street-light"]
    call_command(*said)
    made = BackOffice.objects.get()
    assert made.secret in capsys.readouterr().out
    assert made.secret not in made.sealed_secret
    call_command(*said, "--name", "Lamps Ltd")
    assert made.secret not in capsys.readouterr().out
    call_command("back_office", "list")
    assert "lamps (webhook): 0 waiting, 0 given up; street-light" in capsys.readouterr().out


@pytest.mark.parametrize(
    "said",
    [
        ["--url", "ftp://lamps.example"],
        ["--url", "https://user:pass@lamps.example"],
        ["--url", "https://lamps.example:port"],
        [],
        ["--url", "https://lamps.example", "--services", "nothing"],
        ["--url", "https://lamps.example", "--secret-file", "/nowhere"],
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(db, said):
    with pytest.raises(CommandError):
        call_command("back_office", "set", "lamps", *said)
    assert not BackOffice.objects.exists()


def test_the_command_replays_and_leaves_out(lamps, lamp_office, receive, capsys):
    case, other = receive(), receive(2)
    lamps.answers = [400, 400]
    send_waiting()
    call_command("back_office", "replay", "lamps", "--case", case.reference)
    call_command("back_office", "leave-out", "lamps", "--case", other.reference)
    call_command("back_office", "send")
    assert capsys.readouterr().out.splitlines() == [
        "1 will be tried again.",
        "1 will not be sent.",
        "1 sent, 0 failed",
    ]
    assert states() == [DeliveryState.SENT, DeliveryState.LEFT_OUT]
