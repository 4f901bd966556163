"""Asha asks, an adviser answers; at the same page, live or not."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.catalogue.services import ensure_services
from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.notifications.models import Message
from portal.cases.models import Case, Contact
from portal.cases.selectors import QueueFilters, queue
from portal.cases.selectors.queues import Due
from portal.cases.services import receive_case, resolve_case, withdraw_case, write_message
from portal.chat.models import Duty, Listener
from portal.chat.services import come_on_duty
from tests.factories import ServiceFactory, StaffFactory
from tests.people import PortalClient
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines(db):
    return StaffFactory(email="ines@example.com", roles=["adviser"])


@pytest.fixture
def case(asha):
    return receive_case(
        ServiceFactory(), actor=Actor.online(asha.user, asha), submission_key="k", title="Missed bin", customer=asha
    ).case


def address(case, name="chat"):
    return reverse(name, args=[case.reference])


def ask(client, question="When is the tip open?", **more):
    page = client.get("/chat/")
    key = page.context["form"]["submission_key"].value()
    return client.post("/chat/", {"question": question, "submission_key": key, **more})


def events_of(response):
    """[(name, data)], and the number of the last line."""
    found, last = [], None
    for block in response.text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
        last = fields.get("id", last)
    return found, last


def test_a_visitor_asks_and_the_browser_keeps_the_conversation(client):
    ensure_services()
    answer = ask(client, name="Gus", email="gus@example.com")
    case = Case.objects.get(service__slug="general-enquiry")
    assert answer.url == address(case)
    page = client.get(answer.url)
    assert [(line.who, line.text) for line in page.context["lines"]] == [("You", "When is the tip open?")]
    assert case.promise_on
    elsewhere = PortalClient().get(address(case))
    assert elsewhere.status_code == 302
    assert elsewhere.url.startswith("/track/")


def test_the_same_question_sent_twice_is_one_request(client):
    ensure_services()
    key = client.get("/chat/").context["form"]["submission_key"].value()
    for _ in range(3):
        client.post("/chat/", {"question": "Open?", "email": "gus@example.com", "submission_key": key})
    case = Case.objects.get()
    assert case.timeline.filter(kind="message").count() == 1


def test_after_many_questions_from_one_connection_the_words_stay(client):
    ensure_services()
    for number in range(20):
        ask(client, f"Number {number}?", email="gus@example.com")
    page = ask(client, "My long question", email="gus@example.com")
    assert page.status_code == 429
    assert "send it again in an hour" in page.text
    assert "My long question" in page.text
    assert Case.objects.count() == 20


def test_what_is_missing_is_said_and_what_was_typed_kept(client):
    ensure_services()
    page = ask(client, "My long question", email="nonsense")
    assert "Enter an e-mail address" in page.text
    assert "My long question" in page.text
    assert not Case.objects.exists()


def test_both_write_and_each_reads_the_other(client, case, asha, ines):
    client.force_login(asha.user)
    client.post(address(case), {"text": "Which day?"})
    case.refresh_from_db()
    assert case.wrote_at
    assert list(queue(QueueFilters(due=Due.WROTE))) == [case]
    client.force_login(ines)
    assert [row.pk for row in client.get("/staff/chat/").context["page"]] == [case.pk]
    client.post(address(case, "staff_chat"), {"text": "Tuesday."})
    case.refresh_from_db()
    assert case.wrote_at is None
    assert case.responded_at
    assert not client.get("/staff/chat/").context["page"].object_list
    client.force_login(asha.user)
    lines = client.get(address(case)).context["lines"]
    assert [(line.who, line.text) for line in lines] == [("You", "Which day?"), ("Barnet Council", "Tuesday.")]
    told = Message.objects.get(template_key="case-message", channel="email")
    assert "Tuesday" not in told.body


def test_a_line_sent_twice_is_one_and_one_contact_however_many_lines(case, asha):
    actor = Actor.online(asha.user, asha)
    before = Contact.objects.count()
    for text in ("Hello", "Hello", "Are you there?"):
        write_message(case, actor=actor, text=text)
    assert case.timeline.filter(kind="message").count() == 2
    assert Contact.objects.count() == before + 1


def test_a_message_makes_no_form_stale(case, asha):
    version = case.version
    write_message(case, actor=Actor.online(asha.user, asha), text="Hello")
    case.refresh_from_db()
    assert case.version == version


def test_nobody_writes_to_what_is_over(client, case, asha, dev):
    resolve_case(case, actor=Actor.staff(dev), outcome="collected", public_reason="We came back.")
    client.force_login(asha.user)
    answer = client.post(address(case), {"text": "But it is still there"})
    assert answer.status_code == 409
    assert "open it again" in answer.text.lower()
    assert not case.timeline.filter(kind="message").exists()


def test_withdrawn_needs_no_answer(case, asha):
    actor = Actor.online(asha.user, asha)
    write_message(case, actor=actor, text="Hello")
    withdraw_case(case, actor=actor)
    case.refresh_from_db()
    assert case.wrote_at is None


def test_strangers_find_nothing_and_delegates_write_in_their_own_name(client, case, asha, ben, cara, dev):
    write_message(case, actor=Actor.online(asha.user, asha), text="The gate code is 4711")
    for user in (cara.user, dev):
        client.force_login(user)
        for name in ("chat", "chat_live"):
            assert client.get(address(case, name)).status_code == 404
        assert client.post(address(case), {"text": "x"}).status_code == 404
    client.force_login(ben.user)
    client.post(address(case), {"text": "For Asha"})
    entry = case.timeline.latest("pk")
    assert (entry.actor, entry.right, entry.subject) == (ben.user, "delegate", asha)


def test_new_lines_come_by_events_once(client, case, asha, ines):
    client.force_login(asha.user)
    write_message(case, actor=Actor.online(asha.user, asha), text="One <b>")
    found, last = events_of(client.get(address(case, "chat_live")))
    assert [name for name, _data in found] == ["line", "state"]
    assert "One &lt;b&gt;" in found[0][1]
    write_message(case, actor=Actor.staff(ines), text="Two")
    again = client.get(address(case, "chat_live"), headers={"Last-Event-ID": last})
    assert again["Content-Type"] == "text/event-stream; charset=utf-8"
    found, _last = events_of(again)
    assert "Two" in found[0][1]
    assert len(found) == 2
    nonsense = client.get(address(case, "chat_live"), headers={"Last-Event-ID": "x' OR 1"})
    assert len(events_of(nonsense)[0]) == 3


def test_who_has_the_conversation_open_gets_no_mail_for_each_line(client, case, asha, ines):
    client.force_login(asha.user)
    client.get(address(case, "chat_live"))
    client.force_login(ines)
    client.post(address(case, "staff_chat"), {"text": "Hello"})
    assert not Message.objects.filter(template_key="case-message").exists()
    Listener.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=1))
    client.post(address(case, "staff_chat"), {"text": "Are you still there?"})
    assert Message.objects.filter(template_key="case-message", channel="email").count() == 1


def test_on_duty_is_shown_until_the_page_is_gone(client, case, asha, ines):
    client.force_login(ines)
    assert events_of(client.get("/staff/chat/live/"))[0][0][1]["on_duty"] is False
    client.post("/staff/chat/", {"duty": "on"})
    visitor = PortalClient()
    ensure_services()
    assert visitor.get("/chat/").context["is_live"]
    client.force_login(asha.user)
    client.post(address(case), {"text": "Hello"})
    assert case.timeline.latest("pk").channel == Channel.CHAT
    Duty.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=6))
    assert not visitor.get("/chat/").context["is_live"]
    client.force_login(ines)
    client.get("/staff/chat/live/")
    assert not visitor.get("/chat/").context["is_live"]  # gone too long: by hand
    client.post("/staff/chat/", {"duty": "on"})
    client.post("/staff/chat/", {"duty": "off"})
    assert not Duty.objects.exists()


def test_the_desk_is_for_who_may(client, case, dev, asha):
    for user, status in ((dev, 403), (asha.user, 404), (StaffFactory(roles=["analyst"]), 403)):
        client.force_login(user)
        for place in (
            "/staff/chat/",
            "/staff/chat/live/",
            address(case, "staff_chat"),
            address(case, "staff_chat_live"),
        ):
            assert client.get(place).status_code == status


def test_desk_costs_the_same_for_one_and_three(client, case, asha, ines, django_assert_num_queries):
    client.force_login(ines)
    come_on_duty(ines)
    write_message(case, actor=Actor.online(asha.user, asha), text="One")
    with CaptureQueriesContext(connection) as one:
        client.get("/staff/chat/live/")
    for number in range(2):
        more = receive_case(
            ServiceFactory(), actor=Actor.visitor(), submission_key=f"k{number}", title="More", customer=asha
        ).case
        write_message(more, actor=Actor.visitor(), text="Hello")
    with django_assert_num_queries(len(one)):
        client.get("/staff/chat/live/")


@pytest.mark.django_db(transaction=True)
def test_ten_lines_at_once_are_all_there_and_the_same_line_once(asha, case):
    actor = Actor.online(asha.user, asha)
    at_once(10, lambda number: write_message(case, actor=actor, text=f"Line {number}"))
    assert case.timeline.filter(kind="message").count() == 10
    at_once(10, lambda _number: write_message(case, actor=actor, text="Once"))
    assert case.timeline.filter(kind="message", public_text="Once").count() == 1
