"""The contact log: noted from one form, of known people and unknown callers, who can be named later."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from barnet.customers.keeping.holdings import holdings
from barnet.customers.models import AccessRecord
from portal.cases.figures import contact_figures
from portal.cases.ground import ensure_contact_reasons
from portal.cases.models import Contact, ContactPerson, ContactReason
from portal.cases.retention import _delete_contacts
from portal.cases.selectors import contacts_of_customer
from tests import factories
from tests.portal.workbench.conftest import form_of

pytestmark = pytest.mark.django_db
LIST, NEW = "/staff/contacts/", "/staff/contacts/new/"


@pytest.fixture
def adviser(signed_in):
    return signed_in("adviser")


@pytest.fixture
def unknown(adviser, reason) -> Contact:
    answers = form_of(adviser, NEW) | {"reason": reason.pk, "caller": "Asha somebody, 020 7946 0123"}
    adviser.post(NEW, answers)
    return Contact.objects.get()


def _name(adviser, contact, customer):
    return adviser.post(f"{LIST}{contact.pk}/name/", {"customer": customer.pk})


# --- Noting -----------------------------------------------------------------------------------------------------------


def test_two_choices_are_enough_and_the_rest_is_as_usual(adviser, asha, reason):
    page = f"/staff/customers/{asha.pk}/"
    adviser.post(f"{page}contact/", form_of(adviser, page, "contact_form") | {"reason": reason.pk})
    contact = Contact.objects.get()
    assert (contact.channel, contact.outcome, contact.summary) == ("phone", "answered", "What happens with it")
    assert (contact.is_settled, contact.is_avoidable) == (True, True)


def test_staff_say_otherwise_than_is_usual_for_the_reason(adviser, asha, reason):
    page = f"/staff/customers/{asha.pk}/"
    answers = form_of(adviser, page, "contact_form") | {"reason": reason.pk, "avoidable": "no", "outcome": "call_back"}
    del answers["is_settled"]
    adviser.post(f"{page}contact/", answers)
    contact = Contact.objects.get()
    assert (contact.is_settled, contact.is_avoidable, contact.outcome) == (False, False, "call_back")
    assert "Not resolved then" in adviser.get(page).text


def test_the_channel_is_the_last_one_that_was_chosen(adviser, asha, reason):
    page = f"/staff/customers/{asha.pk}/"
    answers = form_of(adviser, page, "contact_form") | {"reason": reason.pk, "channel": "automated"}
    adviser.post(f"{page}contact/", answers)
    assert form_of(adviser, NEW)["channel"] == "automated"


def test_a_request_is_started_from_a_contact(adviser, asha, reason):
    factories.ServiceFactory(slug="missed-bin", start_path="/bins/")
    page = f"/staff/customers/{asha.pk}/"
    answers = form_of(adviser, page, "contact_form") | {"reason": reason.pk, "service": "missed-bin", "start": "yes"}
    assert adviser.post(f"{page}contact/", answers)["Location"] == "/bins/"
    assert "Asha Owner" in adviser.get("/services/").text


def test_who_may_not_serve_starts_nothing(signed_in, asha, reason):
    caseworker = signed_in("caseworker")
    page = f"/staff/customers/{asha.pk}/"
    answers = form_of(caseworker, page, "contact_form") | {"reason": reason.pk, "start": "yes"}
    assert caseworker.post(f"{page}contact/", answers)["Location"] == page
    assert Contact.objects.count() == 1


def test_a_reason_off_the_list_is_not_taken_and_stays_with_old_contacts(adviser, unknown, reason):
    ContactReason.objects.update(is_offered=False)
    page = adviser.post(NEW, form_of(adviser, NEW) | {"reason": reason.pk}).text
    assert "There is a problem" in page
    assert "What happens with it" in adviser.get(f"{LIST}{unknown.pk}/").text


def test_the_list_of_reasons_is_laid_once(db):
    ensure_contact_reasons()
    ContactReason.objects.filter(name="Complain").update(name="Complain about us")
    ensure_contact_reasons()
    assert not ContactReason.objects.filter(name="Complain").exists()


# --- Unknown callers --------------------------------------------------------------------------------------------------


def test_an_unknown_caller_is_noted_once_and_waits_among_the_unknown(adviser, unknown):
    assert unknown.subject is None
    assert "Asha somebody" in adviser.get(f"{LIST}?of=nobody").text


def test_an_unknown_caller_is_named_later_and_the_log_is_not_edited(adviser, unknown, asha, dev):
    Contact.objects.create(at=timezone.now(), channel="web", right="self", subject=asha, summary="Before")
    found = adviser.get(f"{LIST}{unknown.pk}/?q=asha own").text
    assert f'value="{asha.pk}"' in found
    assert _name(adviser, unknown, asha)["Location"] == f"/staff/customers/{asha.pk}/"
    assert [contact.summary for contact in contacts_of_customer(asha, dev, limit=5)] == [
        "Before",
        "What happens with it",
    ]
    assert unknown.summary not in adviser.get(f"{LIST}?of=nobody").context["page"].object_list
    unknown.refresh_from_db()
    assert unknown.subject is None
    assert AccessRecord.objects.filter(customer=asha, purpose="whose contact it was").exists()


def test_a_wrong_guess_is_put_right(adviser, unknown, asha, cara, dev):
    _name(adviser, unknown, cara)
    _name(adviser, unknown, asha)
    assert contacts_of_customer(cara, dev, limit=5) == []
    assert contacts_of_customer(asha, dev, limit=5) == [unknown]
    assert ContactPerson.objects.get().named_by == adviser.user


def test_a_contact_of_somebody_is_nobody_elses(adviser, asha, cara, dev):
    contact = Contact.objects.create(channel="web", right="self", subject=asha, summary="Mine")
    assert _name(adviser, contact, cara).status_code == 404
    assert adviser.post(f"{LIST}{contact.pk}/name/", {"customer": "x"}).status_code == 404
    assert contacts_of_customer(cara, dev, limit=5) == []


def test_the_log_is_append_only(unknown):
    with pytest.raises(DatabaseError), transaction.atomic():
        Contact.objects.update(summary="Something else")
    with pytest.raises(DatabaseError), transaction.atomic():
        Contact.objects.all().delete()


def test_retention_takes_the_contact_and_who_it_was(adviser, unknown, asha):
    _name(adviser, unknown, asha)
    assert _delete_contacts(Contact.objects.all()) == 1
    assert not ContactPerson.objects.exists()


def test_a_named_contact_is_in_their_copy(adviser, unknown, asha):
    _name(adviser, unknown, asha)
    [holding] = [holding for holding in holdings() if holding.key == "contacts"]
    [told] = holding.everything(asha)
    assert told["reason"] == "What happens with it"


# --- Lists and doors --------------------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_channel_and_reason(adviser, unknown, reason):
    other = ContactReason.objects.create(name="Other")
    Contact.objects.create(channel="post", right="staff", summary="By post", reason=other)
    assert "By post" not in adviser.get(f"{LIST}?channel=phone").text
    assert "By post" not in adviser.get(f"{LIST}?reason={reason.pk}").text
    assert "By post" in adviser.get(f"{LIST}?channel=post&reason={other.pk}").text
    assert adviser.get(f"{LIST}?reason=x").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries(adviser, asha, reason, count, django_assert_num_queries):
    for number in range(count):
        contact = Contact.objects.create(
            channel="phone", right="staff", summary=f"{number}", reason=reason, actor=adviser.user
        )
        ContactPerson.objects.create(contact=contact, customer=asha, named_by=adviser.user)
    adviser.get(LIST)
    with django_assert_num_queries(10):
        adviser.get(LIST)


def test_who_may_not_read_the_log_does_not(signed_in, unknown):
    operative = signed_in("operative")
    for address in (LIST, NEW, f"{LIST}{unknown.pk}/"):
        assert operative.get(address).status_code == 403
    guardian = signed_in("data_guardian")
    assert guardian.get(f"{LIST}{unknown.pk}/").status_code == 200
    assert guardian.get(NEW).status_code == 403
    assert guardian.get(f"{LIST}999999/").status_code == 404


# --- Figures ----------------------------------------------------------------------------------------------------------


def test_contacts_are_counted_by_reason(signed_in, unknown, asha):
    Contact.objects.create(channel="web", right="self", subject=asha, summary="By the portal")
    now = timezone.now()
    [line] = contact_figures(now - dt.timedelta(days=1), now + dt.timedelta(minutes=1))
    assert (line.name, line.contacts, line.by_telephone, line.settled, line.avoidable) == (
        "What happens with it",
        1,
        1,
        1,
        1,
    )
    analyst = signed_in("analyst")
    assert "What happens with it" in analyst.get("/staff/figures/contacts/").text
    assert "What happens with it,1,1,0,1,1" in analyst.get("/staff/figures/contacts/?format=csv").getvalue().decode()
    assert analyst.get(f"{LIST}{unknown.pk}/").status_code == 403
