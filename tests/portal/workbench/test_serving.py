import pytest

from barnet.customers.models import AccessRecord, Customer
from portal.cases.models import Contact
from tests import factories
from tests.portal.workbench.conftest import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(signed_in):
    return signed_in("adviser")


# --- Finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["asha own", "ASHA@example.com", "020 7946 0123", "+44 20 7946 0123", "en5 4aa"])
def test_a_customer_is_found_by_what_they_say(adviser, asha, text):
    Customer.objects.filter(pk=asha.pk).update(phone="020 7946 0123", address=factories.AddressFactory())
    factories.CustomerFactory(name="Somebody Else")
    page = adviser.get("/staff/serve/", {"q": text}).content.decode()
    assert f"/staff/customers/{asha.pk}/" in page
    assert "Somebody Else" not in page
    assert AccessRecord.objects.get().what == "search of customers"


def test_too_short_a_search_says_so(adviser):
    assert "There is a problem" in adviser.get("/staff/serve/?q=ab").content.decode()


def test_nobody_found_says_what_to_do(adviser):
    assert "Nobody fits." in adviser.get("/staff/serve/?q=nobody").content.decode()


@pytest.mark.parametrize("text", ["%%%", "___", "'; DROP TABLE x; --", "🗑🗑🗑", "(((", "0" * 99])
def test_the_search_takes_any_text(adviser, text):
    assert adviser.get("/staff/serve/", {"q": text}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_search_costs_the_same_queries(adviser, count, django_assert_num_queries):
    for number in range(count):
        factories.CustomerFactory(name=f"Tester {number}", address=factories.AddressFactory())
    adviser.get("/staff/serve/?q=tester")
    with django_assert_num_queries(SEARCH_QUERIES):
        adviser.get("/staff/serve/?q=tester")


SEARCH_QUERIES = 11


# --- Meeting ----------------------------------------------------------------------------------------------------------


def test_a_new_customer_is_made_once_however_often_it_is_sent(adviser):
    answers = form_of(adviser, "/staff/serve/new/") | {"name": "Nia New", "email": "nia@example.com"}
    places = {adviser.post("/staff/serve/new/", answers)["Location"] for _click in range(2)}
    customer = Customer.objects.get(name="Nia New")
    assert places == {f"/staff/customers/{customer.pk}/"}


def test_the_address_of_a_new_customer_is_picked_with_planned_houses_and_nothing_typed_is_lost(adviser):
    home = factories.AddressFactory(postcode="EN5 4AA", postcode_key="EN54AA")
    planned = factories.AddressFactory(postcode="EN5 4AA", postcode_key="EN54AA", is_provisional=True)
    ended = factories.AddressFactory(postcode="EN5 4AA", postcode_key="EN54AA", retired_on="2026-01-01")
    answers = form_of(adviser, "/staff/serve/new/") | {"name": "Nia New", "phone": "020 7946 0123"}
    for step in ({"address_step": "search"}, {}):  # the picker's button, or the page's before anything is chosen
        page = adviser.post("/staff/serve/new/", answers | {"postcode": "en54aa"} | step).content.decode()
        assert str(home.pk) in page
        assert f"{planned.one_line} (provisional" in page
        assert str(ended.pk) not in page
        assert "Nia New" in page
        assert "020 7946 0123" in page
        assert not Customer.objects.exists()
    adviser.post("/staff/serve/new/", answers | {"postcode": "en54aa", "choosing": "1", "uprn": str(planned.pk)})
    assert Customer.objects.get().address == planned


def test_the_address_of_a_new_customer_may_be_typed(adviser):
    answers = form_of(adviser, "/staff/serve/new/") | {"uprn": "none", "address_text": "3 New Mews\nBarnet"}
    adviser.post("/staff/serve/new/", answers)
    customer = Customer.objects.get()
    assert (customer.address, customer.address_text) == (None, "3 New Mews, Barnet")


def test_residents_are_not_offered_a_planned_house(client):
    planned = factories.AddressFactory(postcode="EN5 4AA", postcode_key="EN54AA", is_provisional=True)
    assert planned.one_line not in client.get("/addresses/?postcode=en54aa").content.decode()
    assert planned.one_line not in client.get(f"/addresses/?uprn={planned.pk}").content.decode()


def test_somebody_without_a_name_can_be_served(adviser):
    adviser.post("/staff/serve/new/", form_of(adviser, "/staff/serve/new/"))
    assert Customer.objects.get().name == "Caller without a name"


def test_somebody_already_known_is_shown_before_a_second_record_is_made(adviser, asha):
    answers = form_of(adviser, "/staff/serve/new/") | {"name": "Asha", "email": "ASHA@example.com"}
    page = adviser.post("/staff/serve/new/", answers).content.decode()
    assert "We already know somebody" in page
    assert f"/staff/customers/{asha.pk}/" in page
    assert Customer.objects.count() == 1
    answers = form_of(adviser, "/staff/serve/new/") | {"email": "asha@example.com", "is_somebody_else": "on"}
    adviser.post("/staff/serve/new/", answers)
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"phone": "abc"}, {"phone": "12"}, {"name": "x" * 200}, {"submission_key": "forged"}]
)
def test_wrong_details_are_explained_and_kept(adviser, wrong):
    answers = form_of(adviser, "/staff/serve/new/") | {"name": "Nia New", **wrong}
    page = adviser.post("/staff/serve/new/", answers).content.decode()
    assert "There is a problem" in page
    assert "Nia New" in page or "x" * 200 in page
    assert not Customer.objects.exists()


