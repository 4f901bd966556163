"""The customer behind a login, the search of staff, and the record of who read what."""

import threading

import pytest
import structlog
from allauth.account.models import EmailAddress
from django.db import connection, connections
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from barnet.customers import selectors, services
from barnet.customers.models import AccessRecord, Customer, User
from tests import factories


def together(work, times):
    """Runs `work` in threads with connections of their own, all at the same moment. What each gave back or raised."""
    barrier, results = threading.Barrier(times), []

    def run():
        try:
            barrier.wait()
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_ensure_customer_gives_every_tab_the_same_one():
    user = factories.UserFactory()
    results = together(lambda: services.ensure_customer(User.objects.get(pk=user.pk)).pk, 8)
    assert len(set(results)) == 1
    assert Customer.objects.filter(user=user).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_care_the_race_is_real():
    """The negative control: look, then make, as a careless version would."""
    user = factories.UserFactory()
    gate = threading.Barrier(4)

    def careless():
        found = Customer.objects.filter(user=user).first()
        gate.wait()
        return found or Customer.objects.create(user=user)

    results = together(careless, 4)
    assert any(isinstance(result, Exception) for result in results)


@pytest.mark.django_db(transaction=True)
def test_one_record_is_adopted_once_also_when_two_tabs_ask():
    waiting = factories.CustomerFactory(user=None, email="asha@example.com")
    user = factories.UserFactory(email="asha@example.com")
    results = together(lambda: services.ensure_customer(User.objects.get(pk=user.pk)).pk, 6)
    assert set(results) == {waiting.pk}


@pytest.mark.django_db(transaction=True)
def test_registering_twice_at_once_makes_one_account(outbox):
    def register():
        data = {"email": "new@example.com", "password1": "three odd words here"}
        return Client().post("/account/register/", data).status_code

    assert set(together(register, 4)) <= {302, 429}
    assert User.objects.filter(email="new@example.com").count() == 1
    assert EmailAddress.objects.filter(email="new@example.com").count() == 1


def test_customer_of_is_made_on_first_need(db):
    user = factories.UserFactory(first_name="Asha", last_name="Owner")
    customer = selectors.customer_of(user)
    assert (customer.user, customer.email, customer.name) == (user, user.email, "Asha Owner")
    assert selectors.customer_of(user) == customer


def test_record_that_staff_made_becomes_the_login_s(db):
    waiting = factories.CustomerFactory(user=None, name="Asha", email="Asha@Example.com", phone="020 7946 0000")
    user = factories.UserFactory(email="asha@example.com")
    customer = selectors.customer_of(user)
    assert (customer.pk, customer.email, customer.phone) == (waiting.pk, "asha@example.com", "020 7946 0000")


def test_record_is_not_adopted_without_proof_or_when_two_would_fit(db):
    waiting = factories.CustomerFactory(user=None, email="asha@example.com")
    unproved = factories.UserFactory(email="asha@example.com", verified_email=False)
    assert selectors.customer_of(unproved).pk != waiting.pk

    for _ in range(2):
        factories.CustomerFactory(user=None, email="cara@example.com")
    cara = factories.UserFactory(email="cara@example.com")
    selectors.customer_of(cara)
    assert Customer.objects.filter(user=None, email="cara@example.com").count() == 2


def test_record_of_a_login_is_never_taken_by_another(asha):
    Customer.objects.filter(pk=asha.pk).update(email="cara@example.com")  # somebody typed it wrong
    cara = factories.UserFactory(email="cara@example.com")
    assert selectors.customer_of(cara) != asha


def test_door_for_staff_records_every_reading_and_refuses_others(asha, dev, cara):
    found = selectors.customer_for_staff(dev, asha.pk, purpose="telephone call")
    assert found == asha
    row = AccessRecord.objects.get()
    assert (row.actor, row.customer, row.what, row.purpose) == (dev, asha, f"customer {asha.pk}", "telephone call")
    for user, pk in [(cara.user, asha.pk), (asha.user, asha.pk), (dev, 999_999)]:
        with pytest.raises(Http404):
            selectors.customer_for_staff(user, pk, purpose="curiosity")
    assert AccessRecord.objects.count() == 1


def test_one_request_records_a_reading_once(asha, dev):
    for request_id in ("request-1", "request-1", "request-2"):
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            services.record_access(actor=dev, customer=asha, what="case BAR-7K3M-29QD", purpose="casework")
    assert AccessRecord.objects.count() == 2


def test_readings_outside_a_request_are_all_recorded(asha, dev):
    for _ in range(2):
        services.record_access(actor=dev, customer=asha, what="case BAR-7K3M-29QD", purpose="export")
    assert AccessRecord.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement", ["UPDATE customers_accessrecord SET what='x'", "DELETE FROM customers_accessrecord"]
)
def test_record_of_readings_cannot_be_edited(statement):
    dev = factories.StaffFactory()
    services.record_access(actor=dev, customer=None, what="a list", purpose="work")
    with pytest.raises(Exception, match="append_only"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "text",
    ["asha own", "ASHA@example.com", "020 7946 0999", "+44 20 7946 0999", "02079460999", "en5 4aa", " EN54AA "],
)
def test_search_finds_by_name_email_telephone_and_postcode(asha, cara, text):
    asha.phone, asha.address = "(020) 7946-0999", factories.AddressFactory(postcode="EN5 4AA")
    asha.save()
    assert selectors.search_customers(text) == [asha]


def test_search_finds_nothing_for_too_little_or_for_wildcards(asha):
    assert [selectors.search_customers(text) for text in ("as", " ", "%%%", "___", "zzz")] == [[]] * 5


def test_search_costs_the_same_for_one_and_for_three(asha):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            [str(found.address) for found in selectors.search_customers("asha")]
        return len(captured)

    one = queries()
    for _ in range(2):
        factories.CustomerFactory(name="Asha Other", address=factories.AddressFactory())
    assert queries() == one


def test_details_are_changed_together(asha):
    address = factories.AddressFactory()
    services.change_details(asha, name="Asha New", phone="020 7946 0001", address=address, address_text="typed")
    asha.refresh_from_db()
    assert (asha.name, asha.phone, asha.address, asha.address_text) == ("Asha New", "020 7946 0001", address, "")
    assert str(User.objects.get(pk=asha.user_id)) == "Asha New"  # what others read beside her acts


def test_name_of_a_member_of_staff_is_not_theirs_to_change(dev):
    User.objects.filter(pk=dev.pk).update(first_name="Dev", last_name="Officer")
    services.change_details(selectors.customer_of(dev), name="The Mayor", phone="", address=None)
    assert str(User.objects.get(pk=dev.pk)) == "Dev Officer"


def test_create_customer_keeps_what_staff_typed(db):
    made = services.create_customer(name="Walk In", email="Walk@Example.com", address_text="1 New Road")
    assert (made.user, made.email, made.address_text) == (None, "walk@example.com", "1 New Road")
