import datetime as dt
from threading import Thread

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from barnet.gazetteer.models import Closure
from barnet.notifications.models import Message
from portal.cases.enums import Clock, EntryKind
from portal.cases.ground import ensure_promises
from portal.cases.models import Escalation, EscalationNotice, PromiseStandard
from portal.cases.services import assign_case, delay_case, hold_case, resolve_case
from portal.cases.services.watching import warn_customers, watch_promises
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _standard(at_moment):
    """Asha’s request of Monday at ten: a response by two, done by the end of Wednesday."""
    at_moment("2026-11-23T10:00")
    PromiseStandard.objects.create(response_hours=4, update_days=3, delay_days=2)


@pytest.fixture
def team(dev):
    team = factories.TeamFactory()
    team.members.add(dev)
    return team


@pytest.fixture
def leader(team):
    """Lena leads the team; another leader leads another."""
    role = Group.objects.get_or_create(name="team_lead")[0]
    lena = factories.StaffFactory(email="lena@barnet.example")
    factories.StaffFactory(email="luis@barnet.example").groups.add(role)
    lena.groups.add(role)
    team.members.add(lena)
    return lena


def rule(clock, hours, **more):
    return Escalation.objects.create(clock=clock, hours=hours, since=MONDAY, **more)


def written_to():
    return sorted(Message.objects.filter(template_key="staff-promises").values_list("address", flat=True))


# --- Staff ------------------------------------------------------------------------------------------------------------


def test_who_has_it_hears_before_the_promise_runs_out_and_once(ashas_case, by_dev, dev, team, at_moment):
    rule(Clock.RESOLUTION, -8)
    assign_case(ashas_case, actor=by_dev, team=team, assignee=dev)
    at_moment("2026-11-24T16:59")
    watch_promises()
    assert written_to() == []
    at_moment("2026-11-24T17:00")
    watch_promises()
    watch_promises()
    assert written_to() == [dev.email]
    said = Message.objects.get(template_key="staff-promises").body
    assert f"{ashas_case.reference} Missed bin: recycling, promised for Wednesday 25 November 2026" in said
    assert "8 working hours before it is due" in said


def test_leader_of_the_team_hears_after(ashas_case, by_dev, dev, team, leader, at_moment):
    rule(Clock.RESPONSE, 0, role=Group.objects.get(name="team_lead"), tells_assignee=False)
    assign_case(ashas_case, actor=by_dev, team=team)
    at_moment("2026-11-23T14:00")
    watch_promises()
    assert written_to() == [leader.email]


def test_every_leader_hears_of_what_nobody_has(ashas_case, leader, at_moment):
    rule(Clock.RESPONSE, 2, role=Group.objects.get(name="team_lead"))
    at_moment("2026-11-23T16:00")
    watch_promises()
    assert written_to() == ["lena@barnet.example", "luis@barnet.example"]


def test_nobody_to_tell_waits_until_somebody_has_it(ashas_case, by_dev, dev, team, at_moment):
    rule(Clock.RESPONSE, 0)
    at_moment("2026-11-23T15:00")
    watch_promises()
    assert EscalationNotice.objects.count() == 0
    assign_case(ashas_case, actor=by_dev, team=team, assignee=dev)
    watch_promises()
    assert written_to() == [dev.email]


def test_many_cases_are_one_message_to_a_person(ashas_case, visitors_case, by_dev, dev, team, at_moment):
    rule(Clock.RESPONSE, 0)
    for case in (ashas_case, visitors_case):
        assign_case(case, actor=by_dev, team=team, assignee=dev)
    at_moment("2026-11-23T15:00")
    watch_promises()
    message = Message.objects.get(template_key="staff-promises")
    assert message.subject == "2 requests to look at: First response"
    assert ashas_case.reference in message.body
    assert visitors_case.reference in message.body


def test_answered_paused_and_ended_requests_are_left_alone(ashas_case, visitors_case, by_dev, leader, at_moment):
    for clock in Clock:
        rule(clock, 0, role=Group.objects.get(name="team_lead"))
    hold_case(ashas_case, actor=by_dev, reason="Wait.")
    resolve_case(visitors_case, actor=by_dev, outcome="done", public_reason="Done.")
    at_moment("2026-12-14T10:00")
    watch_promises()
    assert written_to() == []


