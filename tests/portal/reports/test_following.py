"""Hearing of a report of somebody else: at once with an account, after a proof with a bare address, until they stop."""

import re

import pytest
from django.urls import reverse

from barnet.customers.actors import Actor
from barnet.notifications import registry
from barnet.notifications.models import Message
from portal.cases.models import Follower, Team
from portal.cases.services import assign_case, resolve_case
from tests.portal.reports.conftest import key_in

pytestmark = pytest.mark.django_db


def follow(client, report, email="cara@example.com"):
    page = client.get(report.get_absolute_url())
    return client.post(report.get_absolute_url(), {"email": email, "submission_key": key_in(page)})


def link_in(body):
    return re.search(r"https?://[^/\s]+(/\S+)", body)[1]


def test_every_message_to_who_follows_has_a_way_to_end_them():
    told = [kind for kind in registry.kinds() if kind.key == "case-joined" or kind.key.startswith("follower-")]
    assert len(told) > 5
    assert [kind.key for kind in told if "((stop))" not in kind.body] == []


def test_who_follows_is_not_said_to_have_told_the_place(client, pothole, dev):
    report = pothole()
    report.place = ""
    report.save(update_fields=["place"])
    follow(client, report)
    client.post(link_in(Message.objects.get(template_key="report-follow-confirm").body))
    assign_case(report.case, actor=Actor.staff(dev), team=Team.objects.create(slug="a", name="Crew North"))
    assert "Place: Place told in words" in Message.objects.get(template_key="follower-assigned").body


def test_a_bare_address_is_proved_first(client, pothole, dev):
    report = pothole()
    assert "Look into your e-mail" in follow(client, report).text
    [asked] = Message.objects.filter(template_key="report-follow-confirm")
    assert asked.address == "cara@example.com"
    assert "Asha" not in asked.body
    assert not Follower.objects.exists()
    link = link_in(asked.body)
    assert "Tell me what becomes of it" in client.get(link).text
    assert not Follower.objects.exists()
    client.post(link), client.post(link)
    assert Follower.objects.get().email == "cara@example.com"
    assign_case(report.case, actor=Actor.staff(dev), team=Team.objects.create(slug="a", name="Crew North"))
    [told] = Message.objects.filter(template_key="follower-assigned")
    assert "A pothole" in told.body
    assert "Asha" not in told.subject + told.body
    stop = re.search(r"(/requests/following/\S+)", told.body)[1]
    assert client.get(stop).status_code == 200
    assert Follower.objects.exists()
    assert "You get no more messages" in client.post(stop).text
    assert not Follower.objects.exists()
    assert "You get no more messages" in client.get(stop).text


def test_somebody_with_an_account_follows_at_once(client, pothole, cara):
    report = pothole()
    client.force_login(cara.user)
    page = client.get(report.get_absolute_url())
    assert "email" not in page.context["form"].fields
    for _ in range(2):
        client.post(report.get_absolute_url(), {"submission_key": key_in(page)})
    assert Follower.objects.get().customer == cara
    assert not Message.objects.filter(template_key="report-follow-confirm").exists()
    assert report.case.reference in client.get(reverse("account_requests")).text


def test_nobody_is_asked_more_than_five_times_a_day(client, pothole):
    for number in range(7):
        follow(client, pothole(str(number)), email="CARA@example.com")
    assert Message.objects.filter(template_key="report-follow-confirm").count() == 5


@pytest.mark.parametrize("email", ["", "cara", "a" * 250 + "@example.com"])
def test_what_is_no_address_is_refused(client, pothole, email):
    page = follow(client, pothole(), email)
    assert page.context["form"].errors["email"]
    assert not Message.objects.filter(template_key="report-follow-confirm").exists()


def test_forged_links_and_reports_that_are_over(client, pothole, dev):
    report = pothole()
    assert client.get(reverse("report_follow_confirm", args=["forged"])).status_code == 404
    assert client.get(reverse("follow_end", args=["1:forged"])).status_code == 200
    follow(client, report)
    link = link_in(Message.objects.get(template_key="report-follow-confirm").body)
    resolve_case(report.case, actor=Actor.staff(dev), outcome="done", public_reason="Done.")
    assert "so this cannot be done" in client.post(link).text
    assert not Follower.objects.exists()
