import datetime as dt

import pytest
from django.utils import timezone

from barnet.gazetteer.registry import areas_changed
from portal.cases.enums import CaseState
from portal.cases.models import Follower
from portal.cases.selectors import Due, QueueFilters, Sorting, queue, queue_counts
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)


def make(**fields):
    return factories.CaseFactory(**{"promise_on": TOMORROW, "outcome": "done", "public_reason": "Done.", **fields})


def test_each_filter_keeps_what_it_names():
    team, ward = factories.TeamFactory(), factories.AreaFactory()
    person = factories.StaffFactory()
    wanted = make(
        team=team, ward=ward, assignee=person, channel="phone", service=factories.ServiceFactory(slug="new-bin")
    )
    make(state=CaseState.RESOLVED)
    for filters in (
        {"team": team},
        {"ward": ward},
        {"assignee": person},
        {"channel": "phone"},
        {"service": wanted.service},
        {"is_open": True},
        {"phase": "open"},
        {"state": "received"},
    ):
        assert list(queue(QueueFilters(**filters))) == [wanted], filters


def test_late_and_due_today_leave_out_what_waits_or_is_done():
    late = make(promise_on=YESTERDAY)
    due = make(promise_on=TODAY, state=CaseState.ASSIGNED)
    for state in (CaseState.WAITING, CaseState.RESOLVED, CaseState.WITHDRAWN):
        make(promise_on=YESTERDAY, state=state)
        make(promise_on=TODAY, state=state)
    assert list(queue(QueueFilters(due=Due.LATE))) == [late]
    assert list(queue(QueueFilters(due=Due.TODAY))) == [due]


def test_opened_between_counts_both_days_in_london_time():
    summer = timezone.make_aware(dt.datetime(2026, 7, 1, 0, 30))  # 23:30 UTC on the day before
    wanted = make(opened_at=summer)
    day = dt.date(2026, 7, 1)
    assert list(queue(QueueFilters(opened_from=day, opened_until=day))) == [wanted]
    assert not queue(QueueFilters(opened_until=day - dt.timedelta(days=1))).exists()


def test_my_teams_and_unassigned():
    person = factories.StaffFactory()
    team = factories.TeamFactory()
    team.members.add(person)
    mine, nobodys = make(team=team), make()
    make(state=CaseState.RESOLVED)
    assert list(queue(QueueFilters(my_teams=person))) == [mine]
    assert list(queue(QueueFilters(is_unassigned=True))) == [nobodys]


@pytest.mark.parametrize(
    "text",
    ["vera visitor", "VERA@", "blue boat", "en5 4aa", "EN54AA", "high street", "asha own", "asha@example.com", "join@"],
)
def test_the_search_finds_a_case_by_any_of_its_words(asha, text):
    wanted = make(
        customer=asha,
        contact_name="Vera Visitor",
        contact_email="vera@example.com",
        address_text="The Blue Boat, canal",
    )
    Follower.objects.create(case=wanted, email="join@example.com", title="x")
    elsewhere = factories.AddressFactory(street="LOW LANE", postcode="N3 1AA", one_line="1 Low Lane, N3 1AA")
    make(address=elsewhere, customer=factories.CustomerFactory(name="Somebody", user__email="else@example.net"))
    assert list(queue(QueueFilters(text=text))) == [wanted]


def test_the_search_finds_a_reference_as_people_say_it():
    wanted = make()
    make()
    assert list(queue(QueueFilters(text=wanted.reference.lower().replace("-", " ")))) == [wanted]


@pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE cases_case; --", "\\", "🗑" * 50, "((", "BAR-"])
def test_the_search_takes_any_text(text):
    make()
    list(queue(QueueFilters(text=text)))


def test_sorting():
    first = make(promise_on=TODAY, opened_at=timezone.now() - dt.timedelta(days=9))
    second = make(promise_on=TOMORROW, opened_at=timezone.now() - dt.timedelta(days=19))
    assert list(queue(QueueFilters(sort=Sorting.PROMISE))) == [first, second]
    assert list(queue(QueueFilters(sort=Sorting.NEWEST))) == [first, second]
    assert list(queue(QueueFilters(sort=Sorting.OLDEST))) == [second, first]


def test_counts_of_the_start_page():
    person = factories.StaffFactory()
    team = factories.TeamFactory()
    team.members.add(person)
    make(team=team, assignee=person, promise_on=TODAY)
    make(promise_on=YESTERDAY)
    make(state=CaseState.WAITING, team=team, promise_on=YESTERDAY)
    make(state=CaseState.RESOLVED, team=team, assignee=person)
    counts = queue_counts(person)
    assert (counts.mine, counts.my_teams, counts.unassigned) == (1, 2, 1)
    assert (counts.due_today, counts.late, counts.waiting) == (1, 1, 1)


def test_wards_are_worked_out_again_when_areas_change_as_of_the_day_of_the_request():
    case = make()
    old = factories.AreaFactory(name="Old ward", valid_to=TOMORROW)
    new = factories.AreaFactory(name="New ward", valid_from=TOMORROW)
    assert areas_changed()["wards of cases"] == 1
    case.refresh_from_db()
    assert case.ward == old
    assert areas_changed()["wards of cases"] == 0
    assert new.pk != old.pk
