import re

import pytest
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.kit.references import reference_of
from barnet.notifications.models import Message
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.services import ContactDetails, ask_customer, receive_case, resolve_case, withdraw_case
from portal.tracking import proving
from tests import factories
from tests.pages import skeleton
from tests.people import PortalClient

pytestmark = pytest.mark.django_db

ELSEWHERE = reference_of("2222222")
MISTYPED = ELSEWHERE[:-1] + ("3" if ELSEWHERE[-1] == "2" else "2")


@pytest.fixture
def case(db) -> Case:
    """Of Vera, who has no account."""
    return receive_case(
        factories.ServiceFactory(slug="general-enquiry", name="Ask us"),
        actor=Actor.visitor(),
        submission_key="vera",
        title="Broken bench",
        details=[("Note", "the gate code is 4711")],
        contact=ContactDetails(name="Vera Visitor", email="Vera@Example.com", phone="07700 900123"),
        address_text="The blue boat, canal",
    ).case


@pytest.fixture
def by_dev(dev):
    return Actor.staff(dev)


def ask(client, reference, contact="vera@example.com"):
    return client.post("/track/", {"reference": reference, "contact": contact})


def code_in(case) -> str:
    message = Message.objects.filter(template_key="track-code").latest("created_at")
    return re.search(r"^([0-9]{6})$", message.body, re.M)[1]


def opened(client, case):
    ask(client, case.reference)
    return client.post("/track/code/", {"code": code_in(case)}, follow=True)


# --- The way in -------------------------------------------------------------------------------------------------------


def test_reference_and_code_show_where_it_stands_and_not_what_was_told(client, case):
    page = opened(client, case)
    assert page.redirect_chain[-1][0] == f"/track/{case.reference}/"
    text = page.content.decode()
    assert "Broken bench" in text
    assert "We will deal with it by" in text
    assert "the gate code is 4711" not in text
    assert page["Cache-Control"].startswith("max-age=0")
    assert page["X-Robots-Tag"] == "noindex"


def test_reference_alone_shows_nothing_personal(client, case):
    for path in (f"/track/{case.reference}/", f"/track/?reference={case.reference}", "/track/code/"):
        text = client.get(path, follow=True).content.decode()
        assert not [word for word in ("Broken bench", "Vera", "blue boat", "vera@") if word in text]


def test_code_goes_to_the_address_of_the_request_and_to_no_other(client, case):
    ask(client, case.reference, "VERA@example.com")
    assert Message.objects.get(template_key="track-code").address == "vera@example.com"
    for other in ("cara@example.com", "07700 900999"):
        ask(client, case.reference, other)
    assert Message.objects.filter(template_key="track-code").count() == 1


def test_answers_do_not_tell_whether_a_request_or_an_address_is_known(case):
    pages = []
    for reference, contact in (
        (case.reference, "vera@example.com"),
        (case.reference, "cara@example.com"),
        (ELSEWHERE, "vera@example.com"),
    ):
        client = PortalClient()
        answer = ask(client, reference, contact)
        wrong = client.post("/track/code/", {"code": "000000"})
        pages.append((answer.status_code, answer["Location"], wrong.status_code, skeleton(wrong.content)))
    assert pages[0] == pages[1] == pages[2]


def test_customers_own_address_opens_what_staff_entered_for_them(client, asha, dev):
    case = receive_case(
        factories.ServiceFactory(), actor=Actor.staff(dev), submission_key="asha", title="Broken bench", customer=asha
    ).case
    ask(client, case.reference, asha.email)
    assert client.post("/track/code/", {"code": code_in(case)}).status_code == 302
    assert "There is more in your account" in client.get(f"/track/{case.reference}/").content.decode()


def test_mobile_number_gets_a_text_message_where_they_are_offered(client, case, monkeypatch):
    monkeypatch.setattr(proving, "is_offered", lambda channel: True)
    ask(client, case.reference, "+44 7700 900123")
    message = Message.objects.get(template_key="track-code")
    assert (message.channel, message.address) == ("sms", "+447700900123")
    assert re.search(r"\b[0-9]{6} is your code", message.short)


def test_without_text_messages_a_number_gets_nothing(client, case):
    assert ask(client, case.reference, "07700 900123")["Location"] == "/track/code/"
    assert not Message.objects.filter(template_key="track-code").exists()


# --- Wrong and late ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter the reference of your request"),
        (
            {"reference": MISTYPED, "contact": "vera@example.com"},
            "a sign is wrong or missing",
        ),
        ({"reference": "x" * 99, "contact": "vera@example.com"}, "Enter a reference like"),
        ({"reference": ELSEWHERE, "contact": "vera"}, "Enter an e-mail address like"),
    ],
)
def test_what_cannot_be_right_is_said_and_kept(client, typed, sentence):
    page = client.post("/track/", typed).content.decode()
    assert sentence in page
    assert "<title>Error: " in page


def test_code_works_once_in_the_browser_that_asked(client, case):
    ask(client, case.reference)
    code = code_in(case)
    stranger = PortalClient()
    ask(stranger, ELSEWHERE)
    assert "This is not the code" in stranger.post("/track/code/", {"code": code}).content.decode()
    assert client.post("/track/code/", {"code": f" {code[:3]} {code[3:]}"}).status_code == 302
    assert client.post("/track/code/", {"code": code})["Location"] == "/track/"
    assert stranger.get(f"/track/{case.reference}/")["Location"] == "/track/"


