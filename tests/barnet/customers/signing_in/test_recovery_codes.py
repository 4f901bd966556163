"""Recovery codes: shown once, kept as hashes, each good once; those of before the change go on."""

import re
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth, flows
from django.apps import apps
from django.contrib.auth.hashers import ScryptPasswordHasher, get_hasher
from django.db import connections
from django.test import Client

from barnet.customers.signing_in.hashed_codes import HashedCodes
from tests import factories
from tests.barnet.customers.keeping.test_closing import together
from tests.people import codes_shown_to, give_authenticator

PAGE, NEW, STEP = (
    "/account/security/recovery-codes/",
    "/account/security/recovery-codes/new/",
    "/account/sign-in/second-step/",
)
migration = import_module("barnet.customers.migrations.0019_recovery_codes_hashed")


def held_by(user) -> Authenticator:
    return Authenticator.objects.get(user=user, type="recovery_codes")


def shown_on(page) -> list[str]:
    return re.findall(r"<code[^>]*>(\d{8})</code>", page.content.decode())


def opens(user, code) -> bool:
    return held_by(user).wrap().validate_code(code)


def test_allauth_uses_ours_everywhere(dev):
    give_authenticator(dev)
    codes_shown_to(dev)
    assert auth.RecoveryCodes is flows.RecoveryCodes is HashedCodes
    assert isinstance(held_by(dev).wrap(), HashedCodes)


def test_codes_are_in_the_database_as_hashes_only(client, dev, settings, outbox):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    client.force_login(dev)
    client.post(NEW)
    codes = shown_on(client.get(PAGE))
    assert len(set(codes)) == 10
    data = held_by(dev).data
    assert sorted(data) == ["hashes", "salt", "viewed_at"]
    assert len(data["hashes"]) == 10
    assert all(kept.startswith(f"{ScryptPasswordHasher.algorithm}$") for kept in data["hashes"])
    assert not [code for code in codes if code in str(data)]
    session = str(dict(client.session))
    assert not [code for code in codes if code in session]
    assert opens(dev, codes[9])
    assert not opens(dev, codes[9])


def test_codes_exist_from_the_first_look_and_are_never_shown_again(client, dev, outbox):
    client.force_login(dev)
    client.post(NEW)
    assert held_by(dev).data["hashes"] == []
    assert len(shown_on(client.get(PAGE))) == 10
    again = client.get(PAGE)
    assert shown_on(again) == []
    assert "You have 10 codes left" in again.content.decode()
    assert "10 codes left" in client.get("/account/security/").content.decode()


def test_new_codes_void_the_old(client, dev, outbox):
    client.force_login(dev)
    old = codes_shown_to(dev)
    client.post(NEW)
    new = shown_on(client.get(PAGE))
    assert not opens(dev, old[0])
    assert opens(dev, new[0])


@pytest.mark.parametrize(
    "typed", ["", "1234567", "123456789", "１２３４５６７８", "abcdefgh", "****", "\x00" * 8, "9" * 10_000]
)
def test_what_is_no_code_opens_nothing_and_costs_no_hashing(dev, typed, monkeypatch):
    codes_shown_to(dev)
    monkeypatch.setattr("barnet.customers.signing_in.hashed_codes.make_password", None)
    assert not opens(dev, typed)


def test_code_may_be_typed_with_a_space(dev):
    code = codes_shown_to(dev)[0]
    assert opens(dev, f" {code[:4]} {code[4:]} ")


def test_wrong_code_costs_one_hash_not_ten(dev, monkeypatch):
    codes = codes_shown_to(dev)
    hashed, hasher = [], type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *a, **k: hashed.append(1) or encode(self, *a, **k))
    wrong = next(code for code in (f"{n:08}" for n in range(11)) if code not in codes)
    assert not opens(dev, wrong)
    assert len(hashed) == 1


def test_codes_outlive_a_change_of_the_hasher(dev, settings):
    codes = codes_shown_to(dev)
    old = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *old]
    assert opens(dev, codes[0])
    assert not opens(dev, codes[0])


def seed_of_before(user, **more) -> list[str]:
    """As allauth keeps them by itself, and as the portal did."""
    original = HashedCodes.__base__
    assert original.__module__ == "allauth.mfa.recovery_codes.internal.auth"
    kept = original.activate(user).instance
    kept.data = {**kept.data, **more}
    kept.save()
    return original(kept).generate_codes()


def migrate():
    migration.hash_codes(apps, None)


def test_codes_of_before_open_once_after_the_move_and_their_seed_is_gone(dev, outbox):
    give_authenticator(dev)
    codes = seed_of_before(dev, viewed_at=1.0, used_mask=0b101)
    migrate()
    assert sorted(held_by(dev).data) == ["hashes", "salt", "viewed_at"]
    assert not opens(dev, codes[0])  # used before
    assert not opens(dev, codes[2])
    for expected in (True, False):
        client = Client()
        client.post("/account/sign-in/", {"login": dev.email, "password": factories.PASSWORD})
        assert (client.post(STEP, {"code": codes[9]}).status_code == 302) is expected
    assert len(held_by(dev).data["hashes"]) == 7
    before = held_by(dev).data
    migrate()  # again: nothing
    assert held_by(dev).data == before


def test_codes_of_before_that_nobody_saw_are_made_when_they_are_shown(client, dev):
    old = seed_of_before(dev)
    migrate()
    client.force_login(dev)
    new = shown_on(client.get(PAGE))
    assert len(new) == 10
    assert not opens(dev, old[0])
    assert opens(dev, new[0])


def test_codes_of_before_whose_key_is_gone_are_none(dev, settings):
    seed_of_before(dev, viewed_at=1.0)
    settings.SECRET_KEY = "another-" + "y" * 50
    migrate()
    assert held_by(dev).data["hashes"] == []


@pytest.mark.django_db(transaction=True)
def test_code_used_twice_at_one_moment_opens_once(outbox):
    user = factories.UserFactory()
    code = codes_shown_to(user)[0]
    opened = []
    together(*[lambda: opened.append(opens(user, code))] * 2)
    assert sorted(opened) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_two_first_looks_at_one_moment_show_one_set(outbox):
    user = factories.UserFactory()
    first = HashedCodes.activate(user).instance
    shown = []

    def look():
        codes = Authenticator.objects.get(pk=first.pk).wrap()
        codes.mark_as_viewed()
        shown.append(codes.get_unused_codes()[0])
        connections.close_all()

    together(look, look)
    assert sum(code != "****" for code in shown) == 1
