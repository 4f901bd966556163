import pytest
from django.core.exceptions import ImproperlyConfigured

from barnet.notifications.registry import kind_of
from barnet.notifications.rendering import render
from portal.cases import registry
from portal.cases.enums import ALLOWED_MOVES, OPEN_STATES, CaseState, Phase
from portal.cases.messages import KINDS
from portal.cases.registry import DEMO_KIND, CaseKind, Outcome, kind_for


@pytest.fixture(autouse=True)
def _own_kinds(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))


def test_the_demo_kind_is_registered_and_complete():
    assert kind_for("general-enquiry") is DEMO_KIND
    assert all(str(outcome.label) and str(outcome.default_reason) for outcome in DEMO_KIND.outcomes)


def test_a_service_without_a_kind_of_its_own_has_the_demo_outcomes():
    assert kind_for("nobody-registered-this") is DEMO_KIND


def test_a_second_kind_for_a_service_is_refused():
    with pytest.raises(ImproperlyConfigured):
        registry.register(CaseKind("general-enquiry", (Outcome("done", "Done", "Done."),)))


@pytest.mark.parametrize("outcomes", [(), (Outcome("a", "A", "A."), Outcome("a", "B", "B."))])
def test_a_kind_needs_outcomes_with_codes_of_their_own(outcomes):
    with pytest.raises(ImproperlyConfigured):
        registry.register(CaseKind("another", outcomes))


@pytest.mark.parametrize("state", CaseState)
def test_every_state_has_a_phase_a_sentence_and_its_moves(state):
    assert state.phase in Phase
    assert state.sentence
    assert state in ALLOWED_MOVES


def test_the_open_states_are_those_in_an_open_or_waiting_phase():
    assert set(OPEN_STATES) == {state for state in CaseState if state.phase in {Phase.OPEN, Phase.WAITING}}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_message_says_which_request_and_what_happens_next(kind):
    words = render(kind_of(kind.key), kind.fields)
    assert "BAR-7K3M-29QD" in words.subject + words.body
    assert "Missed bin: recycling" in words.body
    assert "What happens next" in words.body
    assert "((" not in words.body
