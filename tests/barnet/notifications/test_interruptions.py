"""A worker is killed with SIGKILL between any two steps. Nothing is lost, and nothing arrives twice."""

import functools
import time
from email import message_from_bytes

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from barnet.notifications.channels import message_id_of
from barnet.notifications.enums import AttemptOutcome, MessageState
from barnet.notifications.models import Attempt, MailboxMail, Message
from barnet.notifications.selectors import inbox_for
from barnet.notifications.services import queue_message
from barnet.notifications.sweeper import sweep
from tests.barnet.notifications.nursery import STEPS, nursery
from tests.barnet.notifications.servers import mail_server
from tests.waiting import LONG

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def one_nursery():
    with nursery() as workers:
        yield workers


@pytest.fixture
def work(one_nursery, transactional_db):
    return functools.partial(one_nursery.work, database=connection.settings_dict["NAME"])


@pytest.fixture
def write(kind, fields):
    def write(step: str) -> Message:
        return queue_message(kind.key, key=step, email="asha@example.com", fields=fields)[0]

    return write


def heal(work, message: Message, **order) -> None:
    """What the sweeper and healthy workers do about it, with the waiting times skipped."""
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        message.refresh_from_db()
        if message.state != MessageState.QUEUED:
            return
        if not message.attempts.filter(outcome=AttemptOutcome.STARTED).exists():
            Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
        sweep()
        assert work("deliver", message=str(message.pk), **order) == "done"
    pytest.fail("The message was never settled.")


def kill_and_heal(work, message: Message, step: str, **order) -> None:
    assert work("deliver", message=str(message.pk), die=step, **order) == "SIGKILL"
    heal(work, message, **order)
    work("deliver", message=str(message.pk), **order)  # the queue brings an old task once more


def test_nothing_is_lost_or_doubled_in_the_mailbox_wherever_the_worker_dies(work, write):
    arrived = {}
    for step in STEPS:
        message = write(step)
        kill_and_heal(work, message, step)
        message.refresh_from_db()
        arrived[step] = (message.state, MailboxMail.objects.filter(message_id=message_id_of(message)).count())
    assert arrived == dict.fromkeys(STEPS, (MessageState.SENT, 1))


def test_nothing_is_lost_by_smtp_and_a_double_carries_the_same_message_id(work, write):
    """Between DATA and its record the fate is unknown: only there a second copy leaves, and it can be told."""
    messages = {}
    with mail_server() as server:
        for step in STEPS:
            messages[step] = write(step)
            kill_and_heal(work, messages[step], step, smtp_port=server.port)
    taken = [message_from_bytes(content)["Message-ID"] for content in server.taken]
    copies = {step: taken.count(message_id_of(message)) for step, message in messages.items()}
    in_doubt = {"sent, not recorded", "recording, not committed"}
    assert copies == {step: 2 if step in in_doubt else 1 for step in STEPS}
    assert len(set(taken)) == len(STEPS)  # what a server that drops doubles shows
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}


def test_without_asking_and_without_a_stable_message_id_it_does_arrive_twice(work, write):
    """The negative control: the protection above is what prevents it."""
    message = write("sent, not recorded")
    kill_and_heal(work, message, "sent, not recorded", is_forgetful=True)
    assert MailboxMail.objects.count() == 2


def test_a_message_whose_worker_dies_each_time_is_parked_after_five(work, write):
    message = write("poison")
    for _ in range(5):
        while Attempt.objects.filter(outcome=AttemptOutcome.STARTED).exists():
            work("deliver", message=str(message.pk))  # settles, and waits for its time
        Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
        assert work("deliver", message=str(message.pk), die="marked, nothing sent") == "SIGKILL"
    heal(work, message)
    assert (message.state, message.attempts.count()) == (MessageState.PARKED, 5)
    assert MailboxMail.objects.count() == 0


@pytest.mark.parametrize(("step", "count"), [("before the commit", 0), ("after the commit", 1)])
def test_a_change_and_its_messages_stand_or_fall_together(work, step, count, asha):
    """The mail has its task, the inbox has its message: there is no step between the two that a worker could miss."""
    assert work("queue", die=step, customer=asha.pk) == "SIGKILL"
    assert (Message.objects.count(), OrmQ.objects.count()) == (2 * count, count)
    assert inbox_for(asha.user).count() == count
