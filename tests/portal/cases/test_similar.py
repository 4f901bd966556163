"""Requests that may be the same: near, of the same person, never once somebody said that they are not."""

import datetime as dt

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.gazetteer.models import BNG
from barnet.kit.references import SIGNS, reference_of
from portal.cases.models import Case, NotTheSame
from portal.cases.selectors import may_be_the_same
from portal.cases.selectors.similar import near_to
from portal.cases.services import MoveRefusedError, distinguish_cases, merge_case, part_case, relate_cases
from tests import factories
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(db):
    return factories.ServiceFactory(slug="street-light", name="Street light")


@pytest.fixture
def lamp(service):
    """A street lamp, so many metres east of the first."""

    def make(east=0, **more):
        more = {"service": service, "customer": None, "address": None, **more}
        return factories.CaseFactory(location=Point(524_500 + east, 196_500, srid=BNG), title="Lamp is out", **more)

    return make


@pytest.fixture
def by_dev(dev):
    return Actor.staff(dev)


def suggested(case, user) -> list[tuple[Case, str]]:
    return [(each.case, each.why) for each in may_be_the_same(Case.objects.get(pk=case.pk), seen_by=user)]


def test_open_ones_of_the_same_service_nearby_the_nearest_first(lamp, dev):
    case = lamp()
    far, near = lamp(40), lamp(3)
    lamp(60)
    lamp(4, service=factories.ServiceFactory(slug="pothole", name="Pothole"))
    lamp(5, state="withdrawn")
    assert suggested(case, dev) == [(near, "3 metres away"), (far, "40 metres away")]
    assert suggested(near, dev) == [(case, "3 metres away"), (far, "37 metres away")]


@pytest.mark.parametrize(("metres", "count"), [(0, 0), (50, 0), (60, 1)])
def test_a_service_says_how_near(lamp, dev, service, metres, count):
    service.same_within_metres = metres
    service.save()
    case, _other = lamp(), lamp(55)
    assert len(suggested(case, dev)) == count


def test_the_same_person_in_the_last_days_wherever_it_is(lamp, dev, asha, cara):
    case, again = lamp(customer=asha), lamp(5000, customer=asha)
    lamp(5000, customer=asha, opened_at=timezone.now() - dt.timedelta(days=15))
    lamp(5000, customer=cara)
    assert suggested(case, dev) == [(again, "Asked by the same person")]


def test_the_same_address_of_somebody_without_an_account(lamp, dev, asha):
    case, again = lamp(contact_email="a@example.com"), lamp(5000, contact_email="A@example.com")
    lamp(5000, contact_email="b@example.com")
    lamp(5000, contact_email="a@example.com", customer=asha)  # who has an account says so by the account
    assert [other for other, _why in suggested(case, dev)] == [again]


def test_who_may_not_see_who_asked_does_not_learn_it_here(lamp, asha):
    operative = factories.StaffFactory(roles=["operative"])
    case, _again, near = lamp(customer=asha), lamp(5000, customer=asha), lamp(2, customer=asha)
    assert suggested(case, operative) == [(near, "2 metres away")]


def test_what_ended_gets_no_suggestions_and_rooms_with_records_of_their_own_neither(lamp, dev):
    closed = lamp(state="withdrawn")
    bins = factories.ServiceFactory(slug="missed-bin")
    case, _other, _third = lamp(service=bins), lamp(1, service=bins), lamp(2)
    assert (suggested(closed, dev), suggested(case, dev)) == ([], [])


def test_a_request_without_a_place_is_looked_for_by_the_person_alone(lamp, dev, asha, service):
    case = factories.CaseFactory(service=service, customer=asha, address=None, location=None)
    again = factories.CaseFactory(service=service, customer=asha, address=None, location=None)
    lamp()
    assert suggested(case, dev) == [(again, "Asked by the same person")]


# --- It is not the same -----------------------------------------------------------------------------------------------


def test_what_is_not_the_same_is_suggested_from_neither_side_again(lamp, dev, by_dev):
    case, other = lamp(), lamp(1)
    for one, two in ((case, other), (other, case), (case, other)):
        distinguish_cases(one, other=two, actor=by_dev)
    assert (suggested(case, dev), suggested(other, dev)) == ([], [])
    assert NotTheSame.objects.get().said_by == dev
    assert [entry.internal_text for entry in other.timeline.all()] == [f"Not the same as {case.reference}."]


def test_what_hangs_together_is_not_suggested(lamp, dev, by_dev):
    case, related, merged = lamp(), lamp(1), lamp(2)
    relate_cases(case, to=related, actor=by_dev)
    merge_case(merged, into=case, actor=by_dev)
    assert suggested(case, dev) == []
    with pytest.raises(MoveRefusedError, match="Take them apart"):
        distinguish_cases(case, other=merged, actor=by_dev)
    part_case(merged, actor=by_dev)
    assert (suggested(case, dev), [other for other, _why in suggested(merged, dev)]) == ([], [related])


def test_nothing_is_unlike_itself(lamp, by_dev):
    case = lamp()
    with pytest.raises(MoveRefusedError, match="That is this request"):
        distinguish_cases(case, other=case, actor=by_dev)


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_suggestions_are_one_query_and_one_for_the_teams(lamp, dev, asha, count, django_assert_num_queries):
    case = Case.objects.select_related("service").get(pk=lamp(customer=asha).pk)
    for number in range(count):
        lamp(number + 1, customer=factories.CustomerFactory(), address=factories.AddressFactory())
    dev.has_perm("customers.view_customer")
    with django_assert_num_queries(2):
        found = may_be_the_same(case, seen_by=dev)
        assert [(each.case.place, str(each.case.customer)) for each in found]
    assert len(found) == count


def test_the_place_is_looked_up_in_the_spatial_index(lamp, service):
    case = lamp()
    many = [
        Case(
            reference=reference_of("".join(SIGNS[number // len(SIGNS) ** place % len(SIGNS)] for place in range(7))),
            submission_key=f"many-{number}",
            service=service,
            title="Lamp",
            channel="web",
            promise_on=dt.date(2026, 12, 1),
            location=Point(515_000 + 100 * (number % 100), 190_000 + 100 * (number // 100), srid=BNG),
        )
        for number in range(4000)
    ]
    Case.objects.bulk_create(many)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
    plan = near_to(case).explain()
    assert "cases_case_location" in plan, plan
    assert "Seq Scan" not in plan


# --- Races ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_said_by_many_at_once_from_both_sides_it_is_said_once(lamp, by_dev):
    case, other = lamp(), lamp(1)

    def say(number):
        one, two = (case, other) if number % 2 else (other, case)
        return distinguish_cases(one, other=two, actor=by_dev)

    found = at_once(8, say)
    assert {said.pk for said in found} == {NotTheSame.objects.get().pk}
    assert case.timeline.count() == other.timeline.count() == 1
