"""Sent once: one case with its answers and messages, however often the button is pressed."""

import threading

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.enums import Right
from barnet.notifications.models import Message
from portal.cases.models import Case, Contact
from portal.smartforms.evaluating import Facts
from portal.smartforms.models import Answer, Draft, Submission
from portal.smartforms.publishing import import_form
from portal.smartforms.results import submitting
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import CLUB, Hand

pytestmark = pytest.mark.django_db


def send(hand):
    return hand.client.post(hand.check_url, {"declared": "on"})


def with_health(hand):
    hand.answer("needs", {"has_needs": "yes"}, "health")
    hand.answer("health", {"health": "A wheelchair."}, "rules")
    return hand


def test_one_case_with_answers_contact_and_message(hand, service):
    answer = send(hand.fill_in())
    case = Case.objects.get()
    page = hand.client.get(answer.url).content.decode()
    assert case.reference in page
    assert "We have your application" in page
    assert (case.service, case.title, case.contact_name, case.contact_email) == (
        service,
        "Holiday club",
        "Asha Owner",
        "asha@example.com",
    )
    assert ["Your name", "Asha Owner"] in case.details
    paths = list(Answer.objects.values_list("path", "words"))
    assert paths == [
        ("local", "Yes"),
        ("name", "Asha Owner"),
        ("email", "asha@example.com"),
        ("children[0].child_name", "Ada"),
        ("children[0].child_born", "1 February 2020"),
        ("has_needs", "No"),
    ]
    assert Contact.objects.get().case == case
    assert Message.objects.filter(address="asha@example.com").count() == 1
    draft = Draft.objects.get()
    assert (draft.state, draft.answers) == ("sent", {})


def test_pressed_again_gone_back_and_sent_again_is_one_case(hand):
    hand.fill_in()
    first = send(hand)
    for _time in range(3):
        assert send(hand).url == first.url
    assert hand.get("you").url == first.url
    assert hand.post("you", {"name": "Later"}).url == first.url
    assert (Case.objects.count(), Submission.objects.count(), Message.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_moment_is_one_case(hand):
    hand.fill_in()
    answers, barrier = [], threading.Barrier(4)

    def press():
        client = PortalClient()
        client.cookies = hand.client.cookies
        barrier.wait()
        answers.append(client.post(hand.check_url, {"declared": "on"}))
        connection.close()

    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url for answer in answers} == {hand.check_url.replace("check", "done")}
    assert (Case.objects.count(), Submission.objects.count(), Contact.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_draft_people_would_meet_errors(hand, monkeypatch):
    """The control: all four have found that nothing is sent yet before any goes on, as they would without the lock.
    The unique keys behind it still leave one case."""
    hand.fill_in()
    results, together = [], threading.Barrier(4)
    complete = submitting._complete_walk

    def wait(*args):
        together.wait(timeout=60)
        return complete(*args)

    def press():
        try:
            facts = Facts(on=timezone.localdate())
            results.append(submitting.submit(hand.draft, actor=Actor.visitor(), customer=None, facts=facts))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(submitting, "_complete_walk", wait)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **more: self)
    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(result, Submission) for result in results) == 1
    assert sum(isinstance(result, Exception) for result in results) == 3
    assert (Case.objects.count(), Submission.objects.count()) == (1, 1)


def test_hidden_answers_are_in_nothing_that_is_kept(hand):
    with_health(hand.fill_in())
    hand.answer("needs", {"has_needs": "no"}, "rules")
    send(hand)
    case = Case.objects.get()
    assert "wheelchair" not in str(case.details)
    assert not Answer.objects.filter(path="health").exists()
    assert "wheelchair" not in str(Draft.objects.values())


def test_special_category_is_an_answer_and_nothing_else(hand):
    send(with_health(hand.fill_in()))
    case = Case.objects.get()
    assert Answer.objects.get(path="health").words == "A wheelchair."
    assert "wheelchair" not in str(case.details) + case.title
    assert not [message for message in Message.objects.all() if "wheelchair" in message.body]


def test_the_title_takes_answers_but_no_special_ones(service, client):
    title = "Club: {name} {health} {nothing} {{name}}"
    import_form(CLUB | {"destinations": [{"service": "holiday-club", "case_title": title}]}, by=None)
    send(with_health(Hand(client).fill_in()))
    assert Case.objects.get().title == "Club: Asha Owner {Asha Owner}"


def test_answers_name_their_source(club, asha):
    client = PortalClient()
    client.force_login(asha.user)
    send(Hand(client).fill_in())
    answer = Answer.objects.get(path="name")
    assert (answer.source, answer.as_of is not None) == ("account.name", True)
    assert Answer.objects.get(path="local").source == ""
    submission = Submission.objects.get()
    assert (submission.actor, submission.subject, submission.right) == (asha.user, asha, Right.SELF)
    assert submission.facts["signed_in"] is True
    assert client.get(submission.case.get_absolute_url()).status_code == 200


def test_what_is_not_complete_is_not_sent(hand):
    hand.fill_in()
    Draft.objects.update(answers={"local": "yes"})
    assert send(hand).url == hand.url("you")
    assert not Case.objects.exists()
