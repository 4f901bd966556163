"""The demo borough: the same every time, believable, and nobody in it exists."""

import datetime as dt
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from barnet.customers.models import Customer, User
from barnet.gazetteer.forms import nothing_at
from barnet.gazetteer.models import Address, Area
from barnet.kit import ground
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Message
from demo import places
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.waste.models import Collection, ContainerOrder
from portal.waste.orders.deliveries import StopFilters, stops


@pytest.fixture
def small_borough(db, monkeypatch, capsys):
    monkeypatch.setattr(places, "HOMES_AT_SCALE_ONE", 300)
    monkeypatch.setattr("demo.people.RESIDENTS_AT_SCALE_ONE", 60)
    monkeypatch.setattr("demo.history.CASES_AT_SCALE_ONE", 900)
    list(ground.lay())
    call_command("load_demo", today=dt.date(2026, 11, 26))


def _history():
    """Without the two requests that Asha makes when the borough is laid: they get a reference like everybody's."""
    return Case.objects.filter(submission_key__startswith="demo-")


def fingerprint():
    return (
        list(Address.objects.order_by("uprn").values_list("uprn", "one_line")),
        list(_history().order_by("reference").values_list("reference", "state", "promise_on", "outcome")),
    )


def test_load_demo_lays_the_24_wards_and_marks_them_approximate(small_borough):
    wards = Area.objects.filter(kind="ward")
    assert wards.count() == 24
    assert all(ward.is_approximate for ward in wards)
    assert all(ward.geometry.valid for ward in wards)


def test_load_demo_knows_whose_some_postcodes_beyond_the_boundary_are(small_borough):
    for postcode, council in (("EN1 1AA", "Enfield Council"), ("SW1A 1AA", "Westminster"), ("WD6 1AA", "Hertsmere")):
        assert council in nothing_at(postcode)


def test_load_demo_puts_every_home_in_a_ward_and_on_rounds(small_borough):
    assert Case.objects.filter(address__isnull=False, ward=None).count() == 0
    assert Address.objects.count() == 300
    assert set(Address.objects.values_list("pk", flat=True)) == set(
        Collection.objects.values_list("address", flat=True)
    )


def test_load_demo_is_the_same_every_time(small_borough):
    first = fingerprint()
    rooms = ("cases_", "waste_", "customers_", "gazetteer_", "feedback_")
    tables = [table for table in connection.introspection.table_names() if table.startswith(rooms)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
    list(ground.lay())
    call_command("load_demo", today=dt.date(2026, 11, 26))
    assert fingerprint() == first


def test_load_demo_has_orders_of_bins_in_several_states(small_borough):
    orders = ContainerOrder.objects.select_related("case")
    states = {(order.case.state, order.case.outcome) for order in orders}
    assert states == {
        (CaseState.RECEIVED, ""),
        (CaseState.ASSIGNED, ""),
        (CaseState.WAITING, ""),
        (CaseState.RESOLVED, "delivered"),
        (CaseState.RESOLVED, "no_access"),
        (CaseState.RESOLVED, "taken_back"),
    }
    assert orders.filter(reason="give_back").count() == 2
    assert stops(StopFilters()).count() == 4  # what waits for an answer is none


def test_load_demo_twice_changes_nothing(small_borough, capsys):
    before = fingerprint()
    call_command("load_demo")
    assert "already there" in capsys.readouterr().out
    assert fingerprint() == before


def test_load_demo_history_has_every_state_but_withdrawn_and_is_mostly_resolved(small_borough):
    states = list(Case.objects.values_list("state", flat=True))
    assert set(states) <= set(CaseState)
    assert states.count(CaseState.RESOLVED) > 0.8 * len(states)
    assert Case.objects.open().exists()


def test_load_demo_leaves_asha_with_something_in_progress_and_a_question_to_answer(small_borough):
    asha = Customer.objects.get(email="asha@example.com")
    assert set(Case.objects.open().filter(customer=asha).values_list("state", flat=True)) >= {"assigned", "waiting"}
    told = Message.objects.filter(customer=asha, channel=MessageChannel.INBOX)
    assert {"case-received", "case-question"} <= set(told.values_list("template_key", flat=True))


def test_load_demo_has_nobody_who_could_exist(small_borough):
    emails = [*User.objects.values_list("email", flat=True), *Customer.objects.values_list("email", flat=True)]
    assert all(re.search(r"@(example\.(com|org|net)|[a-z.]*\.example)$", email) for email in emails if email)
    phones = Customer.objects.exclude(phone="").values_list("phone", flat=True)
    assert all(re.match(r"020 7946 0|07700 900", phone) for phone in phones)


@pytest.mark.django_db
@pytest.mark.parametrize("scale", [0, -1, 101])
def test_load_demo_refuses_a_scale_that_makes_no_sense(scale):
    with pytest.raises(CommandError, match="from 1 to 100"):
        call_command("load_demo", scale=scale)


@pytest.mark.django_db
def test_load_demo_dry_run_writes_nothing(capsys):
    call_command("load_demo", dry_run=True)
    assert "Would write 4,700 homes" in capsys.readouterr().out
    assert not Address.objects.exists()
