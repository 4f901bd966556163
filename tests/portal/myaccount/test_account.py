"""Home, details and inbox of an account."""

import uuid

import pytest

from barnet.customers.enums import Channel
from barnet.customers.models import Customer, Delegation
from barnet.notifications.models import Message
from tests import factories

PAGES = [
    "/account/",
    "/account/details/",
    "/account/details/name/",
    "/account/details/address/",
    "/account/requests/",
    "/account/messages/",
]


@pytest.mark.parametrize("path", PAGES)
def test_account_asks_visitors_to_sign_in_and_is_never_kept(client, asha, path):
    assert client.get(path).url == f"/account/sign-in/?next={path}"
    client.force_login(asha.user)
    answer = client.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.decode().count("<h1") == 1


@pytest.mark.parametrize("path", ["/account/", "/account/details/", "/account/requests/", "/account/messages/"])
def test_pages_that_only_show_refuse_posts(client, asha, path):
    client.force_login(asha.user)
    assert client.post(path).status_code == 405


def test_home_greets_and_says_what_to_do_next(client, asha, asked):
    client.force_login(asha.user)
    page = client.get("/account/").content.decode()
    assert "Hello Asha Owner" in page
    assert "Answer our question: Missed bin: recycling" in page
    assert "Add your address" in page
    assert asked.reference in page


def test_home_of_somebody_new_has_only_first_steps(client, db):
    user = factories.UserFactory()
    client.force_login(user)
    page = client.get("/account/").content.decode()
    assert "Tell us your name" in page
    assert "nothing that we are working on" in page
    assert Customer.objects.get(user=user)


def test_home_shows_the_next_collections(client, asha):
    from portal.waste.models import Collection, Round

    asha.address = factories.AddressFactory()
    asha.save()
    client.force_login(asha.user)
    assert "We know of no collections at this address" in client.get("/account/").content.decode()
    tour = Round.objects.create(code="r1", name="Round 1", stream="recycling", weekday=0, first_on="2026-01-05")
    Collection.objects.create(address=asha.address, stream="recycling", round=tour)
    page = client.get("/account/").content.decode()
    assert "Next bin collections" in page
    assert "Recycling" in page
    assert "Monday" in page


def test_delegate_with_full_authority_sees_the_account_but_not_the_details(client, asha, ben, asked):
    asha.address = factories.AddressFactory(one_line="7 Asha Lane")
    asha.save()
    client.force_login(ben.user)
    client.post("/account/acting-for/", {"principal": asha.pk})
    page = client.get("/account/").content.decode()
    assert "Account of Asha Owner" in page
    assert "7 Asha Lane" in page
    assert asked.reference in page
    details = client.get("/account/details/").content.decode()
    assert "7 Asha Lane" not in details
    assert "theirs alone" in details
    for path in ("/account/details/name/", "/account/details/address/"):
        assert client.get(path).url == "/account/details/"
        client.post(path, {"name": "Stolen", "uprn": "none", "address_text": "1 Evil Road"})
    asha.refresh_from_db()
    ben.refresh_from_db()
    assert (asha.name, ben.name, ben.address_text) == ("Asha Owner", "Ben Delegate", "")


def test_delegate_for_one_service_sees_only_that(client, asha, ben, asked, make_case):
    other = factories.ServiceFactory(slug="parking", name="Parking")
    private = factories.CaseFactory(customer=asha, service=other, title="Parking matter")
    asha.address = factories.AddressFactory(one_line="7 Asha Lane")
    asha.save()
    factories.narrow(Delegation.objects.get(), asked.service)
    client.force_login(ben.user)
    client.post("/account/acting-for/", {"principal": asha.pk})
    page = client.get("/account/").content.decode() + client.get("/account/requests/?show=all").content.decode()
    assert asked.reference in page
    assert private.reference not in page
    assert "7 Asha Lane" not in page


def test_staff_who_serve_see_no_account(client, asha):
    adviser = factories.StaffFactory(roles=["adviser"])
    client.force_login(adviser)
    session = client.session
    session["serving"] = {"customer": asha.pk, "channel": str(Channel.PHONE)}
    session.save()
    for path in PAGES:
        page = client.get(path).content.decode()
        assert "Stop serving first" in page


# --- Details ---


def test_name_and_telephone_are_saved(client, asha):
    client.force_login(asha.user)
    answer = client.post("/account/details/name/", {"name": "Asha New", "phone": "020 7946 0123"})
    assert answer.url == "/account/details/"
    page = client.get(answer.url).content.decode()
    assert '<p class="govuk-notification-banner__heading">We have saved your name and telephone number.</p>' in page
    assert "Asha New" in page
    assert "020 7946 0123" in page


