"""What stands on the page of a customer about services and logins, and who reads it."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from barnet.customers.linked import LinkedService, register
from barnet.customers.signing_in.sign_on.selectors import logins_of
from portal.smartforms.models import Draft
from portal.smartforms.publishing import import_form
from portal.waste.models import AssistedCollection
from tests import factories
from tests.portal.waste.factories import equip

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(signed_in, asha):
    return lambda role="adviser": signed_in(role).get(f"/staff/customers/{asha.pk}/").content.decode()


@pytest.fixture
def home(asha):
    asha.address = factories.AddressFactory()
    asha.save()
    return asha.address


def begin_form(customer, name, **question):
    slug = name.lower().replace(" ", "-")
    factories.ServiceFactory(slug=slug, name=name)
    asked = {"key": "what", "kind": "short_text", "label": "What is it?", **question}
    version = import_form(
        {
            "slug": slug,
            "title": name,
            "summary": "With one question.",
            "service": slug,
            "steps": [{"key": "start", "title": "What", "questions": [asked]}],
            "outcomes": [{"key": "sent", "title": "We have it"}],
            "destinations": [{"service": slug, "case_title": name}],
        },
        by=None,
    )
    ends = timezone.now() + dt.timedelta(days=3)
    return Draft.objects.create(
        form=version.form, version=version, right="self", channel="web", expires_at=ends, customer=customer
    )


def test_the_next_collections_at_their_address_are_there(read, home):
    equip(home)
    page = read()
    assert f'href="/bins/{home.uprn}/"' in page
    assert "Refuse: Monday" in page


def test_without_an_address_nothing_is_said_of_bins(read):
    assert "Bin collections" not in read()


def test_who_may_not_read_of_help_with_bins_does_not(read, asha, home):
    today = timezone.localdate()
    AssistedCollection.objects.create(
        address=home, customer=asha, case=factories.CaseFactory(), from_on=today, review_on=today + dt.timedelta(365)
    )
    assert "Our crew fetches them since" in read("collections")
    assert "Our crew fetches them since" not in read("librarian")


def test_a_form_that_was_begun_is_named_and_one_of_others_is_not(read, asha, cara):
    begin_form(asha, "Parking permit")
    begin_form(cara, "Blue badge")
    page = read()
    assert ">Parking permit</dt>" in page
    assert ">Blue badge</dt>" not in page


def test_a_form_that_asks_for_something_special_is_not_named(read, asha):
    begin_form(asha, "Help with an illness", data_class="special", why="To decide")
    assert ">Help with an illness</dt>" not in read()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_queries(signed_in, asha, home, count, django_assert_num_queries):
    adviser = signed_in("adviser")
    equip(home)
    for number in range(count):
        begin_form(asha, f"Form {number}")
        ward = factories.AreaFactory()
        factories.CaseFactory(customer=asha, ward=ward, team=factories.TeamFactory(), assignee=factories.StaffFactory())
    adviser.get(f"/staff/customers/{asha.pk}/")
    with django_assert_num_queries(PAGE_QUERIES):
        adviser.get(f"/staff/customers/{asha.pk}/")


PAGE_QUERIES = 27


def test_the_ways_to_sign_in_are_named(asha):
    assert logins_of(asha) == ["Password"]
    for number in range(2):
        Authenticator.objects.create(user=asha.user, type=Authenticator.Type.WEBAUTHN, data={"n": number})
    assert logins_of(asha) == ["Password", "2 passkeys"]
    asha.user.set_unusable_password()
    Authenticator.objects.all().delete()
    assert logins_of(asha) == ["Code by e-mail"]
    assert logins_of(factories.CustomerFactory(user=None)) == []


def test_two_rooms_of_one_key_are_refused():
    service = LinkedService("waste: collections", lambda _customer, _reader: [])
    with pytest.raises(ImproperlyConfigured):
        register(service)


def test_an_open_request_stands_before_past_ones_and_older_ones_are_a_link_away(signed_in, asha):
    ancient = factories.CaseFactory(customer=asha, opened_at=timezone.now() - dt.timedelta(days=900))
    past = [
        factories.CaseFactory(customer=asha, state="withdrawn", opened_at=timezone.now() - dt.timedelta(days=number))
        for number in range(21)
    ]
    adviser = signed_in("adviser")
    address = f"/staff/customers/{asha.pk}/"
    page = adviser.get(address)
    assert page.context["cases"] == [ancient, *past[:19]]
    assert "?show=more" in page.text
    page = adviser.get(address, {"show": "more"})
    assert page.context["cases"] == [ancient, *past]
    assert "?show=more" not in page.text


def test_further_numbers_and_addresses_stand_on_the_page(read, asha):
    asha.phone = "020 7946 0123"
    asha.save()
    asha.contact_points.create(kind="mobile", value="+447700900123")
    asha.contact_points.create(kind="email", value="work@example.org", unusable_since=timezone.now())
    page = read()
    assert "07700 900123" in page
    assert 'work@example.org <span class="govuk-hint">does not work' in page
    assert page.count("020 7946 0123") == 1
