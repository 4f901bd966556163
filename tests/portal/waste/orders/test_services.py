"""Orders as cases, and what their delivery does to the bins of a home. Tuesday, 7 July 2026."""

import datetime as dt
import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connections

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.models import Case
from portal.cases.services import MoveRefusedError, reopen_case, resolve_case
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import Container, ContainerOrder
from portal.waste.orders.services import NotOrderableError, order_containers
from tests.factories import AddressFactory
from tests.portal.waste.orders.conftest import LISTED, lay_ground, order, ordered, put_on_rounds

pytestmark = pytest.mark.django_db


def on_list(home):
    return sorted(Container.objects.filter(address=home, removed_on=None).values_list("description", flat=True))


def test_order_is_one_case_a_kind_with_its_own_promise(home, served, asha):
    receipts = ordered(home, ("recycling-240", 1, "damaged"), ("food-caddy-kitchen", 1, "lost"), customer=asha)
    promised = {receipt.case.title: receipt.case.promise_on for receipt in receipts}
    assert promised == {
        "Order: Recycling bin, 240 litres": dt.date(2026, 7, 21),
        "Order: Kitchen caddy, 7 litres": dt.date(2026, 7, 14),
    }
    assert {receipt.case.customer for receipt in receipts} == {asha}
    assert Message.objects.filter(customer=asha).exists()


def test_the_same_form_twice_is_one_order(home, served):
    first = ordered(home, ("recycling-240", 1, "damaged"), key="a key")
    again = ordered(home, ("recycling-240", 1, "damaged"), key="a key")
    assert [receipt.result for receipt in again] == ["repeated"]
    assert first[0].case == again[0].case
    assert ContainerOrder.objects.count() == 1


def test_second_order_of_a_kind_joins_the_first(home, served):
    first = ordered(home, ("recycling-240", 1, "damaged"), email="one@example.com")[0]
    second = ordered(home, ("recycling-240", 1, "lost"), email="two@example.com")[0]
    assert (second.result, second.case) == ("joined", first.case)
    assert ContainerOrder.objects.count() == 1


@pytest.mark.parametrize(
    "line",
    [
        ("recycling-240", 2, "damaged"),
        ("recycling-240", 2, "additional"),
        ("recycling-240", 0, "damaged"),
        ("garden-240", 1, "new_home"),
        ("refuse-240", 1, "damaged"),
        ("caddy-liners", 1, "new_home"),
        ("recycling-240", 1, "new_home"),
        ("recycling-box", 1, "give_back"),
        ("refuse-240", 1, "give_back"),
        ("recycling-240", 2, "give_back"),
    ],
)
def test_what_the_rules_forbid_writes_nothing(home, served, line):
    with pytest.raises(NotOrderableError):
        ordered(home, ("food-caddy-kitchen", 1, "lost"), line)
    assert not Case.objects.exists()
    assert not Message.objects.exists()


def test_forged_kind_or_a_kind_twice_is_refused(home, served):
    for lines in ([("no-such", 1, "lost")], [("recycling-240", 1, "lost"), ("recycling-240", 1, "damaged")], []):
        with pytest.raises(ValidationError):
            ordered(home, *lines)
    assert not Case.objects.exists()


def test_staff_order_what_costs_with_the_receipt_and_not_without(home, served):
    refuse = ("refuse-240", 1, "damaged")
    with pytest.raises(NotOrderableError):
        ordered(home, refuse, is_by_staff=True)
    receipt = ordered(home, refuse, is_by_staff=True, receipt="TILL-77")[0]
    written = ContainerOrder.objects.get(case=receipt.case)
    assert (written.fee, written.receipt) == (7400, "TILL-77")


def test_delivery_puts_the_new_bin_on_the_list_and_takes_the_old_one_off(home, served):
    case = ordered(home, ("recycling-240", 1, "damaged"))[0].case
    old = served[1]
    resolve_case(case, actor=Actor.system(), outcome="delivered", public_reason="Told.")
    old.refresh_from_db()
    assert old.removed_on == dt.date(2026, 7, 7)
    assert on_list(home).count("Blue 240 litre wheeled bin") == 1
    new = ContainerOrder.objects.get(case=case).brought.get()
    assert new.identifier == f"{case.reference}-1"


