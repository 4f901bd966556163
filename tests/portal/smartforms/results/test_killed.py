"""The process is killed at each step of sending: the draft is there with all answers, or one case with its messages."""

import os
import signal
from collections.abc import Callable
from unittest import mock

import pytest
from django.db import connections

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.models import Case, Contact
from portal.cases.services import receiving
from portal.smartforms.evaluating import Facts
from portal.smartforms.models import Answer, Draft, DraftState, Submission
from portal.smartforms.results import submitting
from tests.portal.smartforms.running import conftest as running

pytestmark = pytest.mark.django_db(transaction=True)

club, hand, service = running.club, running.hand, running.service


def die(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)


def after(call: Callable) -> Callable:
    def called(*args, **more):
        call(*args, **more)
        die()

    return called


STEPS = {
    "the draft is locked": lambda: mock.patch.object(submitting, "_complete_walk", die),
    "the case is written": lambda: mock.patch.object(submitting, "_write", die),
    "the answers are written": lambda: mock.patch.object(submitting, "_write", after(submitting._write)),
    "the contact is logged": lambda: mock.patch.object(receiving, "write_contact", after(receiving.write_contact)),
    "the message is queued": lambda: mock.patch.object(receiving, "tell_reporter", after(receiving.tell_reporter)),
    "the draft is emptied": lambda: mock.patch.object(Draft, "save", after(Draft.save)),
    "all is committed": lambda: mock.patch.object(submitting, "submit", after(submitting.submit)),
}


def send(draft_id) -> None:
    from django.utils import timezone

    facts = Facts(on=timezone.localdate())
    submitting.submit(Draft(pk=draft_id), actor=Actor.visitor(), customer=None, facts=facts)


def send_in_a_process_that_is_killed(draft_id, step: str) -> None:
    connections.close_all()  # a child must not share the parent's line to the database
    child = os.fork()
    if not child:
        try:
            with STEPS[step]():
                send(draft_id)
        finally:
            os._exit(1)  # it was not killed
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), status
    assert os.WTERMSIG(status) == signal.SIGKILL


def counts() -> list[int]:
    return [model.objects.count() for model in (Case, Contact, Submission, Message)]


@pytest.mark.parametrize("step", STEPS)
def test_there_is_the_draft_or_one_case_and_never_both(hand, step):
    hand.fill_in()
    answers = hand.kept()
    assert len(answers) == 5
    send_in_a_process_that_is_killed(hand.draft.pk, step)
    draft = Draft.objects.get()
    if step == "all is committed":
        assert (draft.state, counts()) == (DraftState.SENT, [1, 1, 1, 1])
    else:
        assert (draft.state, draft.answers, counts()) == (DraftState.OPEN, answers, [0, 0, 0, 0])
        assert not Answer.objects.exists()
    send(hand.draft.pk)  # the person presses the button again
    assert (Draft.objects.get().state, counts()) == (DraftState.SENT, [1, 1, 1, 1])
    assert Answer.objects.count() == 6
