"""A broken promise goes to the leaders, once; a property missed too often gets a supervised case with its evidence."""

import datetime as dt
import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.urls import reverse

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.enums import CaseState, EntryKind
from portal.cases.models import Case, Team
from portal.cases.registry import kind_for
from portal.cases.services import ContactDetails, ask_customer, reopen_case, resolve_case, withdraw_case
from portal.waste import watching
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import CollectionPolicy, RepeatedMiss
from portal.waste.services import Report, report_missed_bins
from portal.waste.watching import escalate_overdue
from tests.factories import AddressFactory, ServiceFactory, StaffFactory, TeamFactory
from tests.portal.waste.factories import CrewLogEntryFactory, RoundFactory, equip

pytestmark = pytest.mark.django_db

MONDAYS = [dt.date(2026, 7, 6) + dt.timedelta(weeks=week) for week in range(12)]


@pytest.fixture
def leaders(rules):
    return CollectionPolicy.objects.get().leaders


@pytest.fixture
def reported(home, black_bin, asha, at):
    """`reported(0)`: Asha reports that the bin was missed on the first Monday; returns the case."""

    def report(week, bins=None, address=None, customer=asha):
        day = MONDAYS[week]
        at(day.year, day.month, day.day, 19)
        report = Report(
            address=address or home,
            container_ids=[container.pk for container in bins or [black_bin]],
            actor=Actor.online(customer.user, customer),
            submission_key=f"week {week} {bins}",
            customer=customer,
        )
        return report_missed_bins(report)[0].case

    return report


def closed(case, outcome="collected"):
    return resolve_case(case, actor=Actor.system(), outcome=outcome, public_reason="We came back.")


def supervised():
    return list(Case.objects.filter(service__slug=watching.SERVICE_SLUG))


def mails(kind):
    return list(Message.objects.filter(template_key=kind, channel="email"))


# --- Broken promises --------------------------------------------------------------------------------------------------


def test_broken_promise_goes_to_the_leaders_once_and_the_resident_is_told(reported, leaders, at):
    case = reported(0)
    at(2026, 7, 8, 23)  # promised by the 8th
    escalate_overdue()
    case.refresh_from_db()
    assert not case.escalated_at
    at(2026, 7, 9, 8)
    for _again in range(2):
        escalate_overdue()
    case.refresh_from_db()
    assert (case.team, case.state) == (leaders, CaseState.ASSIGNED)
    assert (case.promise_on, case.escalation_due_on) == (dt.date(2026, 7, 8), dt.date(2026, 7, 10))
    (told,) = mails("case-escalated")
    assert "by Wednesday 8 July 2026, and we have not" in told.body
    assert "deals with it by Friday 10 July 2026" in told.body
    assert case.timeline.filter(kind=EntryKind.ESCALATED).count() == 1


def test_case_that_waits_for_the_customer_or_is_done_is_not_escalated(reported, at):
    waiting = reported(0)
    ask_customer(waiting, actor=Actor.system(), question="Which gate?")
    at(2026, 7, 9, 8)
    escalate_overdue()
    assert not Case.objects.exclude(escalated_at=None).exists()
    waiting.refresh_from_db()
    closed(waiting)
    at(2026, 8, 9, 8)
    escalate_overdue()
    assert not Case.objects.exclude(escalated_at=None).exists()


def test_case_that_is_opened_again_may_be_escalated_again(reported, at):
    case = reported(0)
    at(2026, 7, 9, 8)
    escalate_overdue()
    closed(case)
    reopen_case(case, actor=Actor.system(), why="Still full")
    escalate_overdue()
    assert len(mails("case-escalated")) == 1
    at(2026, 7, 20, 8)
    escalate_overdue()
    assert len(mails("case-escalated")) == 2


def test_queue_shows_what_the_leaders_took_over(client, reported, at, dev):
    late = reported(0)
    at(2026, 7, 9, 8)
    escalate_overdue()
    client.force_login(StaffFactory(roles=["team_lead"]))
    page = client.get(reverse("staff_cases"), {"due": "escalated"})
    assert late.reference in page.text
    assert "Team leader" in page.text
    closed(late)
    assert late.reference not in client.get(reverse("staff_cases"), {"due": "escalated"}).text


def test_leaders_of_the_rule_are_data(reported, rules, at):
    other = TeamFactory(slug="others", name="Others")
    CollectionPolicy.objects.update(leaders=other, escalation_working_days=3)
    case = reported(0)
    at(2026, 7, 9, 8)
    escalate_overdue()
    case.refresh_from_db()
    assert (case.team, case.escalation_due_on) == (other, dt.date(2026, 7, 14))


# --- Missed again and again -------------------------------------------------------------------------------------------


