import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.gazetteer.models import Closure
from barnet.notifications.models import Message
from portal.cases.enums import ALLOWED_MOVES, PAUSED_STATES, CaseState, EntryKind
from portal.cases.models import Case, Contact, Pause, TimelineEntry
from portal.cases.services import (
    ContactDetails,
    MoveRefusedError,
    StaleCaseError,
    add_note,
    answer_question,
    ask_customer,
    assign_case,
    assign_cases,
    hold_case,
    receive_case,
    reopen_case,
    resolve_case,
    resume_case,
    withdraw_case,
)
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + dt.timedelta(days=n) for n in range(1, 5))
NEXT_MONDAY, NEXT_TUESDAY = MONDAY + dt.timedelta(days=7), MONDAY + dt.timedelta(days=8)


@pytest.fixture(autouse=True)
def _monday(on_day):
    on_day(MONDAY)


@pytest.fixture
def by_asha(asha):
    return Actor.online(asha.user, asha)


@pytest.fixture
def team(db):
    return factories.TeamFactory()


def told(case, template_key):
    return Message.objects.filter(about=case.reference, template_key=template_key)


def follow(case, customer):
    return receive_case(
        case.service,
        actor=Actor.online(customer.user, customer),
        submission_key=f"follow-{customer.pk}",
        title="The same",
        customer=customer,
        same_as_key=case.same_as_key,
    )


# --- Assigning --------------------------------------------------------------------------------------------------------


def test_assign_case_gives_it_to_a_team_and_tells_the_customer_once(ashas_case, by_dev, team):
    case = assign_case(ashas_case, actor=by_dev, team=team)
    other = factories.TeamFactory(slug="crew-1", name="Crew 1")
    case = assign_case(case, actor=by_dev, team=other)
    assert (case.state, case.team) == (CaseState.ASSIGNED, other)
    assert told(case, "case-assigned").filter(channel="email").count() == 1


def test_assigning_again_keeps_the_promise(ashas_case, by_dev, team, on_day):
    promise = ashas_case.promise_on
    on_day(TUESDAY)
    case = assign_case(ashas_case, actor=by_dev, team=team)
    case = assign_case(case, actor=by_dev, team=factories.TeamFactory(slug="crew-1", name="Crew 1"))
    assert case.promise_on == promise == WEDNESDAY


def test_assigning_a_waiting_case_leaves_the_question_open(ashas_case, by_dev, team):
    case = ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    case = assign_case(case, actor=by_dev, team=team)
    assert (case.state, case.team) == (CaseState.WAITING, team)
    assert case.pauses.filter(until_on=None).exists()


def test_assign_case_refuses_somebody_who_is_not_in_the_team(ashas_case, by_dev, team):
    with pytest.raises(MoveRefusedError, match="not in Street Scene"):
        assign_case(ashas_case, actor=by_dev, team=team, assignee=factories.StaffFactory())
    ashas_case.refresh_from_db()
    assert ashas_case.team is None


def test_assign_cases_reports_what_was_refused_and_gives_the_others(ashas_case, visitors_case, by_dev, team):
    withdraw_case(visitors_case, actor=by_dev)
    results = assign_cases([ashas_case, visitors_case], actor=by_dev, team=team)
    assert [bool(result.refusal) for result in results] == [False, True]
    assert visitors_case.reference in results[1].refusal
    ashas_case.refresh_from_db()
    assert ashas_case.team == team


def test_assign_cases_refuses_only_the_stale_ones(ashas_case, visitors_case, by_dev, team):
    seen = {ashas_case.pk: ashas_case.version, visitors_case.pk: visitors_case.version}
    ask_customer(visitors_case, actor=by_dev, question="Where is it?")
    results = assign_cases([ashas_case, visitors_case], actor=by_dev, team=team, versions=seen)
    assert [bool(result.refusal) for result in results] == [False, True]


# --- Promise and pauses -----------------------------------------------------------------------------------------------


def test_the_promise_is_the_standard_in_working_days(ashas_case):
    assert ashas_case.promise_on == WEDNESDAY


def test_the_promise_skips_weekends_and_closures(service, on_day):
    on_day(FRIDAY)
    Closure.objects.create(on=NEXT_MONDAY, name="Flood in the office")
    case = receive_case(service, actor=Actor.visitor(), submission_key="k", title="x").case
    assert case.promise_on == NEXT_MONDAY + dt.timedelta(days=2)


def test_an_answer_moves_the_promise_on_by_the_working_days_paused(ashas_case, by_dev, by_asha, on_day):
    on_day(TUESDAY)
    case = ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    on_day(NEXT_MONDAY)  # Wednesday, Thursday, Friday, Monday: four working days
    case = answer_question(case, actor=by_asha, answer="The green one")
    assert case.promise_on == WEDNESDAY + dt.timedelta(days=6)
    assert case.state == CaseState.RECEIVED
    assert case.pauses.get().until_on == NEXT_MONDAY


def test_a_question_answered_the_same_day_moves_nothing(ashas_case, by_dev, by_asha):
    case = ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    assert answer_question(case, actor=by_asha, answer="Green").promise_on == WEDNESDAY


