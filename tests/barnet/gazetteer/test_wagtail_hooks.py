"""Staff keep the calendar; who may, is a matter of permissions."""

import datetime as dt

import pytest
from django.urls import reverse

from barnet.gazetteer.admin_forms import OpeningHoursForm
from barnet.gazetteer.models import Closure, OpeningHours
from barnet.gazetteer.working_days import is_working_day
from tests.factories import StaffFactory
from tests.people import PortalClient

pytestmark = pytest.mark.django_db


class Form(OpeningHoursForm):
    class Meta:
        model = OpeningHours
        fields = ["place", "weekday", "opens_at", "closes_at"]


def errors(**values) -> dict:
    form = Form({"place": "Telephone", "weekday": 0, "opens_at": "09:00", "closes_at": "17:00"} | values)
    form.is_valid()
    return dict(form.errors)


def test_opening_hours_end_after_they_begin():
    assert errors() == {}
    assert "Enter a time after the opening" in str(errors(closes_at="09:00"))


def test_opening_hours_of_one_place_never_overlap():
    OpeningHours.objects.create(place="telephone", weekday=0, opens_at=dt.time(9), closes_at=dt.time(12))
    assert "The place is open then already" in str(errors(opens_at="11:59"))
    assert errors(opens_at="12:00") == {}
    assert errors(weekday=1) == {}
    assert errors(place="Counter") == {}


def authoring(model: str, act: str, *args: object) -> str:
    return reverse(f"wagtailsnippets_gazetteer_{model}:{act}", args=args)


@pytest.fixture
def leader():
    client = PortalClient()
    client.force_login(StaffFactory(roles=["administrator"]))
    return client


@pytest.fixture
def editor():
    client = PortalClient()
    client.force_login(StaffFactory(roles=["editor"]))
    return client


def test_closure_is_entered_listed_and_counts_at_once(leader):
    assert leader.post(authoring("closure", "add"), {"on": "2026-11-30", "name": "Staff day"}).status_code == 302
    assert "Staff day" in leader.get(authoring("closure", "list")).content.decode()
    assert not is_working_day(dt.date(2026, 11, 30))
    again = leader.post(authoring("closure", "add"), {"on": "2026-11-30", "name": "Twice"})
    assert again.status_code == 200
    assert Closure.objects.count() == 1


def test_opening_hours_are_entered_and_listed(leader):
    hours = {"place": "Telephone", "weekday": "0", "opens_at": "09:00", "closes_at": "17:00"}
    assert leader.post(authoring("openinghours", "add"), hours).status_code == 302
    assert "Telephone" in leader.get(authoring("openinghours", "list")).content.decode()
    overlapping = leader.post(authoring("openinghours", "add"), hours | {"opens_at": "10:00"})
    assert "The place is open then already" in overlapping.content.decode()


def test_calendar_is_closed_to_who_lacks_the_permission(editor):
    for model in ("closure", "openinghours"):
        for act in ("list", "add"):
            assert editor.get(authoring(model, act)).status_code in {302, 403, 404}
    editor.post(authoring("closure", "add"), {"on": "2026-11-30", "name": "Staff day"})
    assert not Closure.objects.exists()
