"""Staff see and set how somebody is reached, with a reason, and lift what was suppressed."""

import pytest
from django.urls import reverse

from barnet.customers.models import AccessRecord, ChannelPreference
from barnet.notifications.models import Message, SuppressedAddress
from barnet.notifications.suppression import suppress
from tests import factories


@pytest.fixture
def lead(client, db):
    user = factories.StaffFactory(email="lead@example.com", roles=["team_lead"])
    client.force_login(user)
    return user


def test_staff_see_how_somebody_is_reached_and_that_is_recorded(client, lead, asha):
    page = client.get(reverse("staff_reach", args=[asha.pk])).content.decode()
    assert "asha@example.com" in page
    assert AccessRecord.objects.get().customer == asha


def test_staff_set_a_preference_with_a_reason_that_the_person_reads(client, lead, asha):
    address = reverse("staff_reach_topic", args=[asha.pk, "bins"])
    assert client.post(address, {"first": "email", "is_digest": "on"}).status_code == 200
    assert not ChannelPreference.objects.exists()
    client.post(address, {"first": "email", "is_digest": "on", "reason": "asked on the telephone"})
    kept = ChannelPreference.objects.get()
    assert (kept.changed_by, kept.reason, kept.is_digest) == (lead, "asked on the telephone", True)
    client.force_login(asha.user)
    assert "asked on the telephone" in client.get(reverse("account_contact")).content.decode()


def test_staff_add_a_number_that_was_read_back_and_the_old_address_is_told(client, lead, asha):
    answers = {"kind": "phone", "value": "07700 900123", "is_confirmed": "on", "reason": "asked at the counter"}
    client.post(reverse("staff_reach_add", args=[asha.pk]), answers)
    assert asha.contact_points.get(kind="mobile").verified_at is not None
    told = Message.objects.get(template_key="contact-changed", channel="email")
    assert told.address == "asha@example.com"
    assert "asked at the counter" in told.body


def test_a_dead_address_is_listed_and_lifted_with_a_reason(client, lead, asha):
    suppress("email", "asha@example.com", "no such mailbox")
    assert "no such mailbox" in client.get(reverse("staff_suppressed")).content.decode()
    found = SuppressedAddress.objects.get()
    address = reverse("staff_suppressed_lift", args=[found.pk])
    assert client.post(address, {"reason": ""}).status_code == 200
    client.post(address, {"reason": "mailbox was full"})
    client.post(address, {"reason": "twice"})
    found.refresh_from_db()
    assert (found.lifted_by, found.lifted_reason) == (lead, "mailbox was full")
    assert asha.contact_points.get().is_usable


def test_an_adviser_sets_preferences_and_lifts_nothing(client, asha, db):
    client.force_login(factories.StaffFactory(roles=["adviser"]))
    assert client.get(reverse("staff_reach_topic", args=[asha.pk, "bins"])).status_code == 200
    assert client.get(reverse("staff_suppressed")).status_code == 403


def test_an_analyst_sees_none_of_it(client, asha, db):
    client.force_login(factories.StaffFactory(roles=["analyst"]))
    assert client.get(reverse("staff_reach", args=[asha.pk])).status_code == 403