# --- Serving ----------------------------------------------------------------------------------------------------------


def test_start_and_stop_serving_with_the_banner_on_every_page(adviser, asha):
    response = adviser.post(f"/staff/customers/{asha.pk}/serve/", {"channel": "phone"}, follow=True)
    assert "You are serving" in response.content.decode()
    assert "Asha Owner" in adviser.get("/services/").content.decode()
    response = adviser.post("/staff/serve/stop/", follow=True)
    assert "You are no longer serving anybody." in response.content.decode()
    assert "Asha Owner" not in adviser.get("/services/").content.decode()


@pytest.mark.parametrize("channel", ["", "web", "system", "forged"])
def test_a_channel_must_be_chosen(adviser, asha, channel):
    page = adviser.post(f"/staff/customers/{asha.pk}/serve/", {"channel": channel}).content.decode()
    assert "There is a problem" in page
    assert "You are serving" not in page


def test_who_may_not_serve_does_not(signed_in, asha):
    operative, caseworker = signed_in("operative"), None
    assert operative.get("/staff/serve/").status_code == 403
    assert operative.get(f"/staff/customers/{asha.pk}/").status_code == 403
    assert operative.post(f"/staff/customers/{asha.pk}/serve/", {"channel": "phone"}).status_code == 403
    caseworker = signed_in("caseworker")
    assert caseworker.post(f"/staff/customers/{asha.pk}/serve/", {"channel": "phone"}).status_code == 403


# --- The customer's page ----------------------------------------------------------------------------------------------


def test_the_page_shows_details_requests_and_contacts_and_is_recorded(adviser, asha, ashas_case):
    page = adviser.get(f"/staff/customers/{asha.pk}/").content.decode()
    assert ashas_case.reference in page
    assert "asha@example.com" in page
    assert AccessRecord.objects.filter(actor=adviser.user, customer=asha).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_queries(adviser, asha, count, django_assert_num_queries):
    factories.CaseFactory.create_batch(count, customer=asha)
    for number in range(count):
        factories.ServiceFactory(slug=f"service-{number}", name=f"Service {number}", start_path="/bins/")
    adviser.get(f"/staff/customers/{asha.pk}/")
    with django_assert_num_queries(CUSTOMER_QUERIES):
        adviser.get(f"/staff/customers/{asha.pk}/")


CUSTOMER_QUERIES = 23


def test_a_contact_is_noted_once_with_its_four_facts(adviser, asha, service, reason):
    page = f"/staff/customers/{asha.pk}/"
    answers = form_of(adviser, page, "contact_form")
    answers |= {"reason": reason.pk, "summary": "Asked when we open", "channel": "phone", "service": service.slug}
    for _click in range(2):
        adviser.post(f"{page}contact/", answers)
    contact = Contact.objects.get()
    assert (contact.actor, contact.subject, contact.right, contact.channel) == (adviser.user, asha, "staff", "phone")
    assert contact.service == service
    assert "Asked when we open" in adviser.get(page).content.decode()


def test_a_contact_without_a_reason_is_explained_and_kept(adviser, asha):
    page = f"/staff/customers/{asha.pk}/"
    answers = form_of(adviser, page, "contact_form") | {"channel": "post", "summary": "Asked about a skip"}
    shown = adviser.post(f"{page}contact/", answers).content.decode()
    assert "Choose why they were in touch." in shown
    assert "Asked about a skip" in shown
    assert not Contact.objects.exists()


def test_a_customer_who_is_not_there_is_not_found(adviser):
    assert adviser.get("/staff/customers/999999/").status_code == 404
    assert adviser.post("/staff/customers/999999/serve/", {"channel": "phone"}).status_code == 404


def test_a_data_guardian_reads_and_writes_nothing(signed_in, asha):
    guardian = signed_in("data_guardian")
    assert guardian.get(f"/staff/customers/{asha.pk}/").status_code == 200
    assert guardian.post(f"/staff/customers/{asha.pk}/contact/", {"summary": "x"}).status_code == 403


# --- What they need ---------------------------------------------------------------------------------------------------


def test_staff_note_what_a_caller_needs_and_the_person_sees_who_wrote_it(adviser, asha, client):
    address = f"/staff/customers/{asha.pk}/needs/"
    answers = {"needs": ["interpreter", "large_print"], "interpreter": "Tamil", "agreed": "on"}
    assert adviser.post(address, answers).url == f"/staff/customers/{asha.pk}/"
    assert "An interpreter: Tamil" in adviser.get(f"/staff/customers/{asha.pk}/").content.decode()
    assert AccessRecord.objects.filter(customer=asha, purpose="what they need").exists()
    assert {need.recorded_by.email for need in asha.needs.all()} != {asha.user.email}
    client.force_login(asha.user)
    held = client.get("/account/what-we-hold/").content.decode()
    assert "An interpreter: Tamil" in held
    assert "written down by our staff" in held


def test_needs_without_their_agreement_or_words_are_not_kept(adviser, asha):
    address = f"/staff/customers/{asha.pk}/needs/"
    page = adviser.post(address, {"needs": ["interpreter"]}).content.decode()
    assert "nobody could see it" in page
    assert "Write it in a few words" in page
    assert not asha.needs.exists()


def test_needs_are_changed_by_those_who_serve_only(signed_in, asha):
    assert signed_in("analyst").post(f"/staff/customers/{asha.pk}/needs/", {}).status_code in {403, 404}
    assert signed_in("adviser").get("/staff/customers/987654/needs/").status_code == 404
