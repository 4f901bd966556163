"""Staff help somebody in person and hand them the screen; nothing of one visitor is there for the next."""

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from barnet.catalogue.services import ensure_services
from barnet.customers.actors import Actor
from barnet.customers.assisting import screen
from barnet.customers.merging.rules import RULES
from barnet.customers.models import AccessRecord, AssistedVisit, Customer, VisitEvent
from barnet.kit import retention
from portal.cases.models import Case
from portal.cases.services import claim_case, receive_case
from portal.smartforms.models import Draft
from portal.smartforms.publishing import import_form
from tests import factories
from tests.house.test_access import A_FORM
from tests.people import PortalClient
from tests.visits import SAID, begin

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SCREEN = re.compile(r'data-screen="([^"]+)"')


def kinds():
    return list(VisitEvent.objects.values_list("kind", flat=True))


# --- Beginning --------------------------------------------------------------------------------------------------------


def test_a_visit_without_an_account_begins_once_and_is_recorded(desk, librarian):
    key = desk.get("/staff/visit/new/").context["form"]["submission_key"].value()
    before = dict(desk.cookies)
    for _click in range(2):  # the second is sent before the first is answered
        desk.cookies.update(before)
        assert desk.post("/staff/visit/new/", {**SAID, "submission_key": key})["Location"] == "/staff/visit/"
    visit = AssistedVisit.objects.get()
    assert (visit.customer.name, visit.customer.user, visit.helper) == ("Visitor without a name", None, librarian)
    assert kinds() == ["begun"]
    assert "You are serving" in desk.get("/bins/").content.decode()


def test_a_visit_with_an_account_is_found_agreed_and_its_reading_recorded(desk, asha, librarian):
    assert f"/staff/visit/begin/{asha.pk}/" in desk.get("/staff/visit/?q=asha").content.decode()
    refused = begin(desk, f"/staff/visit/begin/{asha.pk}/", agrees="")
    assert "Ask them first" in refused.content.decode()
    assert "report a missed bin" in refused.content.decode()
    assert not AssistedVisit.objects.exists()
    begin(desk, f"/staff/visit/begin/{asha.pk}/")
    assert AssistedVisit.objects.get().customer == asha
    assert AccessRecord.objects.filter(actor=librarian, customer=asha, purpose="assisted visit").exists()


def test_only_staff_who_serve(client, asha):
    assert client.get("/staff/visit/").status_code == 302
    client.force_login(asha.user)
    assert client.get("/staff/visit/").status_code == 404
    client.force_login(factories.StaffFactory(roles=["analyst"]))
    assert client.post("/staff/visit/hand-over/").status_code == 403


def test_the_next_visit_ends_the_one_before_and_takes_what_it_left(desk, helped):
    session = desk.session
    session["missed_bins"] = {"a": "something of Vera's"}
    session.save()
    begin(desk, name="Walter Next")
    assert kinds() == ["begun", "ended", "begun"]
    assert "missed_bins" not in desk.session
    page = desk.get("/staff/visit/").content.decode()
    assert "Walter Next" in page
    assert "Vera Visitor" not in page


# --- Handing over -----------------------------------------------------------------------------------------------------


def test_handing_over_signs_staff_out_and_keeps_what_the_visitor_typed(desk, helped, librarian):
    session = desk.session
    session["missed_bins"] = {"a": "typed"}
    session["case_answers_open"] = {"BAR-7K3M-29QD": "of staff"}
    session.save()
    before = desk.cookies[settings.SESSION_COOKIE_NAME].value
    answer = desk.post("/staff/visit/hand-over/", {"next": "/bins/"})
    assert answer["Location"] == "/bins/"
    assert not Session.objects.filter(pk=before).exists()
    assert set(desk.session.keys()) <= {"handed_over", "missed_bins", "kiosk_used_at", "screen_name"}
    assert "_auth_user_id" not in desk.session
    assert kinds() == ["begun", "handed_over"]
    assert VisitEvent.objects.last().actor == librarian


@pytest.mark.parametrize("wanted", ["/staff/cases/", "https://evil.example/", "//evil.example/", "/account/", "", "x"])
def test_it_goes_on_only_where_the_visitor_may_be(desk, helped, wanted):
    assert desk.post("/staff/visit/hand-over/", {"next": wanted})["Location"] == "/visit/"


