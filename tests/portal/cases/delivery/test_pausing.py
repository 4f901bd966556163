"""Staff hold an office: what happens is noted, nothing is sent, and later all of it leaves in order, once."""

import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from barnet.customers.actors import Actor
from demo.back_office import BackOffice as DemoOffice
from demo.back_office import Faults, serving
from portal.cases.delivery import pausing
from portal.cases.delivery.enums import DeliveryState, OfficeStatus
from portal.cases.delivery.nightly import KIND, make_file, make_files
from portal.cases.delivery.pausing import go_on, hold_office
from portal.cases.delivery.sending import send_waiting
from portal.cases.delivery.updates import Update, apply_update
from portal.cases.models import Delivery, DeliveryAttempt, OfficeFile, OfficePause
from portal.cases.services import assign_case
from tests import factories
from tests.portal.cases.delivery.crew import crew
from tests.portal.cases.delivery.office import SECRET
from tests.portal.cases.test_races import at_once
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hold(dev):
    def hold(office, reason="Their system is moved."):
        return hold_office(office, by=dev, reason=reason)[0]

    return hold


@pytest.fixture
def sending_meanwhile():
    """A worker with a connection of its own, in a thread."""
    threads = []

    def send():
        try:
            send_waiting()
        finally:
            connections.close_all()

    def start():
        threads.append(threading.Thread(target=send))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join(timeout=30)


def test_while_it_is_held_all_is_noted_and_then_leaves_in_order_once(lamps, lamp_office, receive, dev, hold):
    first = receive()
    pause = hold(lamp_office)
    assign_case(first, actor=Actor.staff(dev), team=factories.TeamFactory())
    receive(2)
    assert send_waiting() == "nothing to send"
    assert Delivery.objects.filter(state=DeliveryState.WAITING, attempt_count=0).count() == 3
    assert go_on(pause, by=dev)
    assert send_waiting() == "3 sent, 0 failed"
    assert lamps.kinds == ["received", "assigned", "received"]
    assert send_waiting() == "nothing to send"
    assert len(set(lamps.keys)) == 3


def test_other_offices_are_served(lamps, lamp_office, make_office, receive, hold):
    other = make_office("trees", url=lamps.url, service=factories.ServiceFactory(slug="tree"))
    receive(1, service=other.services.get())
    receive(2)
    hold(lamp_office)
    assert send_waiting() == "1 sent, 0 failed"
    assert lamps.calls[0]["case"]["service"] == "tree"


def test_what_it_tells_us_is_taken_and_is_not_told_back(lamps, lamp_office, receive, dev, hold):
    case = receive()
    pause = hold(lamp_office)
    said = Update("1", case.reference, timezone.now(), OfficeStatus.RESOLVED, outcome="done", reason="A new lamp.")
    update, _again = apply_update(lamp_office, said)
    case.refresh_from_db()
    assert (update.result, case.state) == ("applied", "resolved")
    go_on(pause, by=dev)
    send_waiting()
    assert lamps.kinds == ["received"]


@pytest.fixture
def on_its_way(lamps, lamp_office, receive, sending_meanwhile):
    """One call that the office has, and has not answered."""
    receive()
    lamps.answers = ["wait"]
    worker = sending_meanwhile()
    wait_for(lambda: len(lamps.calls) == 1, "the call")
    yield worker
    lamps.may_answer.set()


def test_what_is_on_its_way_arrives_once_though_it_is_held_and_let_go_meanwhile(
    lamps, lamp_office, receive, dev, hold, on_its_way
):
    pause = hold(lamp_office)
    receive(2)
    go_on(pause, by=dev)
    assert send_waiting() == "1 sent, 0 failed"
    lamps.may_answer.set()
    on_its_way.join(timeout=30)
    assert Counter(lamps.keys).most_common(1)[0][1] == 1
    assert set(Delivery.objects.values_list("state", "attempt_count")) == {("sent", 1)}


def test_without_leaving_it_to_its_worker_it_is_doubled(lamps, lamp_office, dev, hold, on_its_way, monkeypatch):
    """The control."""
    monkeypatch.setattr(pausing, "_on_their_way", lambda deliveries: set())
    go_on(hold(lamp_office), by=dev)
    assert send_waiting() == "1 sent, 0 failed"
    assert Counter(lamps.keys).most_common(1)[0][1] == 2


