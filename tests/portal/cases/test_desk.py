import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Absence, Escalation, Presence, SavedView
from portal.cases.selectors import QueueFilters, covered_by, others_on, queue, queue_counts, view_counts
from portal.cases.services import forget_presence, hand_back_cases, note_presence, record_absence, save_view
from portal.cases.services.watching import watch_promises
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


@pytest.fixture
def eve(db):
    return factories.StaffFactory(email="eve@example.com", first_name="Eve", roles=["caseworker"])


@pytest.fixture
def team(dev):
    team = factories.TeamFactory()
    team.members.add(dev)
    return team


def away(person, cover, first=TODAY, last=TODAY + DAY):
    return record_absence(person, cover=cover, from_on=first, until_on=last, by=person)


# --- Absence ----------------------------------------------------------------------------------------------------------


def test_requests_of_who_is_away_stand_in_the_list_of_their_cover(dev, eve):
    case = factories.CaseFactory(assignee=dev)
    assert queue_counts(eve).mine == 0
    away(dev, eve)
    assert queue(QueueFilters(mine=eve)).get() == case
    assert queue_counts(eve).mine == queue_counts(dev).mine == 1
    assert covered_by(eve, TODAY) == [dev]
    assert covered_by(eve, TODAY + 2 * DAY) == []


def test_the_cover_hears_of_promises_instead(dev, eve):
    factories.CaseFactory(assignee=dev, promise_on=TODAY - 2 * DAY)
    Escalation.objects.all().delete()
    Escalation.objects.create(clock="resolution", hours=0, since=TODAY - 9 * DAY)
    away(dev, eve)
    watch_promises()
    assert [message.address for message in Message.objects.filter(template_key="staff-promises")] == [eve.email]


def test_nobody_covers_who_is_away_and_nobody_is_away_twice(dev, eve):
    finn = factories.StaffFactory(roles=["caseworker"])
    away(dev, eve)
    for person, cover, sentence in [
        (finn, dev, "is away then, too"),
        (eve, finn, "looks after somebody else"),
        (dev, finn, "is away then already"),
        (finn, finn, "Choose somebody else"),
    ]:
        with pytest.raises(MoveRefusedError, match=sentence):
            away(person, cover)
    away(finn, dev, TODAY + 2 * DAY, TODAY + 3 * DAY)
    with pytest.raises(MoveRefusedError, match="must be today or later"):
        away(finn, eve, TODAY - 3 * DAY, TODAY - DAY)
    assert Absence.objects.count() == 2


def test_who_leaves_covers_nobody_and_keeps_no_views(dev, eve):
    away(dev, eve)
    save_view(user=eve, name="Mine", filters="assignee=mine")
    hand_back_cases(eve, actor=Actor.system())
    assert not Absence.objects.exists()
    assert not SavedView.objects.exists()


# --- Presence ---------------------------------------------------------------------------------------------------------


def test_colleagues_see_each_other_for_two_minutes(dev, eve, at_moment):
    case = factories.CaseFactory()
    at_moment("2026-11-23T10:00")
    note_presence(case, user=dev)
    note_presence(case, user=dev)
    at_moment("2026-11-23T10:01")
    assert others_on(case, eve) == [str(dev)]
    assert others_on(case, dev) == []
    at_moment("2026-11-23T10:03")
    assert others_on(case, eve) == []
    at_moment("2026-11-23T11:30")
    forget_presence()
    assert not Presence.objects.exists()


# --- Views ------------------------------------------------------------------------------------------------------------


def test_views_are_counted_in_two_queries_however_many(dev, team, django_assert_num_queries):
    factories.CaseFactory.create_batch(2, team=team)
    factories.CaseFactory(state="held")
    filters = {
        1: QueueFilters(is_open=True),
        2: QueueFilters(is_open=True, my_teams=dev),
        3: QueueFilters(state="held"),
        4: QueueFilters(text="nobody at all"),
    }
    with django_assert_num_queries(2):
        assert view_counts(dev, filters) == {1: 3, 2: 2, 3: 1}
    with django_assert_num_queries(1):
        assert view_counts(dev, {3: filters[3]}) == {3: 1}
    assert view_counts(dev, {}) == {}


def test_a_view_of_the_same_name_gets_the_new_filters(dev, team):
    for filters in ("due=late", "due=today"):
        save_view(user=dev, name="Today", filters=filters)
        save_view(user=dev, name="Today", filters=filters, team=team)
    assert [view.filters for view in SavedView.objects.all()] == ["due=today", "due=today"]
