"""What crews' devices are given by the API. Tuesday, 7 July 2026."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.api.api_keys import ApiScope, make_api_key
from barnet.customers.models import AccessRecord
from portal.waste.assisted import devices
from portal.waste.assisted.services import Place, end_assistance, move_bins
from portal.waste.importing.collections import import_collections
from portal.waste.importing.csv_file import Line, Tally
from portal.waste.models import AssistedCollection, Collection
from tests.factories import AddressFactory, CustomerFactory, StaffFactory
from tests.portal.waste.assisted.conftest import granted
from tests.portal.waste.factories import RoundFactory, equip

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 7, 7)


@pytest.fixture
def key(asking):
    return make_api_key("Tablets of the crews", [ApiScope.ASSISTED_READ])


@pytest.fixture
def ask(key):
    def get(**query):
        return Client().get(reverse("api_waste_assisted_homes"), query, headers={"Authorization": f"Bearer {key[1]}"})

    return get


@pytest.fixture
def held(asking, home, asha):
    equip(home, code="refuse-mon-1")
    return granted(home, asha, TODAY)


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["homes"]]


def test_crew_is_told_where_the_bins_stand_and_nothing_of_the_person(ask, held, home, asha):
    answer = ask()
    (row,) = answer.json()["homes"]
    assert row == {
        "id": held.pk,
        "uprn": home.pk,
        "address": home.one_line,
        "rounds": ["refuse-mon-1"],
        "stands": "rear",
        "place": "Through the green gate",
        "gate_code": "4711",
        "from": "2026-07-07",
        "until": None,
    }
    for secret in (asha.name, asha.email, "cannot_move", "My back"):
        assert secret not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_reading_leaves_a_record_with_the_name_of_the_key_which_the_person_sees(ask, key, held, asha, client):
    ask()
    record = AccessRecord.objects.get()
    assert (record.api_key, record.actor, record.customer) == (key[0], None, asha)
    assert record.what == f"assisted collection {held.pk}"
    client.force_login(asha.user)
    assert "Another system: Tablets of the crews" in client.get(reverse("account_held")).text


def test_record_is_of_staff_or_of_a_key_never_of_both_or_of_nobody(key, asha):
    for who in ({}, {"api_key": key[0], "actor": StaffFactory()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessRecord.objects.create(customer=asha, what="x", purpose="x", **who)


def test_round_is_told_its_homes_only(ask, held):
    other = equip(AddressFactory(), code="refuse-tue-1").address
    theirs = granted(other, CustomerFactory(), TODAY)
    assert ids(ask()) == [held.pk, theirs.pk]
    assert ids(ask(round="refuse-tue-1")) == [theirs.pk]
    assert ask(round="no-such").status_code == 422


def test_since_gives_what_changed_and_the_ids_of_what_is_gone_without_their_places(ask, held):
    since = ask().json()["since"]
    assert ids(ask(since=timezone.now().isoformat().replace("2026", "2099"))) == []
    moved = move_bins(held, Place("front", "By the porch", ""), actor=Actor.system())
    (row,) = ask(since=since).json()["homes"]
    assert (row["stands"], row["place"], row["gate_code"]) == ("front", "By the porch", "")
    AssistedCollection.objects.filter(pk=moved.pk).update(over_on=TODAY)
    answer = ask(since=since)
    assert (answer.json()["homes"], answer.json()["gone"]) == ([], [held.pk])
    assert "porch" not in answer.text
    assert ids(ask()) == []


def test_arrangement_that_ends_tomorrow_is_told_with_its_last_day(ask, held):
    since = ask().json()["since"]
    end_assistance(held, actor=Actor.system())
    (row,) = ask(since=since).json()["homes"]
    assert row["until"] == "2026-07-07"


def test_home_that_goes_to_another_round_is_gone_for_the_one_and_new_for_the_other(ask, held, home):
    RoundFactory(code="refuse-tue-1")
    since = ask(round="refuse-mon-1").json()["since"]
    import_collections(
        [Line(1, {"uprn": str(home.pk), "stream": "refuse", "round": "refuse-tue-1"})], Tally(), today=TODAY
    )
    assert ask(round="refuse-mon-1", since=since).json()["gone"] == [held.pk]
    assert ids(ask(round="refuse-tue-1", since=since)) == [held.pk]


def test_home_that_a_complete_file_leaves_out_is_gone(ask, held):
    since = ask(round="refuse-mon-1").json()["since"]
    import_collections([], Tally(), is_complete=True, today=TODAY)
    assert not Collection.objects.exists()
    assert ask(round="refuse-mon-1", since=since).json()["gone"] == [held.pk]


def test_long_answer_goes_on_where_it_ended(ask, held, monkeypatch):
    more = [granted(AddressFactory(), CustomerFactory(), TODAY) for _number in range(2)]
    monkeypatch.setattr(devices, "MOST", 2)
    first = ask()
    assert ids(first) == [held.pk, more[0].pk]
    rest = ask(after=first.json()["next"])
    assert ids(rest) == [more[1].pk]
    assert rest.json()["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "2026-07-07"},
        {"since": "2026-99-99T00:00:00+00:00"},
        {"since": "2026-07-07T10:00:00"},
        {"after": "forged"},
    ],
)
def test_what_makes_no_sense_is_said(ask, query):
    answer = ask(**query)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_key_for_something_else_staff_and_strangers_read_nothing(held, client):
    write = make_api_key("Contractor", [ApiScope.WASTE_WRITE])[1]
    address = reverse("api_waste_assisted_homes")
    assert Client().get(address, headers={"Authorization": f"Bearer {write}"}).status_code == 403
    client.force_login(StaffFactory(roles=["collections"]))
    assert client.get(address).status_code == 401
    assert not AccessRecord.objects.exists()


def test_one_home_and_three_cost_the_same_queries(ask, held):
    def count():
        with CaptureQueriesContext(connection) as queries:
            ask()
        return len(queries)

    ask()
    one = count()
    for _number in range(2):
        granted(equip(AddressFactory()).address, CustomerFactory(), TODAY)
    assert count() == one


@pytest.mark.django_db(transaction=True)
def test_change_that_was_not_committed_when_somebody_asked_is_told_the_next_time(ask, held):
    """The other transaction wrote before the answer and commits after it."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE waste_assistedcollection SET place = 'Moved' WHERE id = %s", [held.pk])
        meanwhile = ask().json()
        assert meanwhile["homes"][0]["place"] != "Moved"
        other.commit()
    finally:
        other.close()
    (row,) = ask(since=meanwhile["since"]).json()["homes"]
    assert row["place"] == "Moved"
