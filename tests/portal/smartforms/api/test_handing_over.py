"""Begun on a kiosk, finished at home."""

import re

import pytest
from django.test import Client

from barnet.customers.enums import Channel
from barnet.notifications.models import Message
from portal.cases.models import Case
from portal.smartforms.models import Draft

pytestmark = pytest.mark.django_db


def hand_over(kiosk, body):
    return kiosk.call("post", "api_form_link", kiosk.slug, kiosk.draft, body=body)


def test_link_goes_on_where_the_kiosk_stopped_and_the_kiosk_reaches_nothing(kiosk):
    kiosk.begin()
    kiosk.good("home", {"local": "yes"})
    assert hand_over(kiosk, {"email": "vera@example.com"}).status_code == 204

    for method in ("get", "delete"):
        assert kiosk.call(method, "api_form_draft", kiosk.slug, kiosk.draft).status_code == 404
    assert kiosk.submit(declared=True).status_code == 404
    assert kiosk.step("you", {"name": "Somebody else"}).status_code == 404
    assert hand_over(kiosk, {"email": "next@example.com"}).status_code == 404

    message = Message.objects.get(template_key="form-link")
    assert message.address == "vera@example.com"
    link = re.search(r"http[^\s]+/forms/\S+", message.body)[0]
    at_home = Client()
    assert at_home.get(link).status_code == 200
    page = at_home.post(link, follow=True)
    assert page.redirect_chain[-1][0].endswith("/you/")
    assert Draft.objects.get().answers == {"local": "yes"}
    assert Draft.objects.get().channel == Channel.FACE_TO_FACE


def test_what_is_no_address_changes_nothing(kiosk):
    kiosk.begin()
    for body in ({}, {"email": ""}, {"email": "vera"}, {"email": ["vera@example.com"]}):
        answer = hand_over(kiosk, body)
        assert answer.status_code == 422, body
        assert "email address" in answer.json()["errors"][0]["message"]
    assert kiosk.state()["state"] == "open"
    assert not Message.objects.exists()


def test_what_was_sent_is_not_handed_over(kiosk):
    kiosk.fill_in()
    kiosk.submit(declared=True)
    assert hand_over(kiosk, {"email": "vera@example.com"}).status_code == 409
    assert Case.objects.count() == 1