def test_an_answer_that_comes_while_it_is_held_counts(lamps, lamp_office, dev, hold, on_its_way):
    hold(lamp_office)
    lamps.may_answer.set()
    on_its_way.join(timeout=30)
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_a_worker_that_is_gone_while_it_is_held_is_made_up_for_when_it_goes_on(lamps, lamp_office, receive, dev, hold):
    from portal.cases.delivery.sending import take

    receive()
    at_once(1, lambda number: take())
    pause = hold(lamp_office)
    assert send_waiting() == "nothing to send"
    assert list(DeliveryAttempt.objects.values_list("outcome", flat=True)) == ["lost"]
    go_on(pause, by=dev)
    assert send_waiting() == "1 sent, 0 failed"


def test_what_had_failed_does_not_wait_for_its_next_attempt(lamps, lamp_office, receive, dev, hold):
    receive()
    lamps.answers = [503]
    send_waiting()
    pause = hold(lamp_office)
    go_on(pause, by=dev)
    assert send_waiting() == "1 sent, 0 failed"
    assert len(set(lamps.keys)) == 1


def test_files_of_a_night_are_held_and_the_next_one_has_everything(make_office, receive, dev, hold, settings):
    trees = make_office("trees", kind=KIND)
    receive(1)
    pause = hold(trees)
    receive(2)
    assert make_files() == "0 files"
    assert make_file(trees) is None
    with pytest.raises(CommandError, match="held"):
        call_command("back_office", "file", "trees")
    assert not list(Path(settings.DELIVERY_FILES_ROOT).glob("**/*.csv"))
    go_on(pause, by=dev)
    assert make_files() == "1 files"
    assert OfficeFile.objects.get().row_count == 2


def test_two_who_hold_it_at_once_make_one_pause(lamp_office, dev):
    results = at_once(4, lambda number: hold_office(lamp_office, by=dev, reason=f"Reason {number}"))
    assert sorted(begins for _pause, begins in results) == [False, False, False, True]
    assert len({pause.reason for pause, _begins in results}) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficePause.objects.create(office=lamp_office, began_by=dev, reason="Another")


def test_going_on_twice_ends_only_what_was_meant(lamp_office, dev, hold):
    first = hold(lamp_office)
    assert sorted(at_once(3, lambda number: go_on(first, by=dev))) == [False, False, True]
    second = hold(lamp_office, "Again")
    assert not go_on(first, by=dev)
    assert OfficePause.objects.open().get() == second
    assert (second.reason, second.began_by) == ("Again", dev)
    kept = OfficePause.objects.get(pk=first.pk)
    assert (kept.reason, kept.began_by, kept.ended_by) == ("Their system is moved.", dev, dev)
    assert kept.ended_at


def test_no_longer_used_is_something_else_nothing_is_noted(lamp_office, receive, capsys):
    call_command("back_office", "stop", "lamps")
    receive()
    assert not Delivery.objects.exists()
    call_command("back_office", "list")
    assert "no longer used" in capsys.readouterr().out


def test_real_workers_stop_in_the_middle_and_go_on(make_office, receive, dev, hold):
    """Forty requests with two calls each, three processes."""
    team = factories.TeamFactory()
    office = DemoOffice(secret=SECRET, updates_url="http://127.0.0.1:9/", faults=Faults())
    office._work = lambda reference: None  # it only listens
    with serving(office, tellers=0) as url:
        lamp_office = make_office(url=url)
        pause = hold(lamp_office, "Before it begins")
        for number in range(40):
            assign_case(receive(number), actor=Actor.staff(dev), team=team)
        with crew(3):
            time.sleep(0.5)
            assert office.arrived == []
            go_on(pause, by=dev)
            wait_for(lambda: len(office.arrived) > 5, "the first arrivals")
            pause = hold(lamp_office)
            wait_for(lambda: not DeliveryAttempt.objects.filter(outcome="started").exists(), "what is on its way")
            time.sleep(0.1)
            before = len(office.arrived)
            assert before < 80
            time.sleep(0.8)
            assert len(office.arrived) == before
            go_on(pause, by=dev)
            wait_for(lambda: not Delivery.objects.exclude(state="sent").exists(), "the rest", seconds=60)
    assert len(office.arrived) == 80
    assert office.repeats == 0
    entries = {}
    for reference, entry, _key in office.arrived:
        entries.setdefault(reference, []).append(entry)
    assert all(len(numbers) == 2 and numbers == sorted(numbers) for numbers in entries.values())
