"""Staff edit rules, answers and shifts in the back office."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import HolidayShift, LogAnswer, ReportingRule
from tests.factories import StaffFactory
from tests.portal.waste.factories import HolidayShiftFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(StaffFactory(roles=["administrator"]))
    return client


def address(model, act, *args):
    return reverse(f"wagtailsnippets_waste_{model}:{act}", args=args)


def posted(**changed):
    return {"due_on": "2026-12-25", "moved_to": "2026-12-26", "stream": "", "reason": "Christmas Day", **changed}


def test_lists_open(administrator):
    ensure_reporting_rules()
    HolidayShiftFactory()
    for model in ("holidayshift", "reportingrule", "loganswer"):
        assert administrator.get(address(model, "list")).status_code == 200


def test_shift_is_added_and_changed(administrator):
    assert administrator.post(address("holidayshift", "add"), posted()).status_code == 302
    shift = HolidayShift.objects.get()
    assert shift.moved_to == dt.date(2026, 12, 26)
    administrator.post(address("holidayshift", "edit", shift.pk), posted(moved_to="2026-12-25"))
    changed = HolidayShift.objects.get()
    assert changed.moved_to == changed.due_on
    assert changed.changed_at > shift.changed_at


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"moved_to": "2027-01-04"}, "Choose a day at most 6 days away."),
        ({"moved_to": "2026-12-19"}, "is the collection of the week before or after"),
        ({"reason": ""}, "This field is required."),
        ({"stream": "glass"}, "Select a valid choice"),
        ({"due_on": "2026-12-18", "moved_to": "2026-12-19", "stream": ""}, "already exists"),
    ],
)
def test_shift_that_would_break_the_timetable_is_refused(administrator, changed, sentence):
    HolidayShiftFactory(due_on=dt.date(2026, 12, 18), moved_to=dt.date(2026, 12, 19))
    response = administrator.post(address("holidayshift", "add"), posted(**changed))
    assert response.status_code == 200
    assert sentence in response.text
    assert HolidayShift.objects.count() == 1


def test_nobody_deletes_a_shift(administrator):
    shift = HolidayShiftFactory()
    administrator.post(address("holidayshift", "delete", shift.pk))
    administrator.force_login(StaffFactory(is_superuser=True))
    administrator.post(address("holidayshift", "delete", shift.pk))
    assert HolidayShift.objects.filter(pk=shift.pk).exists()


def test_rule_and_answer_are_changed(administrator):
    ensure_reporting_rules()
    rule, answer = ReportingRule.objects.get(stream="food"), LogAnswer.objects.get(outcome="not_out")
    administrator.post(address("reportingrule", "edit", rule.pk), {"window_working_days": "3", "stream": "refuse"})
    rule.refresh_from_db()
    assert (rule.stream, rule.window_working_days) == ("food", 3)
    administrator.post(
        address("loganswer", "edit", answer.pk),
        {"outcome": "not_out", "sentence": "It was not out.", "advice": "Next."},
    )
    answer.refresh_from_db()
    assert answer.advice == "Next."


@pytest.mark.parametrize("role", ["adviser", "caseworker", "editor"])
def test_other_roles_may_not(client, role):
    client.force_login(StaffFactory(roles=[role]))
    assert client.post(address("holidayshift", "add"), posted()).status_code in {302, 403, 404}
    assert not HolidayShift.objects.exists()
