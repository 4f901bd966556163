"""Contact points, choices, reminders, sessions, security events and invitations are told to whom they belong, alone."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.customers.consent import agreeing
from barnet.customers.keeping.holdings import holdings
from barnet.customers.models import (
    ChannelPreference,
    ContactPoint,
    Invitation,
    KnownDevice,
    SecurityEvent,
    SignInSession,
)
from portal.waste.models import Subscription
from tests import factories

HELD = "/account/what-we-hold/"
KINDS = ("contact-points", "preferences", "sessions", "security-events", "reminders", "authorities")


def leave_traces(customer, mark: str) -> None:
    """One more of everything; each says `mark` where it can."""
    now = timezone.now()
    ContactPoint.objects.create(customer=customer, kind="email", value=f"{mark}@example.org")
    topic = ("bins", "news", "requests", "account")[customer.channel_preferences.count()]
    ChannelPreference.objects.create(customer=customer, topic=topic, channels=["letter"], reason=f"{mark} asked")
    SignInSession.objects.create(user=customer.user, device=f"{mark} phone", key_hash=f"{mark}")
    KnownDevice.objects.create(user=customer.user, name=f"{mark} tablet", token_hash=mark)
    SecurityEvent.objects.create(user=customer.user, kind="password_refused", device=f"{mark} thief")
    Subscription.objects.create(
        address=factories.AddressFactory(street=f"{mark} ROAD", one_line=f"1 {mark} Road"),
        customer=customer,
        streams=["refuse"],
        confirmed_at=now,
    )
    Invitation.objects.create(
        principal=customer, invited_by=customer.user, way="email", email=f"{mark}-friend@example.org",
        expires_at=now + dt.timedelta(days=14), submission_key=mark,
    )  # fmt: skip


@pytest.fixture
def as_asha(client, asha):
    agreeing.ensure_purposes()
    client.force_login(asha.user)
    return client


def test_asha_reads_all_of_hers_with_purpose_and_time_and_nothing_of_caras(as_asha, asha, cara):
    leave_traces(asha, "marigold")
    leave_traces(cara, "nettle")
    page = as_asha.get(HELD).content.decode()
    for said in ("marigold@example.org (not proved)", "Letter", "Signed in now", "1 marigold Road", "Entries",
                 "Invitations that nobody accepted"):  # fmt: skip
        assert said in page, said
    for holding in holdings():
        if holding.key in KINDS:
            assert str(holding.why) in page
            assert str(holding.how_long) in page
    assert "nettle" not in page


def test_the_file_has_each_of_them(as_asha, asha, cara):
    leave_traces(asha, "marigold")
    leave_traces(cara, "nettle")
    text = as_asha.get(f"{HELD}file/").content.decode()
    told = {key: entry["data"] for key, entry in json.loads(text)["held"].items()}
    assert {point["value"] for point in told["contact-points"]} == {"asha@example.com", "marigold@example.org"}
    assert [(one["topic"], one["channels"]) for one in told["preferences"]] == [("bins", ["letter"])]
    assert "marigold phone" in [one["device"] for one in told["sessions"]["sessions"]]
    assert "marigold tablet" in [one["name"] for one in told["sessions"]["devices"]]
    assert ("A wrong password was refused", "marigold thief") in [
        (one["what"], one["device"]) for one in told["security-events"]
    ]
    assert [one["address"] for one in told["reminders"]] == ["1 marigold Road"]
    assert [one["email"] for one in told["authorities"]["invitations"]] == ["marigold-friend@example.org"]
    assert "nettle" not in text
    assert "key_hash" not in text


def test_ben_who_acts_for_asha_reads_his_own_alone(client, asha, ben):
    leave_traces(asha, "marigold")
    leave_traces(ben, "bluebell")
    agreeing.ensure_purposes()
    client.force_login(ben.user)
    own = client.get(HELD).content.decode() + client.get(f"{HELD}file/").content.decode()
    assert "bluebell" in own
    assert "marigold" not in own
    client.post("/account/acting-for/", {"principal": asha.pk})
    for path in (HELD, f"{HELD}file/"):
        assert client.get(path).url == "/account/details/"


def test_three_of_each_cost_as_much_as_one(as_asha, asha):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            as_asha.get(HELD)
        return len(captured)

    leave_traces(asha, "first")
    one = cost()
    leave_traces(asha, "second")
    leave_traces(asha, "third")
    assert cost() == one


def test_who_has_no_login_has_no_sessions_and_the_rooms_say_so(db):
    caller = factories.CustomerFactory(user=None)
    rows = {holding.key: list(holding.rows(caller)) for holding in holdings()}
    assert rows["sessions"] == rows["security-events"] == []
