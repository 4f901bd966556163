"""Contact points follow `Customer.email` and `Customer.phone`, whoever writes them."""

import importlib

import pytest
from django.db import IntegrityError, connection, transaction

from barnet.customers.enums import ContactKind, Topic
from barnet.customers.models import ChannelPreference, ContactPoint, Customer
from barnet.customers.reaching.phones import normalised_phone, phone_kind, shown_phone
from tests import factories

WRITTEN = {
    "020 7946 0100": "+442079460100",
    "+44 (0)20 7946 0100": "+442079460100",
    "0044 7700 900123": "+447700900123",
    "07700 900 123": "+447700900123",
    "+447700900123": "+447700900123",
    "00 33 1 99 00 12 34": "+33199001234",
    "+33199001234": "+33199001234",
    "ask the neighbour": "",
    "0": "",
    "999": "",
    "": "",
}


def points(customer: Customer) -> dict[str, tuple[str, bool, bool]]:
    rows = ContactPoint.objects.filter(customer=customer)
    return {row.value: (row.kind, row.is_preferred, row.verified_at is not None) for row in rows}


@pytest.mark.parametrize(("typed", "number"), WRITTEN.items())
def test_a_number_is_read_the_same_way_by_python_and_by_the_database(db, typed, number):
    customer = factories.CustomerFactory(user=None, phone=typed)
    assert normalised_phone(typed) == number
    assert list(ContactPoint.objects.filter(customer=customer).values_list("value", "kind")) == (
        [(number, phone_kind(number))] if number else []
    )


def test_numbers_are_shown_as_people_write_them():
    assert shown_phone("+447700900123") == "07700 900123"
    assert phone_kind("+447700900123") == ContactKind.MOBILE
    assert phone_kind("+442079460100") == ContactKind.LANDLINE
    assert phone_kind("+447000900123") == ContactKind.LANDLINE  # a personal number, dear to call, takes no texts


def test_an_address_that_the_login_proved_is_verified_and_one_that_staff_typed_is_not(db):
    signed_in = factories.UserFactory(email="asha@example.com")
    customer = Customer.objects.of(signed_in)
    assert points(customer) == {"asha@example.com": ("email", True, True)}
    typed = factories.CustomerFactory(user=None, email="Walk.In@Example.com")
    assert points(typed) == {"walk.in@example.com": ("email", True, False)}


def test_a_new_address_is_preferred_a_proved_old_one_stays_an_unproved_one_goes(asha, db):
    asha.email = "new@example.com"
    asha.save()
    asha.email = "newer@example.com"
    asha.save()
    assert points(asha) == {
        "asha@example.com": ("email", False, True),
        "newer@example.com": ("email", True, False),
    }


def test_a_number_that_is_only_written_otherwise_stays_the_same_point(db):
    customer = factories.CustomerFactory(user=None, email="", phone="07700 900123")
    before = customer.contact_points.get().pk
    Customer.objects.filter(pk=customer.pk).update(phone="+44 7700 900 123")
    assert customer.contact_points.get().pk == before
    Customer.objects.filter(pk=customer.pk).update(phone="")
    assert points(customer) == {}


def test_many_rows_at_once_get_their_points_too(db):
    Customer.objects.bulk_create(Customer(name=f"P{n}", email=f"p{n}@example.com") for n in range(3))
    assert ContactPoint.objects.count() == 3


def test_the_first_filling_makes_what_the_trigger_makes(asha):
    factories.CustomerFactory(user=None, email="Other@Example.com", phone="(020) 7946 0100")
    asha.phone = "07700 900123"
    asha.save()
    columns = ("customer", "kind", "value", "is_preferred")
    made = set(ContactPoint.objects.values_list(*columns))
    ContactPoint.objects.all().delete()
    fill = importlib.import_module("barnet.customers.migrations.0005_fill_contact_points").FILL
    with connection.cursor() as cursor:
        cursor.execute(fill)
        cursor.execute(fill)
    assert set(ContactPoint.objects.values_list(*columns)) == made
    assert ContactPoint.objects.get(value="asha@example.com").verified_at is not None


def test_one_point_of_a_kind_is_preferred(asha):
    with pytest.raises(IntegrityError, match="contact_point_one_preferred"), transaction.atomic():
        ContactPoint.objects.create(customer=asha, kind="email", value="b@example.com", is_preferred=True)


@pytest.mark.parametrize("hours", [("21:00", None), (None, "08:00"), ("08:00", "08:00")])
def test_quiet_hours_are_whole(asha, hours):
    with pytest.raises(IntegrityError, match="quiet_hours_whole"), transaction.atomic():
        ChannelPreference.objects.create(customer=asha, topic=Topic.BINS, quiet_from=hours[0], quiet_until=hours[1])
