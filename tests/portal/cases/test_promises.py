import datetime as dt

import pytest

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.enums import CaseState, CaseUrgency, EntryKind
from portal.cases.models import Pause, PromiseStandard
from portal.cases.promises import standard_of
from portal.cases.selectors import Due, QueueFilters, queue, queue_counts
from portal.cases.services import (
    MoveRefusedError,
    StaleCaseError,
    add_note,
    answer_question,
    ask_customer,
    assign_case,
    delay_case,
    hold_case,
    recategorise_case,
    reopen_case,
    reprioritise_case,
    resolve_case,
    resume_case,
    withdraw_case,
)
from portal.cases.services.watching import resume_held
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + dt.timedelta(days=n) for n in range(1, 5))
NEXT_MONDAY, NEXT_TUESDAY, NEXT_WEDNESDAY = (MONDAY + dt.timedelta(days=n) for n in range(7, 10))


@pytest.fixture(autouse=True)
def _standard(at_moment, service):
    """Ten in the morning. A person writes within four working hours, then every three working days."""
    at_moment("2026-11-23T10:00")
    PromiseStandard.objects.create(response_hours=4, update_days=3, delay_days=2)


@pytest.fixture
def moved_service(db):
    return factories.ServiceFactory(slug="street-lights", name="Street lights", standard_working_days=5)


def told(case, template_key):
    return Message.objects.filter(about=case.reference, template_key=template_key, channel="email").count()


# --- First response and next update -----------------------------------------------------------------------------------


def test_first_response_is_due_in_working_hours(ashas_case, at_moment):
    assert ashas_case.respond_by == at_moment("2026-11-23T14:00")
    assert ashas_case.update_by is None


def test_row_of_the_service_counts_before_the_row_of_every_service(service, at_moment, ashas_case, by_dev):
    PromiseStandard.objects.create(service=service, response_hours=1, resolve_days=1)
    case = reopen_case(
        resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done."), actor=by_dev, why="No."
    )
    assert case.respond_by == at_moment("2026-11-23T11:00")
    assert case.promise_on == TUESDAY
    assert hold_case(case, actor=by_dev, reason="A part is missing.").update_by.date() == THURSDAY  # of every service


def test_words_of_a_person_are_the_first_response_and_begin_the_wait_for_the_next(ashas_case, by_dev, at_moment):
    written = at_moment("2026-11-23T11:00")
    case = ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    assert case.responded_at == written
    assert case.update_by == at_moment("2026-11-26T17:00")


def test_what_the_customer_does_not_read_is_no_response(ashas_case, by_dev):
    add_note(ashas_case, actor=by_dev, text="Looks like the usual.")
    case = assign_case(ashas_case, actor=by_dev, team=factories.TeamFactory(), note="Please look.")
    case.refresh_from_db()
    assert (case.responded_at, case.update_by) == (None, None)


def test_nothing_more_is_owed_when_it_ended(ashas_case, visitors_case, by_dev, at_moment):
    done = resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    gone = withdraw_case(visitors_case, actor=by_dev)
    at_moment("2026-12-23T10:00")
    assert done.update_by is None
    assert not done.is_silent(at_moment("2026-12-23T10:00"))
    assert not gone.is_silent(at_moment("2026-12-23T10:00"))


def test_silence_is_seen_in_the_queue_and_its_count(ashas_case, visitors_case, by_dev, dev, at_moment):
    at_moment("2026-11-23T13:00")
    delay_case(visitors_case, actor=by_dev, expected_on=FRIDAY)
    assert list(queue(QueueFilters(due=Due.SILENT))) == []
    at_moment("2026-11-23T14:01")
    assert list(queue(QueueFilters(due=Due.SILENT))) == [ashas_case]
    at_moment("2026-11-27T09:00")  # the visitor’s next word was due on Thursday
    assert set(queue(QueueFilters(due=Due.SILENT))) == {ashas_case, visitors_case}
    assert queue_counts(dev).silent == 2


def test_pause_moves_the_day_of_a_delay_on(ashas_case, by_dev, asha, at_moment):
    delay_case(ashas_case, actor=by_dev, expected_on=FRIDAY)
    ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    at_moment("2026-11-25T16:00")
    answer_question(ashas_case, actor=Actor.online(asha.user, asha), answer="The green one.")
    ashas_case.refresh_from_db()
    assert (ashas_case.promise_on, ashas_case.expected_on) == (FRIDAY, dt.date(2026, 12, 1))


def test_delay_is_forgotten_when_the_promise_is_as_late(ashas_case, by_dev):
    PromiseStandard.objects.create(service=ashas_case.service, urgency=CaseUrgency.HIGH, resolve_days=9)
    delay_case(ashas_case, actor=by_dev, expected_on=FRIDAY)
    reprioritise_case(ashas_case, actor=by_dev, urgency=CaseUrgency.HIGH)
    ashas_case.refresh_from_db()
    assert (ashas_case.promise_on, ashas_case.expected_on) == (dt.date(2026, 12, 4), None)