@pytest.mark.parametrize("phone", ["call me", "12345", "0" * 25, "020 7946 0123; DROP"])
def test_telephone_that_is_none_is_kept_on_the_form_and_explained(client, asha, phone):
    client.force_login(asha.user)
    page = client.post("/account/details/name/", {"name": "Asha", "phone": phone}).content.decode()
    assert "Enter a telephone number, such as 020 7946 0123" in page
    assert f'value="{phone}"' in page


def test_name_is_asked_for_and_has_a_limit(client, asha):
    client.force_login(asha.user)
    assert "Enter your name" in client.post("/account/details/name/", {"name": " "}).content.decode()
    assert "Use a shorter name" in client.post("/account/details/name/", {"name": "a" * 151}).content.decode()
    assert "Enter your name" in client.post("/account/details/name/").content.decode()


def test_address_is_found_confirmed_and_saved(client, asha):
    address = factories.AddressFactory()
    client.force_login(asha.user)
    assert address.one_line in client.get("/account/details/address/?postcode=en54aa").content.decode()
    page = client.get(f"/account/details/address/?postcode=en54aa&uprn={address.pk}").content.decode()
    assert "This is my address" in page
    asha.refresh_from_db()
    assert asha.address is None  # looking changes nothing
    assert client.post("/account/details/address/", {"uprn": str(address.pk)}).url == "/account/details/"
    asha.refresh_from_db()
    assert asha.address == address


def test_address_that_is_not_listed_is_typed(client, asha):
    asha.address = factories.AddressFactory()
    asha.save()
    client.force_login(asha.user)
    client.post("/account/details/address/", {"uprn": "none", "address_text": "1 New Road\r\nBarnet"})
    asha.refresh_from_db()
    assert (asha.address, asha.address_text) == (None, "1 New Road, Barnet")
    assert "1 New Road, Barnet" in client.get("/account/").content.decode()


@pytest.mark.parametrize("uprn", ["999", "x", "-1", "9" * 40, "1e5", "none"])
def test_forged_address_is_refused_in_words(client, asha, uprn):
    client.force_login(asha.user)
    answer = client.post("/account/details/address/", {"uprn": uprn})
    assert answer.status_code == 200
    asha.refresh_from_db()
    assert (asha.address, asha.address_text) == (None, "")


# --- Messages ---


def message_to(customer, subject="test"):
    return Message.objects.create(
        idempotency_key=str(uuid.uuid4()),
        template_key="x",
        channel="inbox",
        customer=customer,
        subject=subject,
        body="Look: http://testserver/account/ <b>",
        state="sent",
    )


def test_inbox_lists_and_a_message_is_read_by_opening_it(client, asha):
    message = message_to(asha, subject="We have your request")
    client.force_login(asha.user)
    assert "Read 1 new message" in client.get("/account/").content.decode()
    page = client.get("/account/messages/").content.decode()
    assert "We have your request" in page
    assert "New" in page
    page = client.get(f"/account/messages/{message.pk}/").content.decode()
    assert '<a href="http://testserver/account/"' in page
    assert "&lt;b&gt;" in page
    message.refresh_from_db()
    assert message.read_at
    assert "new message" not in client.get("/account/").content.decode()


def test_message_leads_to_the_request_that_it_tells_of(client, asha, case):
    client.force_login(asha.user)
    message = Message.objects.get(channel="inbox", customer=asha)
    page = client.get(f"/account/messages/{message.pk}/").content.decode()
    assert f'href="/account/requests/{case.reference}/"' in page


def test_messages_are_their_owner_s_alone(client, asha, ben, cara, dev):
    message = message_to(asha, subject="For Asha only")
    for user in (ben.user, cara.user, dev):
        client.force_login(user)
        assert client.get(f"/account/messages/{message.pk}/").status_code == 404
        assert "For Asha only" not in client.get("/account/messages/").content.decode()
    client.force_login(ben.user)
    client.post("/account/acting-for/", {"principal": asha.pk})
    assert client.get(f"/account/messages/{message.pk}/").status_code == 404
    assert "These are your own messages" in client.get("/account/messages/").content.decode()
    message.refresh_from_db()
    assert message.read_at is None


def test_inbox_says_so_when_it_is_empty(client, cara):
    client.force_login(cara.user)
    assert "We have not written to you yet." in client.get("/account/messages/").content.decode()