def test_reopened_order_takes_the_delivery_back_and_a_second_one_brings_nothing_twice(home, served):
    before = on_list(home)
    case = ordered(home, ("recycling-240", 1, "additional"))[0].case
    case = resolve_case(case, actor=Actor.system(), outcome="delivered", public_reason="Told.")
    assert len(on_list(home)) == len(before) + 1
    case = reopen_case(Case.objects.get(pk=case.pk), actor=Actor.system(), why="It never came.")
    assert on_list(home) == before
    resolve_case(Case.objects.get(pk=case.pk), actor=Actor.system(), outcome="delivered", public_reason="Told.")
    assert len(on_list(home)) == len(before) + 1
    assert ContainerOrder.objects.get().brought.count() == 1


def test_bin_given_back_leaves_the_list_when_it_was_fetched_and_returns_when_it_was_not(home, served):
    before = on_list(home)
    case = ordered(home, ("recycling-240", 1, "give_back"))[0].case
    assert case.title == "Give back: Recycling bin, 240 litres"
    assert on_list(home) == before
    case = resolve_case(case, actor=Actor.system(), outcome="taken_back", public_reason="Told.")
    assert on_list(home) == [one for one in before if one != "Blue 240 litre wheeled bin"]
    assert not ContainerOrder.objects.get().brought.exists()
    case = reopen_case(Case.objects.get(pk=case.pk), actor=Actor.system(), why="It still stands here.")
    assert on_list(home) == before
    resolve_case(Case.objects.get(pk=case.pk), actor=Actor.system(), outcome="not_found", public_reason="Told.")
    assert on_list(home) == before


@pytest.mark.parametrize(("reason", "outcome"), [("give_back", "delivered"), ("damaged", "taken_back")])
def test_what_is_brought_is_not_taken_away_nor_the_other_way_round(home, served, reason, outcome):
    case = ordered(home, ("recycling-240", 1, reason))[0].case
    with pytest.raises(MoveRefusedError):
        resolve_case(case, actor=Actor.system(), outcome=outcome, public_reason="Told.")
    case.refresh_from_db()
    assert case.is_open


def test_one_goes_and_another_comes_at_the_same_time(home, served):
    ordered(home, ("recycling-240", 1, "give_back"))
    receipt = ordered(home, ("recycling-240", 1, "additional"))[0]
    assert receipt.result == "created"
    again = ordered(home, ("recycling-240", 1, "give_back"))[0]
    assert again.result == "joined"
    assert ContainerOrder.objects.count() == 2


def test_to_give_back_is_free_for_staff_too(home, served):
    put_on_rounds(home, "garden")
    receipt = ordered(home, ("garden-240", 1, "give_back"), is_by_staff=True, receipt="TILL-1")[0]
    written = ContainerOrder.objects.get(case=receipt.case)
    assert (written.fee, written.receipt) == (0, "")


def test_order_that_could_not_be_delivered_changes_no_list(home, served):
    before = on_list(home)
    case = ordered(home, ("recycling-240", 1, "damaged"))[0].case
    resolve_case(case, actor=Actor.system(), outcome="no_access", public_reason="Told.")
    assert on_list(home) == before
    assert ordered(home, ("recycling-240", 1, "damaged"))[0].result == "created"


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_orders_at_once_never_add_up_to_more_than_a_home_may_have(at):
    """Two kinds of one group, one free place: each alone is allowed."""
    results = _at_once(at)
    assert sorted(results) == ["created", "refused"]
    assert ContainerOrder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_without_taking_turns_both_would_be_written(at, monkeypatch):
    meeting = threading.Barrier(2, timeout=120)
    from portal.waste.orders import services

    decide = services.decide

    def decide_together(facts):
        choice = decide(facts)
        meeting.wait()
        return choice

    monkeypatch.setattr(services, "take_turn", lambda name: None)
    monkeypatch.setattr(services, "decide", decide_together)
    assert sorted(_at_once(at)) == ["created", "created"]


def _at_once(at):
    ContentType.objects.clear_cache()
    ensure_reporting_rules()
    at(2026, 7, 7, 9)
    lay_ground()
    home = AddressFactory()
    put_on_rounds(home, *LISTED)
    orders = [order(home, (code, 1, "additional")) for code in ("recycling-240", "recycling-box")]
    start, results = threading.Barrier(2, timeout=120), []

    def send(one):
        start.wait()
        try:
            results.append(order_containers(one)[0].result)
        except NotOrderableError:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[one]) for one in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results
