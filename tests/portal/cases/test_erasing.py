"""What was written by mistake is gone from everywhere; that it was erased, by whom and why stays."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection

from barnet.notifications.models import Message
from portal.cases.enums import Clock, EntryKind
from portal.cases.errors import MoveRefusedError, StaleCaseError
from portal.cases.models import Case, Contact, Escalation
from portal.cases.services import add_note, answer_question, ask_customer, count_words, erase_words, resolve_case
from portal.cases.services.watching import watch_promises
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "Aunt Maud, HIV 4711"


@pytest.fixture
def spoiled(ashas_case, by_dev) -> Case:
    """The words stand wherever words can stand."""
    Case.objects.filter(pk=ashas_case.pk).update(title=f"Bin of {SECRET}", details=[["Note", f"{SECRET} lives here"]])
    add_note(ashas_case, actor=by_dev, text=f"She is {SECRET}!")
    ask_customer(ashas_case, actor=by_dev, question=f"Is it {SECRET}?")
    answer_question(ashas_case, actor=by_dev, answer="aunt maud,\nhiv 4711 it is")
    return resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason=f"Told {SECRET}.")


def everything() -> str:
    """Every text of every table of requests and messages."""
    found = []
    with connection.cursor() as cursor:
        for model in [*apps.get_app_config("cases").get_models(), Message]:
            table = model._meta.db_table
            cursor.execute(f"SELECT COALESCE(string_agg(t::text, ' '), '') FROM \"{table}\" t")
            found.append(cursor.fetchone()[0])
    return "\n".join(found)


def test_the_words_are_gone_from_every_table_and_the_trace_stays(spoiled, by_dev, dev):
    assert "4711" in everything()
    count = erase_words(spoiled, actor=by_dev, words=f"  {SECRET.lower()} ", why="Health data of a neighbour")
    assert count >= 8
    assert "4711" not in everything()
    assert "Maud" not in everything()
    spoiled.refresh_from_db()
    assert spoiled.title == "Bin of […]"
    assert spoiled.details == [["Note", "[…] lives here"]]
    trace = spoiled.timeline.get(kind=EntryKind.ERASED)
    assert trace.actor == dev
    assert trace.public_text == ""
    assert trace.internal_text.endswith("Why: Health data of a neighbour")


def test_the_words_are_gone_from_what_staff_were_told_of_promises(spoiled, by_dev, dev):
    Case.objects.filter(pk=spoiled.pk).update(state="assigned", assignee=dev, promise_on=dt.date(2026, 11, 2))
    Escalation.objects.create(clock=Clock.RESOLUTION, hours=0, since=dt.date(2026, 11, 1))
    watch_promises()
    assert SECRET in Message.objects.get(template_key="staff-promises").body
    erase_words(spoiled, actor=by_dev, words=SECRET, why="By mistake")
    assert "4711" not in everything()


def test_what_is_not_of_the_request_stays(spoiled, by_dev):
    other = factories.CaseFactory(title=f"Bin of {SECRET}")
    erase_words(spoiled, actor=by_dev, words=SECRET, why="By mistake")
    other.refresh_from_db()
    assert other.title == f"Bin of {SECRET}"


def test_counting_erases_nothing(spoiled):
    assert count_words(spoiled, SECRET) > 5
    assert count_words(spoiled, "never written") == 0
    assert spoiled.timeline.filter(internal_text__contains="4711").exists()
    assert Contact.objects.filter(case=spoiled).exists()


@pytest.mark.parametrize(
    ("words", "why", "sentence"),
    [
        ("ab", "By mistake", "at least three signs"),
        ("never written", "By mistake", "stand nowhere"),
        (SECRET, "", "Write why"),
        (SECRET, f"{SECRET} should not be there", "without the words themselves"),
    ],
)
def test_what_cannot_be_erased_is_said_and_nothing_changes(spoiled, by_dev, words, why, sentence):
    with pytest.raises(MoveRefusedError, match=sentence):
        erase_words(spoiled, actor=by_dev, words=words, why=why)
    assert "4711" in everything()
    with pytest.raises(StaleCaseError):
        erase_words(spoiled, actor=by_dev, words=SECRET, why="By mistake", version=99)


def test_the_timeline_is_append_only_again_afterwards(spoiled, by_dev):
    erase_words(spoiled, actor=by_dev, words=SECRET, why="By mistake")
    with pytest.raises(Exception, match="Cannot update"):
        spoiled.timeline.update(internal_text="x")