def test_promises_from_before_the_rule_are_not_told_of(ashas_case, leader, at_moment):
    made = rule(Clock.RESPONSE, 0, role=Group.objects.get(name="team_lead"))
    Escalation.objects.filter(pk=made.pk).update(since=dt.date(2026, 11, 24))
    at_moment("2026-11-25T10:00")
    watch_promises()
    assert written_to() == []


def test_rule_of_a_service_is_for_that_service(ashas_case, leader, at_moment):
    other = factories.ServiceFactory(slug="other")
    rule(Clock.RESPONSE, 0, role=Group.objects.get(name="team_lead"), service=other)
    at_moment("2026-11-23T15:00")
    watch_promises()
    assert written_to() == []


def test_ground_lays_rules_once_and_keeps_what_staff_changed():
    PromiseStandard.objects.all().delete()
    ensure_promises()
    Escalation.objects.filter(clock=Clock.RESPONSE).delete()
    ensure_promises()
    assert PromiseStandard.objects.count() == 1
    assert set(Escalation.objects.values_list("clock", flat=True)) == {Clock.RESOLUTION}


@pytest.mark.django_db(transaction=True)
def test_two_watchers_at_once_tell_once(ashas_case, leader, at_moment):
    rule(Clock.RESPONSE, 0, role=Group.objects.get(name="team_lead"))
    at_moment("2026-11-23T15:00")

    def watch():
        try:
            watch_promises()
        finally:
            connection.close()

    threads = [Thread(target=watch) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert EscalationNotice.objects.count() == 1
    assert len(written_to()) == 2


# --- The customer -----------------------------------------------------------------------------------------------------


def test_customer_hears_on_the_afternoon_of_the_promised_day_and_once(ashas_case, at_moment):
    at_moment("2026-11-25T14:59")
    assert warn_customers() == 0
    at_moment("2026-11-25T15:00")
    assert warn_customers() == 1
    assert warn_customers() == 0
    ashas_case.refresh_from_db()
    assert (ashas_case.promise_on, ashas_case.expected_on) == (dt.date(2026, 11, 25), FRIDAY)
    assert Message.objects.filter(template_key="case-delayed", channel="email").count() == 1
    assert ashas_case.timeline.get(kind=EntryKind.DELAYED).actor is None


def test_who_was_told_already_is_not_told_again(ashas_case, by_dev, at_moment):
    delay_case(ashas_case, actor=by_dev, expected_on=FRIDAY)
    at_moment("2026-11-25T15:00")
    assert warn_customers() == 0


def test_a_day_that_was_named_for_a_delay_is_a_promise_too(ashas_case, by_dev, at_moment):
    delay_case(ashas_case, actor=by_dev, expected_on=FRIDAY)
    at_moment("2026-11-27T14:59")
    assert warn_customers() == 0
    at_moment("2026-11-27T15:00")
    assert warn_customers() == 1
    assert warn_customers() == 0
    ashas_case.refresh_from_db()
    assert (ashas_case.promise_on, ashas_case.expected_on) == (dt.date(2026, 11, 25), dt.date(2026, 12, 1))
    assert Message.objects.filter(template_key="case-delayed", channel="email").count() == 2


def test_service_without_a_word_on_delays_says_nothing(ashas_case, at_moment):
    PromiseStandard.objects.update(delay_days=None)
    at_moment("2026-11-25T15:00")
    assert warn_customers() == 0


def test_what_is_done_or_on_hold_is_not_late(ashas_case, visitors_case, by_dev, at_moment):
    at_moment("2026-11-25T11:00")
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    hold_case(visitors_case, actor=by_dev, reason="Wait.")
    at_moment("2026-11-25T16:00")
    assert warn_customers() == 0


def test_of_a_promised_day_that_became_a_closure_customers_hear_the_day_before(ashas_case, at_moment):
    Closure.objects.create(on=dt.date(2026, 11, 25), name="Snow")
    at_moment("2026-11-24T14:59")
    assert warn_customers() == 0
    at_moment("2026-11-24T15:00")
    assert warn_customers() == 1
    assert warn_customers() == 0
    ashas_case.refresh_from_db()
    assert (ashas_case.promise_on, ashas_case.expected_on) == (dt.date(2026, 11, 25), FRIDAY)
