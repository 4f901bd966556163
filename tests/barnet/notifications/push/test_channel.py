"""A notification on a device: encrypted for the browser, signed by us, and what happens when nothing takes it."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.enums import MessageChannel, Topic
from barnet.customers.reaching import contacts
from barnet.notifications import registry
from barnet.notifications.channels import is_offered
from barnet.notifications.delivery import MAX_ATTEMPTS, deliver_due
from barnet.notifications.enums import MessageState, Urgency
from barnet.notifications.models import Message, PushDevice
from barnet.notifications.push.keys import new_private_key
from barnet.notifications.registry import TemplateKind
from barnet.notifications.services import queue_message

PUSH, EMAIL = MessageChannel.PUSH, MessageChannel.EMAIL


@pytest.fixture
def tell(monkeypatch):
    kind = TemplateKind(
        key="bins-pushed",
        name="Day changed",
        subject="Your bin: a new day",
        body="Dear ((name)), we collect it at ((place)) on Tuesday.",
        short="Your bin goes on Tuesday.",
        fields={"name": "Asha", "place": "1 High Street"},
        topic=Topic.BINS,
        urgency=Urgency.TODAY,
    )
    monkeypatch.setitem(registry._kinds, kind.key, kind)

    def tell(customer, key="bins:1") -> Message:
        fields = {"name": customer.name, "place": "1 High Street"}
        return queue_message(kind.key, key=key, customer=customer, fields=fields)[0]

    return tell


@pytest.fixture
def wants_push(asha, turn_on):
    turn_on(asha, "phone")
    prefer(asha, PUSH, EMAIL)


def prefer(customer, *channels):
    contacts.set_preference(customer, Topic.BINS, channels=list(channels), is_digest=False, quiet=None, by=None)


def state_of(message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.channel, message.state


def make_due():
    Message.objects.filter(state=MessageState.QUEUED).update(due_at=timezone.now())


def test_the_browser_reads_the_short_wording_and_nothing_else_about_the_person(asha, wants_push, service, tell):
    message = tell(asha)
    assert deliver_due() == 1
    [taken] = service.taken
    assert taken.told == {
        "title": "Barnet Council",
        "body": "Your bin goes on Tuesday.",
        "tag": message.pk.hex,
        "path": "/account/messages/",
    }
    assert "Asha" not in str(taken.told)
    assert "High Street" not in str(taken.told)
    assert (taken.claims["aud"], taken.claims["sub"]) == (service.url, "mailto:web@barnet.example")
    assert taken.headers["topic"] == message.pk.hex
    assert state_of(message) == ("push", MessageState.SENT)
    assert PushDevice.objects.get().last_used_at is not None


def test_every_device_is_told_by_one_message(asha, wants_push, service, turn_on, tell):
    turn_on(asha, "laptop")
    tell(asha)
    deliver_due()
    assert {taken.path for taken in service.taken} == {"/phone", "/laptop"}
    assert Message.objects.filter(channel=PUSH).count() == 1


def test_nobody_elses_device_is_told(asha, ben, cara, wants_push, service, turn_on, tell):
    turn_on(ben, "of-ben")
    turn_on(cara, "of-cara")
    tell(asha)
    deliver_due()
    assert [taken.path for taken in service.taken] == ["/phone"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_removed_and_the_next_way_taken(asha, wants_push, service, tell, status):
    service.answers["/phone"] = [status]
    message = tell(asha)
    deliver_due()
    assert PushDevice.objects.count() == 0
    assert state_of(message) == ("push", MessageState.REPLACED)
    assert (message.replacement.channel, message.replacement.address) == ("email", "asha@example.com")
    assert deliver_due() == 1
    assert tell(asha, key="bins:2").channel == EMAIL  # no device is left


def test_a_second_device_keeps_it_from_going_another_way(asha, wants_push, service, turn_on, tell):
    turn_on(asha, "laptop")
    service.answers["/phone"] = [410]
    message = tell(asha)
    deliver_due()
    assert state_of(message) == ("push", MessageState.SENT)
    assert [device.name for device in PushDevice.objects.all()] == ["laptop"]


def test_a_service_that_is_away_is_tried_again_and_then_given_up(asha, wants_push, service, tell):
    service.answers["/phone"] = [503]
    message = tell(asha)
    deliver_due()
    assert state_of(message) == ("push", MessageState.QUEUED)
    make_due()
    deliver_due()
    assert state_of(message) == ("push", MessageState.SENT)

    service.answers["/phone"] = [503] * MAX_ATTEMPTS
    second = tell(asha, key="bins:2")
    for _attempt in range(MAX_ATTEMPTS):
        make_due()
        deliver_due()
    assert state_of(second) == ("push", MessageState.REPLACED)
    assert PushDevice.objects.count() == 1  # the device is not to blame


def test_with_no_other_way_it_stands_where_staff_look(asha, wants_push, service, tell):
    prefer(asha, PUSH)
    service.answers["/phone"] = [410]
    message = tell(asha)
    deliver_due()
    assert state_of(message) == ("push", MessageState.PARKED)
    assert "was removed" in message.last_error


def test_too_many_waits_as_long_as_the_service_says_and_costs_no_attempt(asha, wants_push, service, tell):
    service.answers["/phone"] = [429]
    message = tell(asha)
    deliver_due()
    assert state_of(message) == ("push", MessageState.QUEUED)
    assert message.attempt_count == 0
    assert dt.timedelta(seconds=4) < message.due_at - timezone.now() <= dt.timedelta(seconds=7)


def test_a_service_that_leads_elsewhere_is_not_followed(asha, wants_push, service, tell):
    service.answers["/phone"] = [307, 0]
    message = tell(asha)
    deliver_due()
    assert (service.asked, state_of(message)[1]) == (1, MessageState.QUEUED)


def test_a_host_that_was_taken_from_the_list_is_not_written_to(asha, wants_push, service, tell, settings):
    settings.PUSH_SERVICES = ["fcm.googleapis.com"]
    message = tell(asha)
    deliver_due()
    assert service.asked == 0
    assert state_of(message) == ("push", MessageState.REPLACED)


def test_with_another_key_of_ours_old_subscriptions_are_passed_over(asha, wants_push, settings, tell):
    settings.PUSH_PRIVATE_KEY = new_private_key()
    assert tell(asha).channel == EMAIL


def test_the_device_of_a_closed_account_is_told_nothing(asha, wants_push, service, tell):
    message = tell(asha)
    asha.user.is_active = False
    asha.user.save()
    deliver_due()
    assert service.asked == 0
    assert state_of(message)[1] != MessageState.SENT


def test_without_a_key_it_is_not_offered(asha, wants_push, settings, tell):
    assert is_offered(PUSH)
    settings.PUSH_PRIVATE_KEY = ""
    assert not is_offered(PUSH)
    assert tell(asha).channel == EMAIL


def test_who_asked_for_it_without_a_device_is_told_the_next_way(asha, service, tell):
    prefer(asha, PUSH, EMAIL)
    assert tell(asha).channel == EMAIL
