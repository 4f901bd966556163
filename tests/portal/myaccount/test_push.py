"""Notifications are turned on in a browser, listed, and turned off: each person's own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from barnet.notifications.models import Message, PushDevice
from barnet.notifications.push import devices
from tests.barnet.notifications.push import simulator

PAGE = reverse("account_push")
UA = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def service(settings):
    with simulator.push_service() as one:
        simulator.use(settings, one.url)
        yield one


@pytest.fixture
def her(client, asha):
    client.force_login(asha.user)
    return client


def devices_of(customer):
    return PushDevice.objects.filter(customer=customer)


def turn_on(client, browser, **changed):
    return client.post(PAGE, {**browser.subscription(), **changed}, headers={"user-agent": UA})


def test_she_turns_them_on_sees_the_device_and_turns_them_off(her, asha, service):
    assert turn_on(her, service.browser("a")).url == PAGE
    device = devices_of(asha).get()
    assert "Chrome on Android" in her.get(PAGE).content.decode()
    told = Message.objects.get(template_key="contact-changed")
    assert (told.address, "Notifications were turned on: Chrome on Android" in told.body) == ("asha@example.com", True)
    remove = reverse("account_push_remove", args=[device.pk])
    assert her.get(remove).status_code == 200
    assert devices_of(asha).count() == 1
    assert her.post(remove).url == PAGE
    assert devices_of(asha).count() == 0
    assert Message.objects.filter(template_key="contact-changed").count() == 2


def test_sent_twice_it_is_one_device_and_told_of_once(her, asha, service):
    for _time in range(2):
        turn_on(her, service.browser("a"))
    assert devices_of(asha).count() == 1
    assert Message.objects.filter(template_key="contact-changed").count() == 1


def test_whoever_turned_them_on_last_in_a_browser_gets_them(her, asha, cara, client, service):
    turn_on(her, service.browser("shared"))
    client.force_login(cara.user)
    turn_on(client, service.browser("shared"))
    assert (devices_of(asha).count(), devices_of(cara).count()) == (0, 1)


def test_who_knows_the_address_alone_does_not_take_the_device_away(her, asha, cara, client, service):
    turn_on(her, service.browser("a"))
    client.force_login(cara.user)
    stolen = {**service.browser("b").subscription(), "endpoint": service.browser("a").endpoint}
    assert client.post(PAGE, stolen).status_code == 200
    assert (devices_of(asha).count(), devices_of(cara).count()) == (1, 0)


def test_a_stranger_and_a_delegate_do_not_reach_her_device(her, asha, ben, cara, client, service):
    turn_on(her, service.browser("a"))
    remove = reverse("account_push_remove", args=[devices_of(asha).get().pk])
    for person in (ben, cara):
        client.force_login(person.user)
        assert "Chrome on Android" not in client.get(PAGE).content.decode()
        assert client.post(remove).status_code == 404
    assert devices_of(asha).count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "https://10.0.0.1/admin"},
        {"endpoint": ""},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 2000},
        {"endpoint": "https://[bad"},
        {"p256dh": "nothing"},
        {"p256dh": "é" * 20},
        {"p256dh": "A" * 87},
        {"auth": "c2hvcnQ"},
        {"auth": "="},
    ],
)
def test_what_no_browser_sends_is_refused_with_a_sentence(her, asha, service, changed):
    response = turn_on(her, service.browser("a"), **changed)
    assert response.status_code == 200
    assert "govuk-error-summary" in response.content.decode()
    assert PushDevice.objects.count() == 0


def test_there_is_a_most(her, asha, service):
    for number in range(devices.MOST_DEVICES):
        turn_on(her, service.browser(str(number)))
    response = turn_on(her, service.browser("one-more"))
    assert "Remove one first" in response.content.decode()
    assert devices_of(asha).count() == devices.MOST_DEVICES


def test_without_a_script_the_page_says_what_it_needs_and_offers_the_others(her, service):
    page = her.get(PAGE).content.decode()
    assert "Notifications need JavaScript" in page
    assert reverse("account_contact") in page
    assert 'hidden data-module="portal-push"' in page


def test_without_a_key_nothing_is_offered(her, asha, service, settings):
    settings.PUSH_PRIVATE_KEY = ""
    assert PAGE not in her.get(reverse("account_contact")).content.decode()
    assert "portal-push" not in her.get(PAGE).content.decode()
    assert "Notification on a device" not in her.get(reverse("account_contact_topic", args=["bins"])).content.decode()
    assert turn_on(her, service.browser("a")).status_code == 404


def test_she_chooses_it_for_a_topic(her, asha, service):
    topic = reverse("account_contact_topic", args=["bins"])
    assert "turned notifications on" in her.get(topic).content.decode()
    turn_on(her, service.browser("a"))
    assert "turned notifications on" not in her.get(topic).content.decode()
    her.post(topic, {"first": "push", "second": "email", "third": "", "quiet_from": "", "quiet_until": ""})
    assert asha.channel_preferences.get(topic="bins").channels == ["push", "email"]


def test_the_list_costs_the_same_with_three_devices(her, asha, service):
    counts = []
    for name in ("a", "b", "c"):
        turn_on(her, service.browser(name))
        with CaptureQueriesContext(connection) as found:
            her.get(PAGE)
        counts.append(len(found))
    assert counts[0] == counts[2]