def test_pause_moves_every_promise_on(ashas_case, by_dev, asha, at_moment):
    ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    at_moment("2026-11-25T16:00")
    case = answer_question(ashas_case, actor=Actor.online(asha.user, asha), answer="The green one.")
    assert case.promise_on == FRIDAY
    assert case.update_by == at_moment("2026-11-30T17:00")


def test_paused_case_is_never_silent(ashas_case, by_dev, at_moment):
    hold_case(ashas_case, actor=by_dev, reason="The road is closed.")
    at_moment("2027-02-01T10:00")
    assert list(queue(QueueFilters(due=Due.SILENT))) == list(queue(QueueFilters(due=Due.LATE))) == []


# --- On hold ----------------------------------------------------------------------------------------------------------


def test_hold_tells_why_and_stands_still_until_staff_go_on(ashas_case, by_dev, at_moment):
    case = hold_case(ashas_case, actor=by_dev, reason="The crane comes next week")
    assert case.state == CaseState.HELD
    assert told(case, "case-held") == 1
    assert case.timeline.get(kind=EntryKind.HELD).public_text == "The crane comes next week."
    at_moment("2026-12-01T10:00")
    case = resume_case(case, actor=by_dev)
    assert (case.state, case.promise_on) == (CaseState.RECEIVED, dt.date(2026, 12, 3))
    assert case.timeline.latest("at", "id").public_text == (
        "We go on with your request. Our promise is now Thursday 3 December 2026."
    )


def test_hold_until_a_day_goes_on_by_itself_once(ashas_case, by_dev, at_moment):
    case = hold_case(ashas_case, actor=by_dev, reason="The road is closed.", resumes_on=THURSDAY)
    assert "We go on by Thursday 26 November 2026." in case.timeline.get(kind=EntryKind.HELD).public_text
    at_moment("2026-11-25T10:00")
    resume_held()
    case.refresh_from_db()
    assert case.state == CaseState.HELD
    at_moment("2026-11-26T07:00")
    assert resume_held() == "1 go on"
    assert resume_held() == "0 go on"
    case.refresh_from_db()
    assert (case.state, case.promise_on) == (CaseState.RECEIVED, NEXT_MONDAY)
    assert case.responded_at is not None


def test_hold_refuses_a_day_that_is_over_and_a_second_hold(ashas_case, by_dev):
    with pytest.raises(MoveRefusedError, match="after today"):
        hold_case(ashas_case, actor=by_dev, reason="Wait.", resumes_on=MONDAY)
    hold_case(ashas_case, actor=by_dev, reason="Wait.")
    assert hold_case(ashas_case, actor=by_dev, reason="Wait.").state == CaseState.HELD  # sent twice
    with pytest.raises(MoveRefusedError):
        hold_case(ashas_case, actor=by_dev, reason="Wait longer.")
    with pytest.raises(MoveRefusedError):
        ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    assert Pause.objects.count() == 1


def test_held_case_can_be_given_to_a_team_and_stays_held(ashas_case, by_dev):
    hold_case(ashas_case, actor=by_dev, reason="Wait.")
    case = assign_case(ashas_case, actor=by_dev, team=factories.TeamFactory())
    assert case.state == CaseState.HELD
    assert resume_case(case, actor=by_dev).state == CaseState.ASSIGNED


# --- It takes longer --------------------------------------------------------------------------------------------------


def test_delay_is_told_before_and_the_promise_stays(ashas_case, by_dev, at_moment):
    case = delay_case(ashas_case, actor=by_dev, expected_on=FRIDAY, reason="Two people are ill.")
    assert (case.promise_on, case.expected_on) == (WEDNESDAY, FRIDAY)
    assert case.timeline.get(kind=EntryKind.DELAYED).public_text == (
        "We will not keep our promise of Wednesday 25 November 2026, and we are sorry. "
        "We now expect to be done by Friday 27 November 2026. Two people are ill."
    )
    assert told(case, "case-delayed") == 1
    assert case.is_late(THURSDAY)


@pytest.mark.parametrize("day", [MONDAY, WEDNESDAY])
def test_delay_refuses_a_day_within_the_promise(ashas_case, by_dev, day):
    with pytest.raises(MoveRefusedError, match="after the promise"):
        delay_case(ashas_case, actor=by_dev, expected_on=day)


# --- Another service --------------------------------------------------------------------------------------------------


def test_other_service_counts_from_the_same_day_and_keeps_every_pause(ashas_case, by_dev, moved_service, at_moment):
    ask_customer(ashas_case, actor=by_dev, question="Which lamp?")
    at_moment("2026-11-25T10:00")
    resume_case(ashas_case, actor=by_dev)
    case = recategorise_case(ashas_case, actor=by_dev, service=moved_service, note="A lamp.")
    # five working days from Monday are the next Monday; two more for the pause
    assert (case.service, case.promise_on) == (moved_service, NEXT_WEDNESDAY)
    assert told(case, "case-moved") == 1
    entry = case.timeline.latest("at", "id")
    assert entry.public_text == "We deal with this as “Street lights” now. Our promise is Wednesday 2 December 2026."
    assert entry.internal_text == "Was “Ask us”.\nA lamp."


