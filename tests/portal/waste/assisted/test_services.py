"""Asking, granting, changing, ending and reviewing, as the database keeps them; fifty at once."""

import datetime as dt
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.consent import agreeing
from barnet.customers.consent.agreeing import StaleTextError
from barnet.customers.models import Consent, Purpose, PurposeText
from barnet.notifications.models import Message
from portal.cases.enums import CaseState
from portal.cases.models import Case, Follower
from portal.cases.services import MoveRefusedError, StaleCaseError
from portal.waste.assisted import services
from portal.waste.assisted.consent import forget_withdrawn_needs
from portal.waste.assisted.purpose import PURPOSE
from portal.waste.assisted.retention import _over, _settled
from portal.waste.assisted.reviewing import review_arrangements
from portal.waste.assisted.services import (
    Place,
    apply_for_assistance,
    confirm_need,
    end_assistance,
    grant_assistance,
    move_bins,
)
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import AssistedCollection, AssistedRequest
from tests.factories import AddressFactory, CustomerFactory
from tests.portal.waste.assisted.conftest import application, granted, lay_ground, terms
from tests.portal.waste.test_services import at_once

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 7, 7)


def test_request_is_a_case_that_does_not_tell_the_need_and_a_consent_to_the_text(asking, home, asha):
    receipt = apply_for_assistance(application(home, asha))
    case, asked = receipt.case, AssistedRequest.objects.get()
    assert (receipt.result, case.customer, case.address) == ("created", asha, home)
    assert (asked.case, asked.need, asked.need_words, asked.gate_code) == (case, "cannot_move", "My back", "4711")
    assert "My back" not in str(case.details)
    assert "4711" not in str(case.details)
    consent = Consent.objects.get(customer=asha)
    assert (consent.text, consent.is_given) == (asked.agreed_text, True)


def test_text_that_changed_meanwhile_is_refused_and_nothing_is_written(asking, home, asha):
    old = application(home, asha)
    purpose = Purpose.objects.get(slug=PURPOSE)
    PurposeText.objects.create(purpose=purpose, version=2, wording="New", published_at=timezone.now())
    with pytest.raises(StaleTextError):
        apply_for_assistance(old)
    assert not Case.objects.exists()
    assert not Consent.objects.exists()


def test_same_person_joins_and_somebody_else_learns_nothing(asking, home, asha, cara):
    first = apply_for_assistance(application(home, asha))
    assert apply_for_assistance(application(home, asha)).result == "joined"
    other = apply_for_assistance(application(home, cara))
    visitor = apply_for_assistance(application(home, email="nosy@example.com"))
    assert (other.result, visitor.result) == ("created", "created")
    assert len({first.case.pk, other.case.pk, visitor.case.pk}) == 3
    assert not Follower.objects.exists()


def test_granting_makes_the_arrangement_and_resolves_the_case(asking, home, asha, dev):
    case = apply_for_assistance(application(home, asha)).case
    held = grant_assistance(case, terms(TODAY), actor=Actor.staff(dev))
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.RESOLVED, "granted")
    assert "Tuesday 7 July 2026" in case.public_reason
    assert (held.address, held.customer, held.where) == (home, asha, "At the rear: Through the green gate")
    assert Message.objects.filter(customer=asha, template_key="case-resolved").exists()
    assert grant_assistance(case, terms(TODAY), actor=Actor.staff(dev)) == held
    assert AssistedCollection.objects.count() == 1


def test_grant_on_an_old_version_or_with_terms_without_sense_changes_nothing(asking, home, asha, dev):
    case = apply_for_assistance(application(home, asha)).case
    with pytest.raises(StaleCaseError):
        grant_assistance(case, terms(TODAY), actor=Actor.staff(dev), version=case.version + 1)
    for wrong in (
        terms(TODAY - dt.timedelta(days=1)),
        terms(TODAY, until=TODAY - dt.timedelta(days=1)),
        terms(TODAY, review_on=TODAY),
    ):
        with pytest.raises(ValidationError):
            grant_assistance(case, wrong, actor=Actor.staff(dev))
    case.refresh_from_db()
    assert case.is_open
    assert not AssistedCollection.objects.exists()