@pytest.mark.parametrize(
    "address", ["/staff/", "/staff/cases/", "/staff/serve/", "/staff/content/", "/field/", "/account/", "/staff/visit/"]
)
def test_no_page_of_staff_and_no_account_is_reachable(desk, handed, address):
    assert desk.get(address)["Location"] == "/visit/"
    assert desk.post(address)["Location"] == "/visit/"


def test_a_sentence_for_staff_is_not_shown_to_the_visitor(desk, helped):
    desk.post("/staff/visit/hand-over/")  # "You are helping Vera Visitor" waits for a page since the visit began
    assert "You are helping" not in desk.get("/visit/").content.decode()


def test_the_visitor_sees_their_matter_and_nobody_elses(desk, handed, asha):
    other = factories.CaseFactory(customer=asha)
    page = desk.get("/visit/").content.decode()
    assert "Your visit" in page
    assert "Finish and wipe" in page
    assert "librarian@example.com" not in page
    assert desk.get(f"/requests/{other.reference}/code/").status_code == 404


def test_elsewhere_there_is_no_page_of_a_visit(client):
    assert client.get("/visit/")["Location"] == "/"


def test_without_a_visit_nothing_is_handed_over(desk):
    assert desk.post("/staff/visit/hand-over/")["Location"] == "/staff/visit/"
    assert desk.get("/staff/visit/").status_code == 200


# --- Taking it back ---------------------------------------------------------------------------------------------------


def test_taking_it_back_needs_a_sign_in(desk, handed, librarian):
    answer = desk.get("/staff/visit/take-back/")
    assert answer["Location"].startswith("/account/sign-in/")
    assert desk.get("/account/sign-in/").status_code == 200
    desk.force_login(librarian)
    assert desk.get("/staff/cases/")["Location"] == "/staff/visit/take-back/"
    assert desk.get("/bins/")["Location"] == "/staff/visit/take-back/"
    assert "The visit of Vera Visitor goes on" in desk.get("/staff/visit/take-back/").content.decode()
    desk.post("/staff/visit/take-back/")
    assert kinds() == ["begun", "handed_over", "taken_back"]
    assert "You are serving" in desk.get("/bins/").content.decode()


def test_staff_who_may_not_serve_do_not_take_it_back(desk, handed):
    desk.force_login(factories.StaffFactory(roles=["analyst"]))
    assert desk.post("/staff/visit/take-back/").status_code == 403
    assert kinds() == ["begun", "handed_over"]


def test_a_visitor_who_signs_in_there_ends_the_visit(desk, handed, asha):
    desk.force_login(asha.user)
    answer = desk.get("/account/")
    assert answer["Clear-Site-Data"]
    assert kinds() == ["begun", "handed_over", "finished"]
    assert desk.get("/account/")["Location"].startswith("/account/sign-in/")


# --- Its end ----------------------------------------------------------------------------------------------------------


def test_the_cookie_that_knows_the_browser_of_staff_stays_theirs(desk, handed):
    desk.cookies["device"] = "x" * 30
    desk.cookies["language"] = "pl"
    answer = desk.post("/account/kiosk/finish/")
    assert answer.cookies["language"]["max-age"] == 0
    assert "device" not in answer.cookies


