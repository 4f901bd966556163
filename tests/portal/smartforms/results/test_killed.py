"""The process is killed at each step of sending: the draft is there with all answers, or one case with its messages."""

import pytest
from django.db import connection

from barnet.notifications.models import Message
from portal.cases.models import Case, Contact
from portal.smartforms.models import Answer, Draft, DraftState, Submission
from tests.portal.smartforms.results.dying import STEPS, send, senders
from tests.portal.smartforms.running import conftest as running

pytestmark = pytest.mark.django_db(transaction=True)

club, hand, service = running.club, running.hand, running.service


@pytest.fixture(scope="module")
def sender():
    with senders() as one:
        yield one


def counts() -> list[int]:
    return [model.objects.count() for model in (Case, Contact, Submission, Message)]


@pytest.mark.parametrize("step", STEPS)
def test_there_is_the_draft_or_one_case_and_never_both(hand, sender, step):
    hand.fill_in()
    answers = hand.kept()
    assert len(answers) == 5
    database = connection.settings_dict["NAME"]
    assert sender(draft=str(hand.draft.pk), step=step, database=database) == "SIGKILL"
    draft = Draft.objects.get()
    if step == "all is committed":
        assert (draft.state, counts()) == (DraftState.SENT, [1, 1, 1, 1])
    else:
        assert (draft.state, draft.answers, counts()) == (DraftState.OPEN, answers, [0, 0, 0, 0])
        assert not Answer.objects.exists()
    send(Draft(pk=hand.draft.pk))  # the person presses the button again
    assert (Draft.objects.get().state, counts()) == (DraftState.SENT, [1, 1, 1, 1])
    assert Answer.objects.count() == 6
