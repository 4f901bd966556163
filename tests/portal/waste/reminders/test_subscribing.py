"""Subscribing to reminders, with an account and without."""

import re

import pytest
from django.urls import reverse

from barnet.notifications.models import Message
from portal.waste.models import Subscription
from portal.waste.reminding import remind
from portal.waste.subscribing import ask_to_subscribe
from tests.factories import AddressFactory
from tests.pages import skeleton
from tests.portal.waste.reminders.telling import mails

pytestmark = pytest.mark.django_db


def form_key(client, home):
    return client.get(reverse("reminders", args=[home.pk])).context["form"]["submission_key"].value()


def test_signed_in_resident_begins_changes_and_stops(client, asha, home, sunday):
    client.force_login(asha.user)
    address = reverse("reminders", args=[home.pk])
    assert address in client.get(reverse("collection_days", args=[home.pk])).text
    client.post(address, {"streams": ["refuse"], "submission_key": form_key(client, home)})
    assert Subscription.objects.active().get().streams == ["refuse"]
    assert "You get reminders now" in client.get(address).text
    client.post(address, {"submission_key": form_key(client, home)})
    assert not Subscription.objects.active().exists()


def visitor_asks(client, home, **answers):
    posted = {"streams": ["refuse"], "email": "Visitor@Example.com", "submission_key": form_key(client, home)}
    return client.post(reverse("reminders", args=[home.pk]), {**posted, **answers})


def confirm_link():
    (message,) = Message.objects.filter(template_key="bins-confirm")
    return re.search(r"/bins/reminders/confirm/\S+", message.body).group()


def test_visitor_proves_the_address_before_anything_is_sent(client, home, sunday, at):
    assert visitor_asks(client, home).status_code == 200
    at(2026, 7, 5, 17)
    remind()
    assert mails() == []
    link = confirm_link()
    assert "Do you want reminders" in client.get(link).text
    assert not Subscription.objects.active().exists()  # a visit confirms nothing
    assert "You get reminders" in client.post(link).text
    assert "You get reminders" in client.post(link).text
    remind()
    assert [sent.address for sent in mails()] == ["visitor@example.com"]


def test_answer_does_not_tell_whether_an_address_is_known(client, home, sunday, stranger_asked):
    known = visitor_asks(client, home, email="visitor@example.com").text
    unknown = visitor_asks(client, home, email="nobody@example.com").text
    assert skeleton(known) == skeleton(unknown)
    assert [m.address for m in Message.objects.filter(template_key="bins-confirm")] == ["nobody@example.com"]


def test_address_is_asked_three_times_a_day_at_most(sunday, home):
    for number in range(6):
        other = AddressFactory()
        ask_to_subscribe("visitor@example.com", other, ["refuse"], submission_key=str(number))
    assert Message.objects.filter(template_key="bins-confirm").count() == 3


def test_old_link_is_a_clear_page(client, home, sunday, monkeypatch):
    import time

    visitor_asks(client, home)
    link = confirm_link()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 86400)
    response = client.post(link)
    assert (response.status_code, "more than seven days old" in response.text) == (404, True)
    assert not Subscription.objects.active().exists()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"email": ""}, "e-mail address"),
        ({"email": "nonsense"}, "Enter an e-mail address, such as"),
        ({"email": f"{'a' * 300}@example.com"}, "254"),
        ({"streams": []}, "Choose the bins"),
        ({"streams": ["garden"]}, "That bin cannot be chosen here"),
        ({"submission_key": "forged"}, "already sent"),
    ],
)
def test_bad_answers_are_explained_and_change_nothing(client, home, sunday, answers, sentence):
    response = visitor_asks(client, home, **answers)
    assert sentence in response.text
    assert not Subscription.objects.exists()


def test_home_without_collections_leads_to_the_page_that_says_so(client, rules):
    home = AddressFactory()
    response = client.get(reverse("reminders", args=[home.pk]))
    assert response.url == reverse("collection_days", args=[home.pk])