def test_five_wrong_codes_are_the_end_of_the_right_one(client, case):
    ask(client, case.reference)
    code = code_in(case)
    wrong = "111111" if code != "111111" else "222222"
    for _try in range(proving.MOST_TRIES - 1):
        assert client.post("/track/code/", {"code": wrong}).status_code == 200
    assert client.post("/track/code/", {"code": wrong})["Location"] == "/track/"
    assert client.post("/track/code/", {"code": code})["Location"] == "/track/"
    assert proving.opened_case(client.session, case.reference) is None


def test_code_and_opening_end_with_their_time(client, case, monkeypatch):
    ask(client, case.reference)
    code = code_in(case)
    now = proving.time.time()
    monkeypatch.setattr("portal.tracking.proving.time.time", lambda: now + 60 * proving.CODE_MINUTES + 1)
    assert client.post("/track/code/", {"code": code})["Location"] == "/track/"
    monkeypatch.setattr("portal.tracking.proving.time.time", lambda: now)
    assert opened(client, case).status_code == 200
    monkeypatch.setattr("portal.tracking.proving.time.time", lambda: now + 60 * proving.OPEN_MINUTES + 1)
    assert client.get(f"/track/{case.reference}/")["Location"] == "/track/"


def test_a_request_is_asked_for_five_times_an_hour_from_wherever(case):
    answers = [ask(PortalClient(REMOTE_ADDR=f"192.0.2.{n}"), case.reference) for n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "try again in an hour" in answers[-1].text
    assert case.reference in answers[-1].text  # what was typed stays
    assert Message.objects.filter(template_key="track-code").count() == 5


def test_finishing_leaves_nothing_for_the_next_person(client, case):
    opened(client, case)
    client.post("/track/finish/")
    assert client.get(f"/track/{case.reference}/")["Location"] == "/track/"
    assert client.get("/track/finish/").status_code == 405


def test_one_request_opens_no_other(client, case):
    other = factories.CaseFactory(title="Somebody else’s")
    opened(client, case)
    assert client.get(f"/track/{other.reference}/")["Location"] == "/track/"
    assert client.post(f"/track/{other.reference}/", {"words": "x", "version": 0})["Location"] == "/track/"


# --- What can be said to it -------------------------------------------------------------------------------------------


def test_question_is_answered_without_an_account(client, case, by_dev):
    ask_customer(case, actor=by_dev, question="Which bench?")
    page = opened(client, case)
    assert "Which bench?" in page.content.decode()
    path = f"/track/{case.reference}/"
    assert (
        "Write your answer" in client.post(path, {"version": page.context["form"]["version"].value()}).content.decode()
    )
    version = page.context["form"]["version"].value()
    assert client.post(path, {"words": "The green one.", "version": version}).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.RECEIVED
    assert case.timeline.latest("at", "id").public_text == "The green one."


def test_not_fixed_opens_it_again(client, case, by_dev):
    resolve_case(case, actor=by_dev, outcome="done", public_reason="Mended.")
    page = opened(client, case)
    assert "Mended." in page.content.decode()
    answer = {"words": "Still broken.", "version": page.context["form"]["version"].value()}
    assert client.post(f"/track/{case.reference}/", answer).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.RECEIVED
    assert case.promise_on > timezone.localdate()


def test_what_changed_meanwhile_is_shown_and_the_words_are_kept(client, case, by_dev):
    ask_customer(case, actor=by_dev, question="Which bench?")
    page = opened(client, case)
    withdraw_case(case, actor=by_dev)
    answer = {"words": "A careful answer.", "version": page.context["form"]["version"].value()}
    stale = client.post(f"/track/{case.reference}/", answer)
    assert stale.status_code == 409
    assert "Nothing more. If you need it after all" in stale.content.decode()
    assert "A careful answer." in stale.content.decode()
    resolved = resolve_case(_again(case), actor=by_dev, outcome="done", public_reason="Mended.")
    page = opened(client, resolved)
    answer = {"words": "A careful answer.", "version": page.context["form"]["version"].value() - 1}
    stale = client.post(f"/track/{resolved.reference}/", answer)
    assert stale.status_code == 409
    assert "A careful answer." in stale.content.decode()
    assert "<title>Error: " in stale.content.decode()
    resolved.refresh_from_db()
    assert resolved.state == CaseState.RESOLVED
    again = {name: stale.context["form"][name].value() for name in ("words", "version")}
    assert client.post(f"/track/{resolved.reference}/", again).status_code == 302


def _again(case):
    return receive_case(
        case.service,
        actor=Actor.visitor(),
        submission_key="again",
        title="Broken bench",
        contact=ContactDetails(name="Vera", email="vera@example.com"),
    ).case


def test_withdrawn_request_takes_no_words(client, case, by_dev):
    withdraw_case(case, actor=by_dev)
    page = opened(client, case)
    assert page.context["form"] is None
    assert client.post(f"/track/{case.reference}/", {"words": "Hello", "version": 1}).status_code == 409
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN
