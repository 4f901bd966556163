"""Passkeys: made, named, used and removed; every forgery is refused, and recorded."""

import json
import threading
from copy import copy

import pytest
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.test import Client

from barnet.customers.enums import SecurityEventKind
from barnet.customers.models import SecurityEvent
from barnet.customers.signing_in import passkey_counters
from tests import factories
from tests.barnet.customers.keeping.test_closing import together
from tests.barnet.customers.signing_in.authenticator import Device, options_of
from tests.factories import PASSWORD

ADD, SIGN_IN = "/account/security/passkeys/add/", "/account/sign-in/passkey/"


@pytest.fixture(autouse=True)
def _at_localhost(settings):
    settings.BASE_URL = "https://localhost"
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False  # as in production: the origin is checked


def sign_in(client, user):
    return client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})


def add_passkey(client, name="My telephone", device=None):
    device = device or Device()
    answer = client.post(ADD, {"name": name, "credential": device.make(options_of(client.get(ADD).content))})
    return device, answer


def challenge(client):
    return json.loads(client.get(SIGN_IN, HTTP_ACCEPT="application/json").content)["publicKey"]


def use_passkey(client, device, **changed):
    return client.post(SIGN_IN, {"credential": device.use(challenge(client), **changed), "next": "/account/details/"})


def is_signed_in(client):
    return client.get("/account/").status_code == 200


def kinds(user=None):
    return list(SecurityEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def asha_s_device(asha, outbox):
    client = Client()
    sign_in(client, asha.user)
    device, answer = add_passkey(client)
    assert answer.url == "/account/security/recovery-codes/"
    outbox.clear()
    return device


def test_a_passkey_opens_the_account_without_a_password(asha, asha_s_device, visitor):
    answer = use_passkey(visitor, asha_s_device)
    assert answer.url == "/account/details/"
    assert is_signed_in(visitor)
    assert SecurityEventKind.SIGNED_IN in kinds(asha.user)


def test_a_passkey_is_both_factors_for_staff(dev, visitor, outbox):
    client = Client()
    sign_in(client, dev)
    assert client.get("/staff/").url.startswith("/account/security/second-step/")
    device, _answer = add_passkey(client)
    assert client.get("/staff/").status_code == 200  # the passkey that was just made is the proof
    use_passkey(visitor, device)
    assert visitor.get("/staff/").status_code == 200
    Authenticator.objects.filter(user=dev, type="webauthn").delete()
    assert visitor.get("/staff/").url.startswith("/account/security/second-step/")


def test_staff_who_have_only_a_passkey_are_led_to_use_it(dev, outbox):
    client = Client()
    sign_in(client, dev)
    add_passkey(client)
    by_force = Client()
    by_force.force_login(dev)
    assert by_force.get("/staff/").url.startswith("/account/sign-in/again/passkey/?next=/staff/")


def test_a_passkey_is_the_second_step_after_a_password(asha, asha_s_device, visitor):
    assert sign_in(visitor, asha.user).url == "/account/sign-in/second-step/"
    page = visitor.get("/account/sign-in/second-step/").content
    answer = visitor.post("/account/sign-in/second-step/", {"credential": asha_s_device.use(options_of(page))})
    assert answer.url == "/account/"
    assert is_signed_in(visitor)


def test_owner_is_told_and_everything_is_recorded(asha, outbox, client):
    client = Client()
    sign_in(client, asha.user)
    add_passkey(client)
    assert outbox.keys == ["account-passkey-added"]
    held = Authenticator.objects.get(user=asha.user, type="webauthn")
    client.post(f"/account/security/passkeys/{held.pk}/name/", {"name": "Blue key"})
    assert b"Blue key" in client.get("/account/security/passkeys/").content
    client.post(f"/account/security/passkeys/{held.pk}/remove/")
    assert not Authenticator.objects.filter(user=asha.user).exists()  # its recovery codes go with the last one
    assert outbox.keys == ["account-passkey-added", "account-passkey-removed"]
    recorded = kinds(asha.user)
    for kind in ("passkey_added", "passkey_renamed", "passkey_removed", "signed_out_everywhere"):
        assert kind in recorded


def test_name_is_not_taken_away_nor_made_endless(asha, asha_s_device, visitor):
    use_passkey(visitor, asha_s_device)
    held = Authenticator.objects.get(user=asha.user, type="webauthn")
    address = f"/account/security/passkeys/{held.pk}/name/"
    assert b"Enter a name" in visitor.post(address, {"name": " "}).content
    assert b"Use a shorter name: 60 characters or fewer" in visitor.post(address, {"name": "x" * 61}).content
    held.refresh_from_db()
    assert held.data["name"] == "My telephone"


@pytest.mark.parametrize("name", ["x" * 200, "<b>bold</b>", "", "Schlüssel 🔑"])
def test_any_name_is_kept_as_text(asha, outbox, name):
    client = Client()
    sign_in(client, asha.user)
    add_passkey(client, name=name)
    page = client.get("/account/security/passkeys/").content.decode()
    assert "<b>bold" not in page
    assert len(Authenticator.objects.get(user=asha.user, type="webauthn").data["name"]) <= 60


def test_another_person_s_passkey_is_not_found(asha, asha_s_device, cara, outbox):
    held = Authenticator.objects.get(user=asha.user, type="webauthn")
    client = Client()
    sign_in(client, cara.user)
    for act in ("name", "remove"):
        assert client.get(f"/account/security/passkeys/{held.pk}/{act}/").status_code == 404
        assert client.post(f"/account/security/passkeys/{held.pk}/{act}/", {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=held.pk).exists()


# --- Attacks ---


def refused(client, answer):
    return answer.url.startswith("/account/sign-in/") and not is_signed_in(client)


def test_a_used_answer_opens_nothing_a_second_time(asha, asha_s_device, visitor):
    """Replay: the answer that was seen on its way is sent again, in the same browser and in another."""
    answer = asha_s_device.use(challenge(visitor))
    assert visitor.post(SIGN_IN, {"credential": answer}).status_code == 302
    assert is_signed_in(visitor)
    visitor.post("/account/sign-out/")
    before = SecurityEvent.objects.filter(kind="passkey_refused").count()
    for thief in (visitor, Client()):
        challenge(thief)
        assert refused(thief, thief.post(SIGN_IN, {"credential": answer}))
        assert refused(thief, thief.post(SIGN_IN, {"credential": answer}))
    assert SecurityEvent.objects.filter(kind="passkey_refused").count() == before + 4


def test_an_answer_without_a_challenge_opens_nothing(asha, asha_s_device):
    thief = Client()
    made_up = {"challenge": "A" * 43}
    assert refused(thief, thief.post(SIGN_IN, {"credential": asha_s_device.use(made_up)}))


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://bernet.example"},  # a false website passes our challenge on
        {"rp_id": "bernet.example"},
        {"flags": Device(is_unlocked=False).flags},  # a stolen device that nobody unlocked
    ],
    ids=["false website", "passkey of another site", "not unlocked"],
)
def test_a_false_website_and_a_locked_device_are_refused(asha, asha_s_device, visitor, change):
    for name, value in change.items():
        setattr(asha_s_device, name, value)
    assert refused(visitor, use_passkey(visitor, asha_s_device))
    assert "passkey_refused" in kinds()  # for nobody: who it was is only claimed


def test_a_locked_device_is_refused_in_the_second_step_too(asha, asha_s_device, visitor):
    sign_in(visitor, asha.user)
    asha_s_device.flags = Device(is_unlocked=False).flags
    page = visitor.get("/account/sign-in/second-step/").content
    answer = visitor.post("/account/sign-in/second-step/", {"credential": asha_s_device.use(options_of(page))})
    assert b"This passkey did not work" in answer.content
    assert not is_signed_in(visitor)
    assert "passkey_refused" in kinds(asha.user)


def test_a_signature_of_another_key_is_refused(asha, asha_s_device, visitor, cara):
    forged = Device()
    forged.id, forged.user_handle = asha_s_device.id, asha_s_device.user_handle
    assert refused(visitor, use_passkey(visitor, forged))
    mallory = Device()
    client = Client()
    sign_in(client, cara.user)
    add_passkey(client, device=mallory)
    mallory.user_handle = asha_s_device.user_handle  # her own passkey, claimed to be Asha's
    assert refused(visitor, use_passkey(visitor, mallory))


def test_unknown_closed_and_known_accounts_look_the_same(asha, asha_s_device):
    """A wrong signature for an account that exists, one that is closed, and one that never was."""

    def seen(handle):
        client, device = Client(), Device()
        device.id, device.user_handle = asha_s_device.id, handle
        answer = use_passkey(client, device)
        page = client.get(answer.url).content.decode()
        return answer.status_code, answer.url, "This passkey did not work" in page

    closed = factories.UserFactory(is_active=False)
    handles = [asha_s_device.user_handle, _handle(closed.pk), _handle(10**9), b"!", b"", b"\xff\xfe", b"z" * 60]
    assert {seen(handle) for handle in handles} == {(302, "/account/sign-in/?next=%2Faccount%2Fdetails%2F", True)}


def _handle(pk: int) -> bytes:
    from django.utils.http import int_to_base36

    return int_to_base36(pk).encode()


@pytest.mark.parametrize(
    "sent",
    [
        *("", "x", "[]", "{}", "null", "1", '"x"', '{"id": 1}', '{"response": []}', '{"response": {"userHandle": {}}}'),
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA",'
        '"signature":"AA","userHandle":"MQ"}}',
        '{"id":"\\u0000","rawId":"\\u0000","type":"\\u0000","response":{"clientDataJSON":"\\u0000",'
        '"attestationObject":"\\u0000"}}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}',
        "[" * 5000,
    ],
)
def test_nonsense_is_answered_with_a_sentence(asha, visitor, outbox, sent):
    assert refused(visitor, visitor.post(SIGN_IN, {"credential": sent}))
    client = Client()
    sign_in(client, asha.user)
    client.get(ADD)
    page = client.post(ADD, {"name": "Mine", "credential": sent})
    assert page.status_code == 200
    assert b"There is a problem" in page.content
    assert b'value="Mine"' in page.content
    assert not Authenticator.objects.exists()


def test_registration_cannot_be_replayed_nor_forged(asha, outbox):
    client = Client()
    sign_in(client, asha.user)
    device = Device()
    credential = device.make(options_of(client.get(ADD).content))
    client.post(ADD, {"credential": credential})
    assert b"There is a problem" in client.post(ADD, {"credential": credential}).content
    for wrong in (Device(origin="https://bernet.example"), Device(is_unlocked=False), Device(rp_id="bernet.example")):
        assert add_passkey(client, device=wrong)[1].status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_tries_with_passkeys_are_limited_per_visitor(asha_s_device, db):
    client = Client()
    answers = [client.post(SIGN_IN, {"credential": "{}"}).status_code for _ in range(31)]
    assert answers[:30] == [302] * 30
    assert answers[30] == 429
    assert Client(REMOTE_ADDR="203.0.113.9").post(SIGN_IN, {"credential": "{}"}).status_code == 302
    assert "too_many_tries" in kinds()


def test_passkey_belongs_to_the_host_of_the_portal_whatever_the_request_says(asha, settings, outbox):
    settings.BASE_URL = "https://my.barnet.example"
    client = Client(headers={"host": "testserver"})
    assert challenge(client)["rpId"] == "my.barnet.example"
    settings.BASE_URL = "http://127.0.0.1:8000"
    assert challenge(client)["rpId"] == "localhost"


# --- Copies ---


def with_counting_passkey(customer, count=5):
    client = Client()
    sign_in(client, customer.user)
    device, _answer = add_passkey(client, name="Key ring", device=Device(count=count))
    return device


