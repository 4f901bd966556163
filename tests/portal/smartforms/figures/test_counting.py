"""What is counted of somebody's way through a form, in the transaction of what they do."""

import datetime as dt
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.smartforms.models import CHECK, ENDED, Draft, StepEvent
from portal.smartforms.publishing import import_form
from portal.smartforms.running.expiring import delete_expired
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import CLUB, Hand

pytestmark = pytest.mark.django_db


def counted(what):
    return list(StepEvent.objects.filter(what=what).order_by("pk").values_list("step", flat=True))


def test_who_sends_is_counted_at_every_page_once(hand):
    hand.fill_in()
    hand.post("you", {"name": "Another"}, "?from=check")  # gone back: not a second time
    hand.client.post(hand.check_url, {"declared": "on"})
    hand.client.post(hand.check_url, {"declared": "on"})
    pages = ["home", "you", "children", "needs", "rules", CHECK]
    assert counted("began") == [""]
    assert counted("reached") == pages
    assert counted("done") == pages
    assert counted("sent") == [""]
    assert counted("left") == counted("explained") == []


def test_a_refusal_is_counted_with_its_question_and_sentence(hand):
    hand.start()
    hand.post("home", {"local": "yes"})
    hand.post("you", {"name": "", "income": "9000"})
    hand.post("you", {"name": "Asha", "income": "9000"})
    refused = StepEvent.objects.filter(what="refused").order_by("pk")
    assert list(refused.values_list("step", "question", "sentence")) == [
        ("you", "name", "Fill in “Your name”"),
        ("you", "income", "A week, not a year: enter at most £5,000"),
    ]
    hand.post("you", {"name": "Asha"})
    hand.client.post(hand.thing_url("children", 1), {"child_name": ""})
    assert refused.filter(question="children.child_name").count() == 1


def test_nothing_that_somebody_typed_is_in_the_figures(hand):
    form = {**CLUB, "slug": "secrets", "steps": [dict(step) for step in CLUB["steps"]]}
    form["steps"][0] = {
        "key": "home",
        "title": "Home",
        "questions": [
            {"key": "local", "kind": "yes_no", "label": "Local?"},
            {"key": "proof", "kind": "files", "label": "Proof", "required": False},
        ],
    }
    import_form(form, by=None)
    mine = Hand(hand.client, "secrets")
    mine.start()
    mine.post("home", {"local": "Pfeffer", "proof": SimpleUploadedFile("Pfeffer diagnosis.exe", b"MZ\x90\x00")})
    sentences = list(StepEvent.objects.filter(what="refused").values_list("sentence", flat=True))
    assert len(sentences) == 2
    assert not [sentence for sentence in sentences if "pfeffer" in sentence.lower() or "diagnosis" in sentence.lower()]
    assert any("…" in sentence for sentence in sentences)


def test_an_end_that_sends_nothing_is_counted_and_taken_back_by_who_goes_on(hand):
    hand.start()
    hand.post("home", {"local": "no"})
    assert Draft.objects.get().stands_at == ENDED
    hand.post("home", {"local": "yes"})
    assert (counted("explained"), counted("unexplained")) == ([ENDED], [ENDED])
    assert counted("reached") == ["home", "you"]


def test_who_never_goes_on_is_counted_where_they_stood(hand):
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    Draft.objects.update(expires_at=timezone.now())
    delete_expired()
    assert counted("left") == ["you"]


def test_who_read_the_explanation_did_not_leave(hand):
    hand.start()
    hand.post("home", {"local": "no"})
    Draft.objects.update(expires_at=timezone.now())
    delete_expired()
    assert (counted("left"), counted("explained")) == ([], [ENDED])


def test_a_page_takes_as_long_as_somebody_stood_there(hand):
    hand.start()
    Draft.objects.update(stands_since=timezone.now() - dt.timedelta(seconds=40))
    hand.post("home", {"local": "yes"})
    assert 40 <= StepEvent.objects.get(what="done").seconds < 60


@pytest.mark.parametrize("how", ["long ago", "saved for later"])
def test_a_page_with_a_break_has_no_time(hand, how):
    hand.start()
    if how == "long ago":
        Draft.objects.update(stands_since=timezone.now() - dt.timedelta(minutes=31))
    else:
        hand.client.post(reverse("form_save", args=["holiday-club", hand.draft.pk]), {"email": "asha@example.com"})
    hand.post("home", {"local": "yes"})
    assert StepEvent.objects.get(what="done").seconds is None


def test_under_a_new_version_it_is_counted_there(hand, club):
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    old = club.live_version
    new = import_form({**CLUB, "declaration": "It is true."}, by=None)
    hand.get("you")
    assert list(StepEvent.objects.filter(version=new).values_list("what", "step")) == [("came", ""), ("reached", "you")]
    assert StepEvent.objects.get(version=old, what="moved").step == "you"


def test_a_page_costs_one_statement_more(hand, monkeypatch):
    hand.start()
    with CaptureQueriesContext(connection) as page:
        hand.get("home")
    assert not [query for query in page.captured_queries if "stepevent" in query["sql"]]
    with CaptureQueriesContext(connection) as sent:
        hand.post("home", {"local": "yes"})
    assert len([query for query in sent.captured_queries if "stepevent" in query["sql"]]) == 1
    with CaptureQueriesContext(connection) as refused:
        hand.post("you", {"name": "", "income": "9000", "email": "x"})
    assert len([query for query in refused.captured_queries if "stepevent" in query["sql"]]) == 1


def test_what_is_not_saved_is_not_counted(hand, monkeypatch):
    hand.start()
    before = StepEvent.objects.count()

    def fail(*args, **kwargs):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(Draft, "save", fail)
    with pytest.raises(RuntimeError):
        hand.post("home", {"local": "yes"})
    assert StepEvent.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_sent_by_four_at_the_same_moment_it_is_counted_once(hand):
    hand.start()
    barrier = threading.Barrier(4)

    def press():
        client = PortalClient()
        client.cookies = hand.client.cookies
        barrier.wait()
        client.post(hand.url("home"), {"local": "yes"})
        connection.close()

    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted("done") == ["home"]
    assert counted("reached") == ["home", "you"]
