"""What a home may order. Tuesday, 7 July 2026."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnet.catalogue.models import Fee
from barnet.customers.actors import Actor
from portal.cases.services import resolve_case
from portal.waste.models import Collection, ContainerKind
from portal.waste.orders.enums import OrderReason
from portal.waste.orders.selectors import orderable
from tests.factories import AddressFactory
from tests.portal.waste.factories import ContainerFactory, equip
from tests.portal.waste.orders.conftest import LISTED, ordered, put_on_rounds

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 7, 7)


def choices(home):
    return {choice.kind.code: choice for choice in orderable(home, TODAY)}


def test_home_without_a_bin_may_have_its_first(home, ordering):
    equip(home, stream="recycling").delete()
    choice = choices(home)["recycling-240"]
    assert choice.most == {OrderReason.NEW_HOME: 1}
    assert choice.may_choose(by_staff=False)


def test_home_with_a_bin_may_have_it_replaced_and_another_up_to_the_limit(home, served):
    choice = choices(home)["recycling-240"]
    assert choice.most == {
        OrderReason.LOST: 1,
        OrderReason.DAMAGED: 1,
        OrderReason.ADDITIONAL: 1,
        OrderReason.GIVE_BACK: 1,
    }
    ContainerFactory(address=home, stream="recycling", description="Blue 240 litre wheeled bin")
    choice = choices(home)["recycling-240"]
    assert OrderReason.ADDITIONAL not in choice.most
    assert "a home may have 2" in choice.sentence


def test_too_small_one_is_exchanged(home, served):
    served[1].description = "Blue 55 litre recycling box"
    served[1].save()
    assert choices(home)["recycling-240"].most[OrderReason.TOO_SMALL] == 1
    assert OrderReason.TOO_SMALL not in choices(home)["recycling-box"].most


def test_what_is_on_order_counts(home, served):
    ordered(home, ("recycling-240", 1, "additional"))
    box = choices(home)["recycling-box"]
    assert OrderReason.ADDITIONAL not in box.most
    again = choices(home)["recycling-240"]
    assert "ordered already" in again.sentence


def test_home_without_the_round_is_told_why(home, served):
    garden = choices(home)["garden-240"]
    assert not garden.may_choose(by_staff=True)
    assert "do not collect this" in garden.sentence


def test_what_costs_is_for_staff_and_what_has_no_price_for_nobody(home, served):
    refuse = choices(home)["refuse-240"]
    assert refuse.fee == 7400
    assert refuse.may_choose(by_staff=True)
    assert not refuse.may_choose(by_staff=False)
    Fee.objects.filter(code="refuse-240").delete()
    assert not choices(home)["refuse-240"].may_choose(by_staff=True)


def test_what_people_fetch_themselves_is_not_ordered(home, served):
    liners = choices(home)["caddy-liners"]
    assert not liners.may_choose(by_staff=True)
    assert "library" in liners.advice


def test_kitchen_caddy_that_came_lately_comes_again_only_when_lost_or_damaged(home, served):
    receipt = ordered(home, ("food-caddy-kitchen", 1, "new_home"))[0]
    resolve_case(receipt.case, actor=Actor.system(), outcome="delivered", public_reason="Told.")
    caddy = choices(home)["food-caddy-kitchen"]
    assert set(caddy.most) == {OrderReason.LOST, OrderReason.DAMAGED}
    assert "lately" in caddy.sentence


def test_kind_is_offered_from_a_day_to_a_day(home, served):
    ContainerKind.objects.filter(code="recycling-box").update(offered_to=TODAY - dt.timedelta(days=1))
    assert "recycling-box" not in choices(home)
    ContainerKind.objects.filter(code="recycling-box").update(offered_to=TODAY)
    assert "recycling-box" in choices(home)


def test_what_a_home_has_may_be_given_back_but_not_its_refuse_bin(home, served):
    found = choices(home)
    assert found["recycling-240"].most[OrderReason.GIVE_BACK] == 1
    assert OrderReason.GIVE_BACK not in found["recycling-box"].most  # they have none
    assert OrderReason.GIVE_BACK not in found["refuse-240"].most


def test_garden_bin_is_given_back_when_the_home_is_off_the_round_and_costs_nothing(home, served):
    put_on_rounds(home, "garden")
    assert choices(home)["garden-240"].most_for(by_staff=False) == {OrderReason.GIVE_BACK: 1}
    Collection.objects.filter(address=home, stream="garden").delete()
    garden = choices(home)["garden-240"]
    assert garden.most == {OrderReason.GIVE_BACK: 1}
    assert garden.fee_for(OrderReason.GIVE_BACK) == 0
    assert not garden.needs_payment


def test_what_we_fetch_already_is_not_fetched_twice_and_adds_nothing(home, served):
    ordered(home, ("recycling-240", 1, "give_back"))
    choice = choices(home)["recycling-240"]
    assert choice.open_case is None
    assert OrderReason.GIVE_BACK not in choice.most
    assert "We fetch one already, by 21 July" in choice.sentence.replace("Tuesday ", "")
    assert choice.most[OrderReason.ADDITIONAL] == 1


def test_one_bin_and_many_cost_the_same_queries(home, ordering):
    def count(address):
        with CaptureQueriesContext(connection) as queries:
            orderable(address, TODAY)
        return len(queries)

    equip(home)
    other = AddressFactory()
    put_on_rounds(other, *LISTED)
    lost = [(code, 1, "lost") for code in ("food-caddy-outdoor", "food-caddy-kitchen")]
    ordered(other, ("recycling-240", 1, "damaged"), *lost)
    few = count(home)
    assert count(other) == few + 1  # the bins that open orders replace
    third = AddressFactory()
    put_on_rounds(third, *LISTED)
    ordered(third, ("recycling-240", 1, "damaged"))
    assert count(third) == count(other) <= 9
