"""Asha is asked once how we did; her answer counts once, and can open the request again."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from barnet.notifications.models import Message
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.services import ContactDetails
from portal.feedback.models import Remark, Survey
from portal.feedback.services import answer_survey, ask_after_closing, link_of

pytestmark = pytest.mark.django_db


def page_of(survey):
    return "/" + link_of(survey).split("/", 3)[3]


@pytest.fixture
def asked(closed):
    case = closed()
    ask_after_closing()
    return Survey.objects.get(case=case)


def test_asked_once_a_day_after_closing(closed, asha):
    case = closed()
    for _ in range(2):
        ask_after_closing()
    survey = Survey.objects.get()
    message = Message.objects.get(template_key="case-survey", channel="email")
    assert (survey.case, survey.closing, survey.team) == (case, 0, case.team)
    assert message.customer == asha
    assert page_of(survey) in message.body


@pytest.mark.parametrize("days", [0, 20])
def test_neither_at_once_nor_long_after(closed, days):
    closed(days=days)
    ask_after_closing()
    assert not Survey.objects.exists()


def test_nobody_is_asked_twice_in_a_month(closed):
    closed("one")
    closed("two")
    guest = ContactDetails(name="Gus", email="Guest@example.com")
    closed("three", customer=None, contact=guest)
    closed("four", customer=None, contact=ContactDetails(name="Gus", email="guest@example.com"))
    ask_after_closing()
    ask_after_closing()
    assert Survey.objects.count() == 2
    Survey.objects.update(asked_at=timezone.now() - dt.timedelta(days=31))
    ask_after_closing()
    assert Survey.objects.count() == 4


def test_nobody_to_ask_nothing_is_asked(closed):
    closed(customer=None)
    ask_after_closing()
    assert not Survey.objects.exists()


def test_the_first_answer_counts_and_the_caseworker_reads_it(client, asked):
    address = page_of(asked)
    assert "How did we do?" in client.get(address).text
    client.post(address, {"rating": "2", "words": "It took a week."})
    client.post(address, {"rating": "5", "words": "Again"})
    asked.refresh_from_db()
    assert asked.rating == 2
    assert [row.words for row in Remark.objects.all()] == ["It took a week."]
    note = asked.case.timeline.latest("at", "id")
    assert "Dissatisfied. It took a week." in note.internal_text
    assert note.public_text == ""


def test_an_empty_answer_says_what_is_missing_and_keeps_the_words(client, asked):
    page = client.post(page_of(asked), {"words": "Long words"})
    assert "Choose how satisfied you are" in page.text
    assert "Long words" in page.text
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_the_page_tells_nothing_of_the_person(client, asked, asha):
    text = client.get(page_of(asked)).text
    assert asha.name not in text
    assert asha.email not in text


def test_who_is_unhappy_opens_it_again(client, asked):
    client.post(page_of(asked), {"rating": "1"})
    page = client.get(page_of(asked))
    version = page.context["form"]["version"].value()
    answer = client.post(f"{page_of(asked)}again/", {"why": "", "version": version})
    assert "Tell us what is not right" in answer.text
    client.post(f"{page_of(asked)}again/", {"why": "The bin is still full", "version": version})
    case = Case.objects.get(pk=asked.case_id)
    assert (case.state, case.reopened_count) == (CaseState.ASSIGNED, 1)
    late = client.post(f"{page_of(asked)}again/", {"why": "And again", "version": version})
    assert late.status_code == 409
    assert "And again" in late.text
    case.refresh_from_db()
    assert case.reopened_count == 1


def test_too_old_to_be_opened_again(client, asked):
    answer_survey(asked, rating=1)
    Case.objects.filter(pk=asked.case_id).update(resolved_at=timezone.now() - dt.timedelta(days=40))
    assert client.get(page_of(asked)).context["form"] is None


def test_a_forged_link_opens_nothing(client, asked):
    for token in ("1:abc", str(asked.pk), "x" * 300):
        assert client.get(f"/feedback/{token}/").status_code == 404
        assert client.post(f"/feedback/{token}/again/", {"why": "x"}).status_code == 404
    asked.refresh_from_db()
    assert asked.answered_at is None


@pytest.mark.django_db(transaction=True)
def test_ten_answers_at_once_are_one(closed):
    closed()
    ask_after_closing()
    survey = Survey.objects.get()

    start = Barrier(10)

    def answer(rating):
        try:
            start.wait(timeout=10)
            answer_survey(survey, rating=rating, words=f"Words {rating}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(answer, [1, 2, 3, 4, 5] * 2))
    survey.refresh_from_db()
    assert Remark.objects.get().words == f"Words {survey.rating}"
    assert survey.case.timeline.filter(internal_text__contains="Asked how we did").count() == 1
