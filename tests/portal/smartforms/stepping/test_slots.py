"""An app above registers a kind of step: built, proved, walked, sent; its hook stands or falls with the sending."""

from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.cases.models import Case
from portal.smartforms.definition.reading import read
from portal.smartforms.kinds import register, registry
from portal.smartforms.models import Draft, DraftState, Submission
from portal.smartforms.proving.gate import prove
from portal.smartforms.proving.structure import findings
from portal.smartforms.publishing import import_form
from tests.factories import ServiceFactory
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import Hand
from tests.portal.smartforms.stepping import slots
from tests.portal.smartforms.walking.walker import Walker

pytestmark = pytest.mark.django_db

SLOT = {
    "key": "slot",
    "kind": "slot",
    "label": "When do you come?",
    "setup": [{"name": "calendar", "value": "tip"}],
}
FORM = {
    "slug": "bring-it",
    "title": "Bring it to the tip",
    "summary": "With a van.",
    "service": "tip",
    "steps": [
        {"key": "van", "title": "Van", "questions": [{"key": "van", "kind": "yes_no", "label": "By van?"}]},
        {
            "key": "pick",
            "title": "Time",
            "show_when": {"about": "van", "one_of": ["yes"]},
            "questions": [SLOT],
        },
        {"key": "you", "title": "You", "questions": [{"key": "name", "kind": "name", "label": "Your name"}]},
    ],
    "outcomes": [
        {"key": "booked", "title": "You have a time", "when": {"about": "slot", "given": True}},
        {"key": "come", "title": "Just come"},
    ],
    "destinations": [
        {"service": "tip", "case_title": "Visit at a time", "when": {"about": "slot", "given": True}},
        {"service": "tip", "case_title": "Visit"},
    ],
}


@pytest.fixture(autouse=True)
def slot_kind(db, monkeypatch, settings):
    monkeypatch.setattr(registry, "_kinds", {**registry._kinds})
    register(slots.SLOT)
    templates = str(Path(slots.__file__).parent / "templates")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0].get("DIRS", []), templates]}]
    with connection.cursor() as cursor:
        cursor.execute(slots.TABLE)
    ServiceFactory(slug="tip")


def taken() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT slot FROM toy_slots ORDER BY slot")
        return [slot for (slot,) in cursor.fetchall()]


def first_free() -> str:
    return slots.free(read(FORM).questions["slot"], timezone.localdate())[0]


@pytest.fixture
def new_hand():
    import_form(FORM, by=None)

    def begin() -> Hand:
        hand = Hand(PortalClient(), "bring-it")
        hand.start()
        hand.answer("van", {"van": "yes"}, "pick")
        return hand

    return begin


def send(hand):
    return hand.client.post(hand.check_url)


def test_it_is_walked_on_every_way_that_the_proof_finds():
    definition = read(FORM)
    proof = prove(definition, timezone.localdate())
    assert {path.outcome for path in proof.paths} == {"booked", "come"}
    import_form(FORM, by=None)
    for path in proof.paths:
        Walker(PortalClient(), definition, path, stale={}).walk()
    assert len(taken()) == 1
    assert ["When do you come?", slots.in_words(taken()[0])] in Case.objects.get(title="Visit at a time").details


def test_its_own_pages_are_drawn_in_the_frame_of_the_form(new_hand):
    hand, slot = new_hand(), first_free()
    days = hand.get("pick").text
    assert "Bring it to the tip" in days
    assert f'href="?day={slot[:10]}"' in days
    times = hand.get("pick", f"?day={slot[:10]}").text
    assert f'value="{slot}"' in times
    assert times.count('type="radio"') == len(slots.TIMES)
    wrong = hand.post("pick", {})
    assert "There is a problem" in wrong.text
    assert "Choose a time" in wrong.text
    for forged in ("2001-01-01 10:00", "x"):
        assert "There is a problem" in hand.post("pick", {"slot": forged}).text
    hand.answer("pick", {"slot": slot}, "you")
    hand.answer("you", {"name": "Bo"}, "check")
    assert slots.in_words(slot) in hand.client.get(hand.check_url).text
    assert hand.client.post(hand.url("pick", "?from=check"), {"slot": slot}).url == hand.check_url


def test_what_happens_on_sending_happens_once(new_hand):
    hand, slot = new_hand(), first_free()
    hand.answer("pick", {"slot": slot}, "you")
    hand.answer("you", {"name": "Bo"}, "check")
    assert send(hand).url == send(hand).url
    assert taken() == [slot]
    assert Submission.objects.count() == 1


def test_who_comes_second_is_told_and_asked_again_and_loses_nothing(new_hand):
    first, second, slot = new_hand(), new_hand(), first_free()
    for hand in (first, second):
        hand.answer("pick", {"slot": slot}, "you")
        hand.answer("you", {"name": "Bo"}, "check")
    send(first)
    second.draft = Draft.objects.get(state=DraftState.OPEN, pk=second.draft.pk)
    answer = second.client.post(second.check_url, follow=True)
    assert answer.redirect_chain[-1][0] == second.url("pick")
    assert "Somebody else has just taken this time" in answer.text
    assert second.kept() == {"van": "yes", "name": "Bo"}
    assert Case.objects.count() == Submission.objects.count() == 1
    assert second.post("pick", {"slot": first_free()}).status_code == 302
    assert send(second).url == reverse("form_done", args=["bring-it", second.draft.pk])
    assert len(taken()) == 2


def test_the_hook_is_taken_back_when_sending_fails_behind_it(new_hand, monkeypatch):
    hand, slot = new_hand(), first_free()
    hand.answer("pick", {"slot": slot}, "you")
    hand.answer("you", {"name": "Bo"}, "check")
    seen = []

    def power_cut(*args, **options):
        seen.extend(taken())
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(Draft, "save", power_cut)
        with pytest.raises(RuntimeError):
            send(hand)
    assert seen == [slot], "the hook had run"
    assert taken() == []
    assert not Case.objects.exists()
    assert hand.kept()["slot"] == slot
    send(hand)
    assert taken() == [slot]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ({"questions": [{**SLOT, "setup": []}]}, "The setting calendar is missing: Whose calendar."),
        ({"questions": [{**SLOT, "setup": [{"name": "calendar", "value": "moon"}]}]}, "moon cannot be chosen"),
        ({"questions": [{**SLOT, "setup": [*SLOT["setup"], {"name": "x", "value": "y"}]}]}, "has no setting x"),
        ({"questions": [SLOT, {"key": "more", "kind": "name", "label": "Name"}]}, "a step of its own"),
        ({"questions": [SLOT], "kind": "group", "item_name": "time"}, "a step of its own"),
    ],
)
def test_the_author_is_told_what_is_wrong(step, sentence):
    form = {**FORM, "steps": [{"key": "pick", "title": "Time", **step}], "outcomes": [{"key": "a", "title": "A"}]}
    assert any(sentence in finding.sentence for finding in findings(read(form)))
