"""Staff ask for more: who is told what, and what the request does meanwhile."""

import datetime as dt
import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.services import resolve_case
from portal.smartforms.asking.services import REMIND_BEFORE, end_unanswered, remind_of_asked
from portal.smartforms.models import AskedState, Draft, FormFile, MoreAsked
from tests import factories
from tests.people import PortalClient
from tests.portal.smartforms.asking.conftest import WHY, address_of, ask
from tests.portal.smartforms.results.conftest import SECRET

pytestmark = pytest.mark.django_db


def told(key):
    return Message.objects.filter(template_key=key)


def test_the_request_waits_and_the_customer_is_told_with_the_way(staff, submission):
    assert ask(staff, submission, "income").url == reverse("staff_case", args=[submission.case.reference])
    case = Case.objects.get()
    asked = MoreAsked.objects.get()
    assert case.state == CaseState.WAITING
    assert case.pauses.get(until_on=None).reason == WHY
    assert case.timeline.latest("at", "id").public_text == WHY
    message = told("form-more").first()
    assert WHY in message.body
    assert reverse("form_more", args=["holiday-club", asked.draft_id]) in message.body
    assert not told("case-question").exists()


def test_the_page_offers_every_question_and_shows_no_answer(staff, submission):
    page = staff.get(address_of(submission)).content.decode()
    for words in (
        "About you: Income a week (answered)",
        "Your children (answered)",
        "Health: What help does the child",
    ):
        assert words in page
    assert SECRET not in page
    assert "£123" not in page


def test_sent_twice_it_asks_once(staff, submission):
    page = staff.get(address_of(submission))
    form = page.context["form"]
    given = {
        "version": form["version"].value(),
        "submission_key": form["submission_key"].value(),
        "questions": ["income"],
        "why": WHY,
        "days": "14",
    }
    assert [staff.post(address_of(submission), given).status_code for _time in range(2)] == [302, 302]
    assert MoreAsked.objects.count() == 1
    assert Case.objects.get().timeline.filter(kind="asked").count() == 1


def test_who_decided_on_an_old_page_is_told(staff, submission):
    response = ask(staff, submission, "income", version=str(submission.case.version + 1))
    assert response.status_code == 409
    assert WHY in response.content.decode()
    assert not MoreAsked.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"questions": []},
        {"questions": ["rules"]},
        {"questions": ["ünbekannt"]},
        {"why": " "},
        {"why": "x" * 1001},
        {"days": "1"},
        {"days": "10000000000000000000"},
        {"submission_key": "forged"},
        {"version": "x"},
    ],
)
def test_bad_input_changes_nothing_and_keeps_what_was_typed(staff, submission, wrong):
    response = ask(staff, submission, "income", **wrong)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    if "why" not in wrong:
        assert WHY in response.content.decode()
    assert not MoreAsked.objects.exists()
    assert Case.objects.get().state == CaseState.RECEIVED


def test_one_at_a_time(staff, submission):
    ask(staff, submission, "income")
    page = staff.get(address_of(submission)).content.decode()
    assert "Take it back" in page
    assert "Income a week" in page
    case_page = staff.get(reverse("staff_case", args=[submission.case.reference])).content.decode()
    assert "What was asked through the form" in case_page


def test_taken_back_what_was_typed_goes_and_so_does_the_request(staff, answering, submission):
    hand = answering("income")
    hand.post("you", {"income": "5"})
    FormFile(draft=hand.draft, question="x", name="a.pdf", content_type="application/pdf", size=1).file.save(
        "a", _pdf()
    )
    response = staff.post(address_of(submission), {"take_back": "yes", "note": "Found it."})
    assert response.status_code == 302
    draft = Draft.objects.get(pk=hand.draft.pk)
    assert (MoreAsked.objects.get().state, draft.answers, draft.files.count()) == (AskedState.WITHDRAWN, {}, 0)
    case = Case.objects.get()
    assert case.state == CaseState.RECEIVED
    assert case.timeline.latest("at", "id").internal_text == "Found it."
    for address in (hand.more_url, hand.url("you"), hand.check_url):
        assert "We no longer ask this" in hand.client.get(address).content.decode()
    assert hand.post("you", {"income": "7"}).status_code == 200
    assert Draft.objects.get(pk=hand.draft.pk).answers == {}
    staff.post(address_of(submission), {"take_back": "yes"})  # pressed again
    assert Case.objects.get().timeline.filter(kind="resumed").count() == 1