def test_open_pause_counts_when_it_ends(ashas_case, by_dev, moved_service, at_moment):
    hold_case(ashas_case, actor=by_dev, reason="Wait.")
    case = recategorise_case(ashas_case, actor=by_dev, service=moved_service)
    assert case.promise_on == NEXT_MONDAY
    at_moment("2026-11-25T10:00")
    assert resume_case(case, actor=by_dev).promise_on == NEXT_WEDNESDAY


def test_broken_promise_stays_broken_in_another_service(ashas_case, by_dev, moved_service, at_moment):
    at_moment("2026-11-27T10:00")
    case = recategorise_case(ashas_case, actor=by_dev, service=moved_service)
    assert case.promise_on == WEDNESDAY
    assert case.is_late(FRIDAY)


def test_shorter_standard_promises_no_day_that_is_over(ashas_case, by_dev, at_moment):
    at_moment("2026-11-25T10:00")
    quick = factories.ServiceFactory(slug="quick", name="Quick", standard_working_days=0)
    assert recategorise_case(ashas_case, actor=by_dev, service=quick).promise_on == THURSDAY


def test_first_response_is_that_of_the_new_service(ashas_case, by_dev, moved_service, at_moment):
    PromiseStandard.objects.create(service=moved_service, response_hours=8)
    case = recategorise_case(ashas_case, actor=by_dev, service=moved_service)
    assert case.respond_by == at_moment("2026-11-24T10:00")


def test_service_with_records_of_its_own_takes_and_gives_nothing(ashas_case, by_dev):
    bound = factories.ServiceFactory(slug="missed-bin", name="Missed bin")
    with pytest.raises(MoveRefusedError, match="records of its own"):
        recategorise_case(ashas_case, actor=by_dev, service=bound)


def test_moving_refuses_the_same_service_what_is_over_and_what_is_stale(ashas_case, by_dev, moved_service):
    with pytest.raises(MoveRefusedError, match="already"):
        recategorise_case(ashas_case, actor=by_dev, service=ashas_case.service)
    version = ashas_case.version
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    with pytest.raises(StaleCaseError):
        recategorise_case(ashas_case, actor=by_dev, service=moved_service, version=version)
    with pytest.raises(MoveRefusedError):
        recategorise_case(ashas_case, actor=by_dev, service=moved_service)


def test_moving_twice_by_a_double_click_is_once(ashas_case, by_dev, moved_service):
    for _click in range(2):
        recategorise_case(ashas_case, actor=by_dev, service=moved_service)
    assert ashas_case.timeline.filter(kind=EntryKind.MOVED).count() == 1


# --- Urgency ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def _urgent_standards(service):
    PromiseStandard.objects.create(urgency=CaseUrgency.URGENT, response_hours=1, resolve_days=1)
    PromiseStandard.objects.create(service=service, response_hours=2)


@pytest.mark.usefixtures("_urgent_standards")
@pytest.mark.parametrize(
    ("urgency", "hours", "days", "updates"),
    [(CaseUrgency.NORMAL, 2, 2, 3), (CaseUrgency.HIGH, 2, 2, 3), (CaseUrgency.URGENT, 2, 1, 3)],
)
def test_each_part_of_a_standard_comes_from_the_narrowest_row_that_says_it(service, urgency, hours, days, updates):
    standard = standard_of(service, urgency)
    assert (standard.response_hours, standard.resolve_days, standard.update_days) == (hours, days, updates)


@pytest.mark.usefixtures("_urgent_standards")
def test_more_urgent_is_promised_sooner_and_told(ashas_case, by_dev):
    case = reprioritise_case(ashas_case, actor=by_dev, urgency=CaseUrgency.URGENT, note="A child lives there.")
    assert case.promise_on == TUESDAY
    assert told(case, "case-promise") == 1
    entry = case.timeline.latest("at", "id")
    assert entry.public_text == "Our promise is now Tuesday 24 November 2026."
    assert entry.internal_text == "Was “Normal”, is “Urgent”.\nA child lives there."


@pytest.mark.usefixtures("_urgent_standards")
def test_urgency_that_moves_no_promise_is_not_told(ashas_case, by_dev):
    case = reprioritise_case(ashas_case, actor=by_dev, urgency=CaseUrgency.HIGH)
    again = reprioritise_case(case, actor=by_dev, urgency=CaseUrgency.HIGH)
    assert (again.urgency, again.promise_on) == (CaseUrgency.HIGH, WEDNESDAY)
    assert told(case, "case-promise") == 0
    assert case.timeline.count() == 2