def test_second_arrangement_for_the_same_days_is_refused_by_words_and_by_the_database(asking, home, asha, cara):
    held = granted(home, asha, TODAY, TODAY + dt.timedelta(days=30))
    case = apply_for_assistance(application(home, cara)).case
    with pytest.raises(MoveRefusedError):
        grant_assistance(case, terms(TODAY + dt.timedelta(days=30)), actor=Actor.system())
    case.refresh_from_db()
    assert case.is_open
    with pytest.raises(IntegrityError), transaction.atomic():
        AssistedCollection.objects.create(
            case=case, address=home, from_on=TODAY + dt.timedelta(days=30), review_on=TODAY, stands="rear"
        )
    later = grant_assistance(case, terms(TODAY + dt.timedelta(days=31)), actor=Actor.system())
    assert later.from_on == held.over_on


def test_own_earlier_arrangement_gives_way(asking, home, asha):
    held = granted(home, asha, TODAY)
    newer = granted(home, asha, TODAY + dt.timedelta(days=10))
    held.refresh_from_db()
    assert held.over_on == newer.from_on


def test_changing_and_ending_are_noted_and_twice_is_once(asking, home, asha):
    held, actor = granted(home, asha, TODAY), Actor.online(asha.user, asha)
    moved = move_bins(held, Place("front"), actor=actor)
    assert (moved.stands, moved.place, moved.gate_code) == ("front", "", "")
    ended = end_assistance(held, actor=actor)
    assert end_assistance(held, actor=actor).over_on == ended.over_on == TODAY + dt.timedelta(days=1)
    notes = held.case.timeline.filter(kind="note")
    assert notes.count() == 2
    assert "4711" not in str(list(notes.values()))
    AssistedCollection.objects.update(from_on=TODAY, over_on=TODAY)
    with pytest.raises(MoveRefusedError):
        move_bins(held, Place("side"), actor=actor)


def test_one_that_has_not_begun_never_does(asking, home, asha):
    held = granted(home, asha, TODAY + dt.timedelta(days=10))
    ended = end_assistance(held, actor=Actor.system())
    assert ended.over_on == ended.from_on
    assert granted(home, CustomerFactory(), TODAY).from_on == TODAY


# --- Review -----------------------------------------------------------------------------------------------------------


def test_review_asks_once_then_gives_it_to_the_team_and_never_ends(asking, home, asha, at):
    held = granted(home, asha, TODAY)
    assert review_arrangements() == "0 asked, 0 given to the team"
    at(2027, 6, 15, 9)
    assert review_arrangements() == "1 asked, 0 given to the team"
    assert review_arrangements() == "0 asked, 0 given to the team"
    message = Message.objects.filter(template_key="assisted-review", channel="email").get()
    assert f"/bins/assisted/arrangements/{held.pk}/" in message.body
    at(2027, 7, 8, 9)
    assert review_arrangements() == "0 asked, 1 given to the team"
    assert review_arrangements() == "0 asked, 0 given to the team"
    task = Case.objects.get(service__slug="assisted-collection-review")
    assert task.team is not None
    assert task.customer is None
    held.refresh_from_db()
    assert held.is_in_force(timezone.localdate())
    confirm_need(held, actor=Actor.online(asha.user, asha))
    task.refresh_from_db()
    held.refresh_from_db()
    assert (task.state, task.outcome) == (CaseState.RESOLVED, "still_needed")
    assert held.review_on > timezone.localdate()
    assert held.review_asked_at is None


def test_answer_in_time_leaves_the_team_alone(asking, home, asha, at):
    held = granted(home, asha, TODAY)
    at(2027, 6, 15, 9)
    review_arrangements()
    confirm_need(held, actor=Actor.online(asha.user, asha))
    at(2027, 7, 8, 9)
    assert review_arrangements() == "0 asked, 0 given to the team"
    assert not Case.objects.filter(service__slug="assisted-collection-review").exists()