def _pdf():
    return ContentFile(b"%PDF")


def test_a_reminder_comes_once_some_days_before_the_end(answering):
    answering("income")
    assert remind_of_asked() == "0 reminded"
    MoreAsked.objects.update(expires_at=timezone.now() + REMIND_BEFORE)
    assert remind_of_asked() == "1 reminded"
    assert remind_of_asked() == "0 reminded"
    assert told("form-more-reminder").exists()


def test_unanswered_the_request_goes_on_and_staff_read_why(answering):
    hand = answering("income")
    assert end_unanswered() == "0 ended"
    MoreAsked.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert end_unanswered() == "1 ended"
    case = Case.objects.get()
    assert (case.state, MoreAsked.objects.get().state) == (CaseState.RECEIVED, AskedState.EXPIRED)
    assert "Nobody answered the questions of the form" in case.timeline.latest("at", "id").internal_text
    assert "go on without these answers" in hand.client.get(hand.check_url).content.decode()
    assert end_unanswered() == "0 ended"


def test_of_a_closed_request_nobody_is_reminded_and_nothing_is_taken(answering, dev):
    hand = answering("income")
    resolve_case(Case.objects.get(), actor=Actor.staff(dev), outcome="done", public_reason="Done.")
    MoreAsked.objects.update(expires_at=timezone.now() + REMIND_BEFORE)
    assert remind_of_asked() == "0 reminded"
    assert "We are done with your request" in hand.client.get(hand.more_url).content.decode()


def test_without_an_account_a_link_that_works_once_leads_there(staff, submission):
    Case.objects.update(customer=None, contact_email="asha@example.com")
    ask(staff, submission, "income")
    body = told("form-more-link").get().body
    link = re.search(r"https?://[^/]+(/forms/\S+/return/\S+/)", body)[1]
    client = PortalClient()
    back = client.post(link).url
    page = client.get(back, follow=True).content.decode()
    assert WHY in page
    assert "Income a week" in page
    stranger = PortalClient()
    assert stranger.get(back).status_code == 404
    assert stranger.post(link).status_code == 200


def test_who_left_no_way_to_be_asked_is_not(staff, submission):
    Case.objects.update(customer=None, contact_email="", contact_phone="020 7946 0999")
    response = ask(staff, submission, "income")
    assert response.status_code == 409
    assert "call them" in response.content.decode()


def test_doors(staff, answering, submission, cara):
    hand = answering("income")
    stranger = PortalClient()
    stranger.force_login(cara.user)
    for client in (stranger, PortalClient()):
        assert client.get(hand.more_url).status_code == 404
        assert client.post(hand.url("you"), {"income": "1"}).status_code == 404
    assert stranger.get(address_of(submission)).status_code == 404
    librarian = PortalClient()
    librarian.force_login(factories.StaffFactory(roles=["librarian"]))
    assert librarian.get(address_of(submission)).status_code == 403
    assert "Answer the questions" in hand.client.get(submission.case.get_absolute_url()).content.decode()


def test_the_page_costs_the_same_however_often_was_asked_before(staff, submission):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(address_of(submission)).status_code == 200
        return len(queries)

    staff.get(address_of(submission))
    before = cost()
    for number in range(3):
        MoreAsked.objects.create(
            submission=submission,
            questions=["income"],
            why=WHY,
            state="answered",
            asked_by=factories.StaffFactory(),
            expires_at=timezone.now(),
            submission_key=f"k{number}",
        )
    assert cost() == before
