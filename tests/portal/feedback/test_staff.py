"""Staff deal with what was written, and read figures."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.feedback.models import Remark, Survey
from portal.feedback.selectors import satisfaction
from portal.feedback.services import answer_survey, ask_after_closing, remark_on, settle, vote
from tests.factories import CustomerFactory, ServiceFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(db):
    return StaffFactory(roles=["team_lead"])


def written(number):
    return remark_on(vote(page="/bins/", is_useful=False, key=f"key-of-a-page-number-{number}"), f"Words {number}")


def test_the_oldest_is_first_until_it_is_dealt_with(client, lead):
    first, second = written(1), written(2)
    client.force_login(lead)
    assert [row.pk for row in client.get("/staff/feedback/").context["page"]] == [first.pk, second.pk]
    address = reverse("staff_remark", args=[first.pk])
    assert "Write what was done about it" in client.post(address, {"note": ""}).text
    client.post(address, {"note": "The calendar is on the page now"})
    client.post(address, {"note": "Another"})
    first.refresh_from_db()
    assert (first.settled_by, first.settled_note) == (lead, "The calendar is on the page now")
    assert [row.pk for row in client.get("/staff/feedback/").context["page"]] == [second.pk]
    assert [row.pk for row in client.get("/staff/feedback/?show=settled").context["page"]] == [first.pk]


def queries_of(client):
    with CaptureQueriesContext(connection) as caught:
        assert client.get("/staff/feedback/").status_code == 200
    return len(caught)


def test_who_may(client, lead, dev, asha):
    remark = written(1)
    address = reverse("staff_remark", args=[remark.pk])
    for user, status in ((dev, 403), (asha.user, 404), (StaffFactory(roles=["analyst"]), 403)):
        client.force_login(user)
        assert client.post(address, {"note": "x"}).status_code == status
    assert Remark.objects.waiting().exists()
    client.force_login(StaffFactory(roles=["analyst"]))
    assert client.get("/staff/feedback/").status_code == 200
    client.force_login(lead)
    assert client.get(reverse("staff_remark", args=[9999])).status_code == 404


def test_list_costs_the_same_however_long(client, lead, closed):
    client.force_login(lead)
    written(1)
    one = queries_of(client)
    written(2)
    ask_after_closing()
    closed()
    ask_after_closing()
    answer_survey(Survey.objects.get(), rating=1, words="Late")
    settle(written(3), actor=lead, note="x")
    assert queries_of(client) == one


def test_figures_by_service_team_and_channel(client, lead, closed):
    other = ServiceFactory(slug="other", name="Another service")
    for number in range(6):
        closed(f"key-{number}", customer=CustomerFactory())
    closed("other", customer=CustomerFactory(), service=other)
    ask_after_closing()
    for survey in Survey.objects.exclude(service=other).order_by("pk")[:5]:
        answer_survey(survey, rating=5 if survey.pk % 2 else 1)
    client.force_login(lead)
    for by in ("service", "team", "channel", "page"):
        assert client.get(f"/staff/feedback/figures/?by={by}").status_code == 200
    rows = client.get("/staff/feedback/figures/?by=service").context["rows"]
    named = {row[0]: row[1:] for row in rows}
    assert named["Another service"] == [1, 0, 0, 0, "too few"]
    asked, answered, satisfied, unhappy, share = named["Report a missed bin"]
    assert (asked, answered, satisfied + unhappy) == (6, 5, 5)
    assert share == round(100 * satisfied / 5)
    assert client.get("/staff/feedback/figures/?by=team&format=csv")["Content-Type"].startswith("text/csv")
    assert client.get("/staff/feedback/figures/?since_day=99").status_code == 400


def test_no_share_of_few_answers(closed):
    closed()
    ask_after_closing()
    answer_survey(Survey.objects.get(), rating=5)
    now, day = timezone.now(), dt.timedelta(days=1)
    assert satisfaction("service", now - day, now + day)[0].share is None