def test_a_case_that_was_late_when_it_was_paused_stays_as_late(ashas_case, by_dev, on_day):
    on_day(FRIDAY)  # two working days late
    case = ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    on_day(NEXT_TUESDAY)
    case = resume_case(case, actor=by_dev)
    assert case.promise_on == FRIDAY
    assert case.is_late(NEXT_TUESDAY)


def test_a_waiting_case_is_not_late(ashas_case, by_dev):
    case = ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    assert not case.is_late(NEXT_TUESDAY)
    assert not Case.objects.late(NEXT_TUESDAY).exists()


def test_resolving_or_withdrawing_while_waiting_ends_the_pause(ashas_case, visitors_case, by_dev):
    for case in (ashas_case, visitors_case):
        ask_customer(case, actor=by_dev, question="Which gate?")
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    withdraw_case(visitors_case, actor=by_dev)
    assert not Pause.objects.filter(until_on=None).exists()


def test_reopening_gives_a_new_promise_and_keeps_what_was_said(ashas_case, by_dev, by_asha, on_day):
    case = resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="We emptied it.")
    on_day(NEXT_MONDAY)
    case = reopen_case(case, actor=by_asha, why="It is still full")
    assert case.promise_on == NEXT_MONDAY + dt.timedelta(days=2)
    assert (case.outcome, case.public_reason, case.resolved_at) == ("", "", None)
    assert case.reopened_count == 1
    texts = " ".join(case.timeline.values_list("public_text", flat=True))
    assert "We emptied it." in texts
    assert "It is still full." in texts
    assert case.events.filter(outcome="done").exists()


def test_reopening_goes_back_to_the_team_that_had_it(ashas_case, by_dev, by_asha, team):
    assign_case(ashas_case, actor=by_dev, team=team)
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    case = reopen_case(ashas_case, actor=by_asha, why="Not fixed")
    assert (case.state, case.team) == (CaseState.ASSIGNED, team)


def test_reopening_is_refused_while_somebody_elses_newer_report_is_open(ashas_case, cara, by_dev, by_asha):
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    follow(ashas_case, cara)  # resolved meanwhile: a case of Cara's own
    with pytest.raises(MoveRefusedError) as refusal:
        reopen_case(ashas_case, actor=by_asha, why="Not fixed")
    assert "newer report" in str(refusal.value)
    assert Case.objects.get(customer=cara).reference not in str(refusal.value)


# --- Resolving --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "reason"), [("", "Why"), ("collected-by-aliens", "Why"), ("done", "  ")])
def test_resolving_needs_an_outcome_of_the_service_and_a_reason(ashas_case, by_dev, outcome, reason):
    with pytest.raises(MoveRefusedError):
        resolve_case(ashas_case, actor=by_dev, outcome=outcome, public_reason=reason)
    ashas_case.refresh_from_db()
    assert ashas_case.state == CaseState.RECEIVED


def test_the_database_refuses_a_resolved_case_without_reason(ashas_case):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=ashas_case.pk).update(state="resolved", outcome="done")


def test_resolving_tells_customer_and_followers_with_the_reason(ashas_case, cara, by_dev):
    follow(ashas_case, cara)
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="The crew came back.")
    assert told(ashas_case, "case-resolved").filter(channel="email", body__contains="The crew came back.").exists()
    to_cara = told(ashas_case, "follower-resolved").filter(customer=cara, channel="email").get()
    assert "The crew came back." in to_cara.body
    assert "Asha" not in to_cara.body


def test_a_question_goes_to_the_reporter_and_not_to_followers(ashas_case, asha, cara, by_dev):
    follow(ashas_case, cara)
    ask_customer(ashas_case, actor=by_dev, question="Is your dog in the yard?")
    assert set(told(ashas_case, "case-question").values_list("customer", flat=True)) == {asha.pk}
    assert not Message.objects.filter(customer=cara, body__contains="dog").exists()


def test_withdrawing_tells_followers_how_to_report_again(ashas_case, cara, by_asha):
    follow(ashas_case, cara)
    case = withdraw_case(ashas_case, actor=by_asha)
    assert case.state == CaseState.WITHDRAWN
    assert "report it again" in told(case, "follower-withdrawn").filter(channel="email").get().body


# --- Refusals ---------------------------------------------------------------------------------------------------------


def acts(case, actor, team):
    return {
        CaseState.ASSIGNED: lambda: assign_case(case, actor=actor, team=team),
        CaseState.WAITING: lambda: ask_customer(case, actor=actor, question="Which?"),
        CaseState.HELD: lambda: hold_case(case, actor=actor, reason="We wait."),
        CaseState.RESOLVED: lambda: resolve_case(case, actor=actor, outcome="done", public_reason="Done."),
        CaseState.WITHDRAWN: lambda: withdraw_case(case, actor=actor),
    }


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("to", [to for to in CaseState if to != CaseState.RECEIVED])
def test_only_allowed_moves_happen(service, asha, by_dev, team, state, to):
    case = factories.CaseFactory(service=service, customer=asha, state=state, outcome="done", public_reason="Done.")
    act = acts(case, by_dev, team)[to]
    is_given_while_paused = state in PAUSED_STATES and to == CaseState.ASSIGNED
    is_reopening = state == CaseState.RESOLVED and to == CaseState.ASSIGNED
    if to in ALLOWED_MOVES[state] and not is_reopening:
        act()
        case.refresh_from_db()
        assert case.state == (state if is_given_while_paused else to)
    else:
        with pytest.raises(MoveRefusedError):
            act()
        case.refresh_from_db()
        assert case.state == state
        assert not case.timeline.exists()