def test_third_miss_in_eight_weeks_opens_a_supervised_case_with_its_evidence(reported, home, leaders, asha):
    first, second = closed(reported(0)), closed(reported(2))
    CrewLogEntryFactory(round=RoundFactory._meta.model.objects.get(), address=home, on=MONDAYS[2], outcome="collected")
    assert supervised() == []
    third = reported(5)
    (case,) = supervised()
    assert (case.team, case.customer, case.address) == (leaders, asha, home)
    record = RepeatedMiss.objects.get()
    assert [miss.case for miss in record.evidence.order_by("due_on")] == [first, second, third]
    panel = dict(kind_for(watching.SERVICE_SLUG).staff_rows(case))
    assert list(panel) == [
        "Monday 6 July 2026: Refuse",
        "Monday 20 July 2026: Refuse",
        "Monday 10 August 2026: Refuse",
    ]
    assert "Crew log: Collected" in panel["Monday 20 July 2026: Refuse"]
    assert first.reference in panel["Monday 6 July 2026: Refuse"]
    assert "Photos: 0" in panel["Monday 6 July 2026: Refuse"]
    assert case.reference in [told.about for told in mails("case-received")]


def test_misses_that_were_not_ours_or_too_old_do_not_count(reported):
    closed(reported(0))
    closed(reported(1), outcome="not_missed")
    closed(reported(2), outcome="contaminated")
    withdraw_case(reported(3), actor=Actor.system())
    closed(reported(4))
    reported(9)  # nine weeks after the first
    assert supervised() == []


def test_several_bins_of_one_day_are_one_miss(reported, home, black_bin):
    other = equip(home, stream="food")
    for week in (0, 1):
        reported(week, bins=[black_bin, other])
        for case in Case.objects.open():
            closed(case)
    assert supervised() == []


def test_one_supervised_case_is_open_at_a_time_and_gathers_what_follows(reported):
    for week in range(3):
        closed(reported(week))
    closed(reported(3))
    (case,) = supervised()
    assert RepeatedMiss.objects.get().evidence.count() == 4
    assert case.timeline.filter(kind=EntryKind.NOTE, internal_text__contains="Missed again").count() == 1
    resolve_case(case, actor=Actor.system(), outcome="crew_instructed", public_reason="We spoke with them.")
    reported(4)
    assert len(supervised()) == 2


def test_same_form_sent_twice_opens_one(reported):
    for week in range(2):
        closed(reported(week))
    reported(2)
    reported(2)
    assert len(supervised()) == 1


def test_visitor_is_told_too(reported, home, black_bin, at):
    for week in range(2):
        closed(reported(week))
    at(2026, 7, 20, 19)
    report_missed_bins(
        Report(
            address=home,
            container_ids=[black_bin.pk],
            actor=Actor.visitor(),
            submission_key="visitor",
            contact=ContactDetails(email="visitor@example.com"),
        )
    )
    (case,) = supervised()
    assert case.reference in [told.about for told in mails("case-received") if told.address == "visitor@example.com"]


def test_thresholds_are_data(reported, rules):
    CollectionPolicy.objects.update(repeat_count=2, repeat_weeks=1)
    closed(reported(0))
    closed(reported(2))
    assert supervised() == []
    reported(3)
    assert [case.title for case in supervised()] == ["Missed 2 times in 1 weeks"]


def test_administrator_edits_the_rule_and_nobody_deletes_it(client, rules):
    client.force_login(StaffFactory(roles=["administrator"]))
    address = reverse("wagtailsnippets_waste_collectionpolicy:edit", args=[1])
    answers = {"leaders": Team.objects.get().pk, "escalation_working_days": 2, "repeat_count": 4, "repeat_weeks": 6}
    answers["assisted_working_days"] = 1
    assert client.post(address, answers).status_code == 302
    assert CollectionPolicy.objects.get().repeat_count == 4
    assert client.post(address, {**answers, "repeat_count": 0}).status_code == 200
    client.post(reverse("wagtailsnippets_waste_collectionpolicy:delete", args=[1]))
    assert CollectionPolicy.objects.get().repeat_count == 4


@pytest.mark.django_db(transaction=True)
def test_bins_reported_at_once_open_one_supervised_case(at):
    ContentType.objects.clear_cache()
    ensure_reporting_rules()
    CollectionPolicy.objects.update(repeat_count=2)
    ServiceFactory()
    home = AddressFactory()
    bins = [equip(home), equip(home, stream="food")]

    def report(container, key):
        return report_missed_bins(
            Report(address=home, container_ids=[container.pk], actor=Actor.visitor(), submission_key=key)
        )

    at(2026, 7, 6, 19)
    closed(report(bins[0], "first")[0].case)
    at(2026, 7, 13, 19)
    barrier = threading.Barrier(2)

    def work(container):
        barrier.wait()
        try:
            report(container, f"at once {container.pk}")
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=[container]) for container in bins]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(supervised()) == 1
    assert Case.objects.filter(service__slug="missed-bin").count() == 3