def works(device) -> bool:
    client = Client()
    use_passkey(client, device)
    return is_signed_in(client)


def test_a_copy_of_a_passkey_is_refused_recorded_and_told(asha, outbox):
    device = with_counting_passkey(asha)
    clone = copy(device)
    assert works(device)
    assert works(device)
    outbox.clear()
    client = Client()
    answer = use_passkey(client, clone)
    assert answer.url.startswith("/account/sign-in/")
    assert b"This passkey did not work" in client.get(answer.url).content
    assert not is_signed_in(client)
    assert kinds(asha.user)[-1] == SecurityEventKind.PASSKEY_COPIED
    assert SecurityEvent.objects.latest("pk").detail == "Key ring"
    assert (outbox.keys, outbox.last.fields["passkey"]) == (["account-passkey-copied"], "Key ring")
    assert works(device)  # the one that is ahead goes on


def test_the_owner_is_refused_when_the_copy_was_first_and_learns_of_it(asha, outbox):
    device = with_counting_passkey(asha)
    clone = copy(device)
    for _ in range(2):
        assert works(clone)
    assert not works(device)
    assert outbox.last.key == "account-passkey-copied"


def test_the_first_use_counts_from_the_registration(asha, outbox):
    device = with_counting_passkey(asha, count=5)
    clone = copy(device)
    clone.count = 4  # its first signature has number 5, as the registration
    assert not works(clone)
    assert works(device)


def test_a_device_that_went_back_to_zero_is_refused(asha, outbox):
    device = with_counting_passkey(asha)
    assert works(device)
    device.count = None
    assert not works(device)


def test_a_passkey_that_does_not_count_goes_on_for_ever(asha, asha_s_device):
    assert [works(asha_s_device) for _ in range(3)] == [True] * 3
    assert SecurityEventKind.PASSKEY_COPIED not in kinds(asha.user)


def test_a_copy_is_refused_in_the_second_step_too(asha, outbox):
    device = with_counting_passkey(asha)
    clone = copy(device)
    assert works(device)
    client = Client()
    page = client.get(sign_in(client, asha.user).url)
    refused = client.post("/account/sign-in/second-step/", {"credential": clone.use(options_of(page.content))})
    assert b"This passkey did not work" in refused.content
    assert not is_signed_in(client)
    assert kinds(asha.user)[-1] == SecurityEventKind.PASSKEY_COPIED


def test_a_new_name_does_not_set_the_count_back(asha, outbox):
    client = Client()
    sign_in(client, asha.user)
    device, _answer = add_passkey(client, device=Device(count=5))
    clone = copy(device)
    assert works(device)
    passkey = Authenticator.objects.get(user=asha.user, type="webauthn")
    client.post(f"/account/security/passkeys/{passkey.pk}/name/", {"name": "Renamed"})
    assert Authenticator.objects.get(pk=passkey.pk).data["name"] == "Renamed"
    assert not works(clone)


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_of_one_number_at_one_moment_one_is_refused(outbox):
    asha = factories.CustomerFactory()
    assert four_at_once(asha) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_all_of_them_would_go_on(outbox, monkeypatch):
    """The control: four that have read before one has written."""
    asha, all_have_read = factories.CustomerFactory(), threading.Barrier(4)
    wrap = Authenticator.wrap
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)

    def slow_wrap(self):
        if threading.current_thread() is not threading.main_thread():
            all_have_read.wait(120)
        return wrap(self)

    monkeypatch.setattr(Authenticator, "wrap", slow_wrap)
    assert four_at_once(asha) == [True] * 4


def four_at_once(customer) -> list[bool]:
    device = with_counting_passkey(customer)
    passkey = Authenticator.objects.get(user=customer.user, type="webauthn")
    sent = json.loads(device.use({"challenge": b"x" * 32}))
    found = []
    together(*[lambda: found.append(passkey_counters.counts_on(passkey, sent))] * 4)
    return sorted(found)