def test_a_stale_version_is_refused_and_changes_nothing(ashas_case, by_dev, team):
    seen = ashas_case.version
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    count = Message.objects.count()
    with pytest.raises(StaleCaseError) as stale:
        assign_case(ashas_case, actor=by_dev, team=team, version=seen)
    assert stale.value.case.state == CaseState.RESOLVED
    assert Message.objects.count() == count


def test_the_same_act_twice_in_a_row_is_done_once(ashas_case, by_dev):
    seen = ashas_case.version
    for _click in range(2):
        resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.", version=seen)
    assert ashas_case.timeline.filter(kind=EntryKind.RESOLVED).count() == 1
    assert told(ashas_case, "case-resolved").filter(channel="email").count() == 1


def test_the_same_note_twice_in_a_row_is_written_once(ashas_case, by_dev):
    assert add_note(ashas_case, actor=by_dev, text="Dog!") == add_note(ashas_case, actor=by_dev, text="Dog!")


def test_a_note_makes_nobody_elses_form_stale_and_is_not_public(ashas_case, by_dev, team):
    entry = add_note(ashas_case, actor=by_dev, text="Mind the dog")
    assert entry.public_text == ""
    assign_case(ashas_case, actor=by_dev, team=team, version=ashas_case.version)


def test_somebody_who_cannot_be_reached_is_not_asked(service, by_dev):
    case = receive_case(service, actor=Actor.visitor(), submission_key="k", title="x").case
    with pytest.raises(MoveRefusedError, match="Nobody can be asked"):
        ask_customer(case, actor=by_dev, question="Which?")


def test_somebody_with_a_telephone_only_can_be_asked(service, by_dev):
    contact = ContactDetails(phone="07700 900123")
    case = receive_case(service, actor=Actor.visitor(), submission_key="k", title="x", contact=contact).case
    assert ask_customer(case, actor=by_dev, question="Which?").state == CaseState.WAITING


# --- Who, for whom, by which right, through which channel -------------------------------------------------------------


def test_what_the_customer_does_is_a_contact_and_what_staff_do_is_not(ashas_case, asha, by_dev, by_asha):
    before = Contact.objects.count()
    ask_customer(ashas_case, actor=by_dev, question="Which?")
    assert Contact.objects.count() == before
    answer_question(ashas_case, actor=by_asha, answer="Green")
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    reopen_case(ashas_case, actor=by_asha, why="No")
    withdraw_case(ashas_case, actor=by_asha)
    assert Contact.objects.filter(subject=asha, actor=asha.user, right="self").count() == before + 3


def test_an_answer_by_telephone_is_recorded_as_staff_for_the_customer(ashas_case, asha, dev, by_dev):
    ask_customer(ashas_case, actor=by_dev, question="Which?")
    answer_question(ashas_case, actor=Actor.staff(dev, Channel.PHONE), answer="Green")
    entry = ashas_case.timeline.get(kind=EntryKind.ANSWERED)
    assert (entry.actor, entry.subject, entry.right, entry.channel) == (dev, asha, "staff", "phone")
    assert Contact.objects.filter(actor=dev, subject=asha, channel="phone").exists()


def test_a_delegate_is_recorded_as_such(ashas_case, asha, ben):
    withdraw_case(ashas_case, actor=Actor.online(ben.user, asha))
    entry = ashas_case.timeline.get(kind=EntryKind.WITHDRAWN)
    assert (entry.actor, entry.subject, entry.right) == (ben.user, asha, "delegate")


# --- History ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["cases_timelineentry", "cases_contact", "cases_caseevent"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_timeline_the_contacts_and_the_versions_cannot_be_edited_even_by_sql(ashas_case, table, act):
    statement = act.format(table).replace("id", "pgh_id") if table == "cases_caseevent" else act.format(table)
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert TimelineEntry.objects.filter(case=ashas_case).exists()


def test_every_change_of_a_case_is_kept_even_by_sql(ashas_case, by_dev, team):
    assign_case(ashas_case, actor=by_dev, team=team)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET title = 'Changed behind our back' WHERE id = %s", [ashas_case.pk])
    titles = list(ashas_case.events.order_by("pgh_id").values_list("state", "title"))
    assert titles == [
        ("received", "Missed bin: recycling"),
        ("assigned", "Missed bin: recycling"),
        ("assigned", "Changed behind our back"),
    ]


def test_no_message_is_sent_of_a_change_that_was_rolled_back(ashas_case, by_dev):
    before = Message.objects.count()

    def resolve_and_fail():
        with transaction.atomic():
            resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        resolve_and_fail()
    assert Message.objects.count() == before