# --- What we know -----------------------------------------------------------------------------------------------------


def test_withdrawn_consent_deletes_the_reason_and_tells_the_team(asking, home, asha):
    held = granted(home, asha, TODAY)
    text = AssistedRequest.objects.get().agreed_text
    assert forget_withdrawn_needs() == "0 reasons deleted"
    agreeing.withdraw(asha, text, actor=Actor.online(asha.user, asha), by=asha.user)
    assert forget_withdrawn_needs() == "1 reasons deleted"
    assert forget_withdrawn_needs() == "0 reasons deleted"
    asked = AssistedRequest.objects.get()
    assert (asked.need, asked.need_words) == ("", "")
    assert held.case.timeline.filter(kind="note").count() == 1


def test_what_is_over_or_refused_is_found_for_deletion_and_nothing_else(asking, home, asha, cara, at):
    running = granted(home, asha, TODAY)
    refused = apply_for_assistance(application(AddressFactory(), cara)).case
    services.resolve_case(refused, actor=Actor.system(), outcome="somebody_can", public_reason="No.")
    assert list(_settled().values_list("case", flat=True)) == [refused.pk]
    assert not _over().exists()
    end_assistance(running, actor=Actor.system())
    at(2026, 7, 9, 9)
    assert _over().get() == running
    _over().delete()
    assert _settled().count() == 2


# --- At once ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_cases(transactional_db, at):
    ensure_reporting_rules()
    lay_ground()
    at(2026, 7, 7, 9)
    home = AddressFactory()
    return [apply_for_assistance(application(home, CustomerFactory())).case for _number in range(2)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_one_person_at_once_makes_one_case(transactional_db, at):
    ensure_reporting_rules()
    lay_ground()
    at(2026, 7, 7, 9)
    home, asha = AddressFactory(), CustomerFactory()
    results, errors = at_once(
        lambda number: apply_for_assistance(application(home, asha, key=uuid.uuid4().hex)).result, 20
    )
    assert errors == []
    assert sorted(results) == ["created", *["joined"] * 19]
    assert AssistedRequest.objects.count() == Consent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_two_officers_at_once_grant_one(two_cases):
    _results, errors = at_once(lambda n: grant_assistance(two_cases[n], terms(TODAY), actor=Actor.system()), 2)
    assert [type(error) for error in errors] == [MoveRefusedError]
    assert AssistedCollection.objects.count() == Case.objects.filter(outcome="granted").count() == 1


def look_together(monkeypatch):
    """Takes the turns away: both have looked before either writes."""
    looked, look = threading.Barrier(2), services._overlapping
    monkeypatch.setattr(services, "take_turn", lambda name: None)

    def overlapping(*args):
        found = look(*args)
        looked.wait(60)
        return found

    monkeypatch.setattr(services, "_overlapping", overlapping)


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_without_turns_the_database_still_refuses_the_second(two_cases, monkeypatch):
    look_together(monkeypatch)
    _results, errors = at_once(lambda n: grant_assistance(two_cases[n], terms(TODAY), actor=Actor.system()), 2)
    (error,) = errors
    assert isinstance(error, DatabaseError)  # the constraint, or the deadlock of two that check it against each other
    assert AssistedCollection.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_without_turns_and_constraint_the_race_would_be_lost(two_cases, monkeypatch):
    """The negative control."""
    constraint = next(c for c in AssistedCollection._meta.constraints if c.name == "assisted_one_at_a_time")
    with connection.schema_editor() as editor:
        editor.remove_constraint(AssistedCollection, constraint)
    try:
        look_together(monkeypatch)
        _results, errors = at_once(lambda n: grant_assistance(two_cases[n], terms(TODAY), actor=Actor.system()), 2)
        assert errors == []
        assert AssistedCollection.objects.count() == 2
    finally:
        AssistedCollection.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(AssistedCollection, constraint)