def test_finishing_wipes_everything_of_the_visitor(desk, handed):
    key = desk.cookies[settings.SESSION_COOKIE_NAME].value
    answer = desk.post("/account/kiosk/finish/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(pk=key).exists()
    assert kinds() == ["begun", "handed_over", "finished"]
    assert AssistedVisit.objects.get().ended_at
    assert desk.get("/visit/")["Location"] == "/"
    assert "Vera Visitor" not in desk.get("/bins/").content.decode()


def test_a_pause_wipes_and_is_recorded_as_one(desk, handed):
    desk.get("/visit/")
    session = desk.session
    session["kiosk_used_at"] -= settings.KIOSK_IDLE_MINUTES * 60 + 1
    session.save()
    assert desk.get("/visit/")["Clear-Site-Data"]
    assert kinds() == ["begun", "handed_over", "idle"]


def test_staff_end_it_and_stay_signed_in(desk, helped):
    session = desk.session
    session["tracking_open"] = {"BAR-7K3M-29QD": 9}
    session.save()
    answer = desk.post("/staff/visit/end/")
    assert answer["Clear-Site-Data"]
    assert answer.cookies["forms"]["max-age"] == 0
    assert settings.SESSION_COOKIE_NAME not in answer.cookies or answer.cookies[settings.SESSION_COOKIE_NAME].value
    page = desk.get("/staff/visit/")
    assert page.status_code == 200
    assert "Vera Visitor" not in page.content.decode()
    assert "tracking_open" not in desk.session
    assert kinds() == ["begun", "ended"]


@pytest.mark.parametrize("address", ["/account/sign-out/", "/staff/content/logout/"])
def test_staff_who_sign_out_end_it(desk, helped, librarian, a_form, address):
    key = desk.cookies[settings.SESSION_COOKIE_NAME].value
    here = begin_form(desk, a_form)
    assert "Signing out ends the visit of Vera Visitor" in desk.get("/account/sign-out/").content.decode()
    answer = desk.post(address)
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["forms"]["max-age"] == 0
    assert answer.cookies["screen"]["max-age"] == 0
    assert not Session.objects.filter(pk=key).exists()
    assert not Draft.objects.exists()
    assert kinds() == ["begun", "ended"]
    assert VisitEvent.objects.last().actor == librarian
    assert AssistedVisit.objects.get().ended_at
    assert desk.get(here).status_code == 404


def test_signing_out_without_a_visit_wipes_nothing(desk):
    assert "ends the visit" not in desk.get("/account/sign-out/").content.decode()
    assert "Clear-Site-Data" not in desk.post("/account/sign-out/")


# --- What other tabs, and the browser, could keep ---------------------------------------------------------------------


def test_what_an_old_tab_sends_is_refused_after_each_change_of_hands(librarian):
    """In a browser that checks the token of forms, as browsers do."""
    desk = PortalClient(enforce_csrf_checks=True)
    desk.force_login(librarian)

    def token_of(address):
        return TOKEN.search(desk.get(address).content.decode())[1]

    def send(address, token, **said):
        return desk.post(address, {**said, "csrfmiddlewaretoken": token})

    def begin_with(name):
        form = desk.get("/staff/visit/new/")
        token, key = TOKEN.search(form.content.decode())[1], form.context["form"]["submission_key"].value()
        assert send("/staff/visit/new/", token, **SAID, name=name, submission_key=key).status_code == 302

    begin_with("Vera Visitor")
    veras = token_of("/staff/visit/")
    begin_with("Walter Next")
    assert send("/staff/visit/hand-over/", veras).status_code == 403
    assert send("/account/kiosk/stay/", veras).status_code == 403
    assert kinds() == ["begun", "ended", "begun"]
    assert send("/staff/visit/hand-over/", token_of("/staff/visit/")).status_code == 302
    walters = token_of("/visit/")
    assert send("/account/kiosk/stay/", walters).status_code == 204  # the control: his own page works
    assert send("/account/kiosk/finish/", walters).status_code == 302
    assert kinds() == ["begun", "ended", "begun", "handed_over", "finished"]
    token_of("/account/sign-in/")
    assert send("/account/kiosk/stay/", walters).status_code == 403


def screen_of(answer):
    found = SCREEN.search(answer.content.decode())
    return found[1] if found else ""


def test_every_page_knows_whose_screen_it_is_and_a_cookie_tells_the_tabs(desk, helped):
    first = desk.get("/staff/visit/")
    staff = screen_of(first)
    assert staff.startswith("staff-")
    assert first.cookies["screen"].value == staff == screen_of(desk.get("/bins/"))
    assert not first.cookies["screen"]["httponly"]
    desk.post("/staff/visit/hand-over/")
    visitors = screen_of(desk.get("/visit/"))
    assert visitors.startswith("visitor-")
    assert desk.cookies["screen"].value == visitors
    ended = desk.post("/account/kiosk/finish/")
    assert ended.cookies["screen"]["max-age"] == 0
    assert screen_of(desk.get("/bins/")) == ""
    assert "screen_name" not in desk.session


def test_a_name_that_outlived_its_session_goes_with_the_first_answer(desk, handed):
    desk.get("/visit/")
    Session.objects.all().delete()
    assert desk.cookies["screen"].value.startswith("visitor-")
    answer = desk.get("/bins/")
    assert screen_of(answer) == ""
    assert answer.cookies["screen"]["max-age"] == 0


def test_the_next_visit_has_another_name(desk, helped):
    vera = screen_of(desk.get("/bins/"))
    begin(desk, name="Walter Next")
    walter = screen_of(desk.get("/bins/"))
    assert walter.startswith("staff-")
    assert walter != vera
    assert desk.post("/staff/visit/end/").cookies["screen"]["max-age"] == 0
    assert screen_of(desk.get("/bins/")) == ""


# --- A form, from one hand to the other -------------------------------------------------------------------------------


@pytest.fixture
def a_form():
    ensure_services()
    return import_form(A_FORM, by=None).form


def begin_form(desk, form):
    address = f"/forms/{form.slug}/"
    page = desk.get(address)
    key = page.context["form"]["submission_key"].value()
    return desk.post(address, {"submission_key": key})["Location"]


def test_a_form_that_staff_began_goes_on_with_the_visitor_and_ends_with_the_visit(desk, helped, a_form):
    here = begin_form(desk, a_form)
    assert Draft.objects.get().customer == helped.customer
    assert desk.post("/staff/visit/hand-over/", {"next": here})["Location"] == here
    assert desk.get(here).status_code == 200
    desk.post("/account/kiosk/finish/")
    assert not Draft.objects.exists()
    assert desk.get(here).status_code == 404


def test_a_form_of_somebody_with_an_account_stays_in_it(desk, asha, a_form):
    begin(desk, f"/staff/visit/begin/{asha.pk}/")
    here = begin_form(desk, a_form)
    desk.post("/staff/visit/hand-over/", {"next": here})
    desk.post("/account/kiosk/finish/")
    assert Draft.objects.get().customer == asha
    assert desk.get(here).status_code == 404


def test_the_visitor_gets_a_code_for_what_they_sent(desk, handed):
    sent = receive_case(
        factories.ServiceFactory(),
        actor=Actor.in_person(handed.pk),
        submission_key="sent",
        title="Ask us",
        customer=handed.customer,
    ).case
    assert sent.channel == "face_to_face"
    assert sent.reference in desk.get("/visit/").content.decode()
    address = f"/requests/{sent.reference}/code/"
    key = desk.get(address).context["form"]["submission_key"].value()
    slip = desk.post(address, {"submission_key": key}).context["slip"]
    owner = factories.CustomerFactory(user=factories.UserFactory())
    assert claim_case(owner.user, reference=sent.reference, code=slip.code)
    assert Case.objects.get(pk=sent.pk).customer == owner
    assert desk.get(address).status_code == 404


# --- The house --------------------------------------------------------------------------------------------------------


def test_visits_are_deleted_after_their_time_with_their_record(helped):
    kind = {kind.key: kind for kind in retention.kinds()}["assisted-visits"]
    assert kind.apply(AssistedVisit.objects.all()) == 1
    assert not VisitEvent.objects.exists()
    assert "customers.AssistedVisit.customer" in RULES


def test_the_page_of_a_visit_costs_the_same_queries(desk, helped, django_assert_num_queries):
    service = factories.ServiceFactory()

    def send(number):
        receive_case(
            service,
            actor=Actor.in_person(helped.pk),
            submission_key=f"n{number}",
            title="Ask us",
            customer=helped.customer,
        )

    send(0)
    desk.get("/staff/visit/")
    with django_assert_num_queries(VISIT_QUERIES):
        desk.get("/staff/visit/")
    send(1)
    send(2)
    with django_assert_num_queries(VISIT_QUERIES):
        desk.get("/staff/visit/")


VISIT_QUERIES = 11  # one notes that the visit is in use


def test_a_session_of_nobody_has_no_visit(client):
    assert Customer.objects.count() == 0
    assert client.get("/bins/").status_code == 200
    assert "handed_over" not in client.session
    assert screen.visit_key(client.get("/bins/").wsgi_request) is None
