"""What docs/security.md promises and no other test shows."""

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings as portal
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from barnet.customers.models import User
from barnet.kit import ground
from tests.factories import PASSWORD
from tests.people import give_authenticator

ROOT = Path(__file__).resolve().parents[4]
OURS = [
    file
    for room in ("barnet", "portal", "cms")
    for file in (ROOT / room).rglob("*.py")
    if "migrations" not in file.parts
]


def signed_in(user, **more):
    browser = Client(**more)
    assert browser.post("/account/sign-in/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return browser


def is_in(browser) -> bool:
    return browser.get("/account/").status_code == 200


# --- Passwords and codes ---


def test_new_installation_has_no_account(db):
    list(ground.lay())
    assert not User.objects.exists()


def test_old_password_still_opens(asha):
    User.objects.filter(pk=asha.user_id).update(date_joined=timezone.now() - dt.timedelta(days=3650))
    assert is_in(signed_in(asha.user))


def test_new_password_by_link_does_not_go_round_the_second_step(visitor, asha, outbox):
    give_authenticator(asha.user)
    visitor.post("/account/reset/", {"email": asha.email})
    link = outbox.last.fields["link"].replace("http://testserver", "")
    page = visitor.get(link)
    visitor.post(page.url, {"password1": "a new quiet pond", "password2": "a new quiet pond"})
    assert not is_in(visitor)
    answer = visitor.post("/account/sign-in/", {"login": asha.email, "password": "a new quiet pond"})
    assert answer.url == "/account/sign-in/second-step/"
    assert not is_in(visitor)


def test_emailed_code_opens_once(asha, outbox):
    first, second = Client(), Client()
    first.post("/account/sign-in/code/", {"email": asha.email})
    code = outbox.last.fields["code"]
    first.post("/account/sign-in/code/enter/", {"code": code})
    assert is_in(first)
    first.post("/account/sign-out/")
    first.post("/account/sign-in/code/enter/", {"code": code})
    assert not is_in(first)
    second.post("/account/sign-in/code/enter/", {"code": code})
    assert not is_in(second)


def test_emailed_code_opens_only_in_the_browser_that_asked(asha, outbox):
    asked, other = Client(), Client()
    asked.post("/account/sign-in/code/", {"email": asha.email})
    code = outbox.last.fields["code"]
    other.post("/account/sign-in/code/", {"email": asha.email})
    assert outbox.last.fields["code"] != code
    other.post("/account/sign-in/code/enter/", {"code": code})
    assert not is_in(other)
    asked.post("/account/sign-in/code/enter/", {"code": code})
    assert is_in(asked)


def test_codes_are_long_enough_not_to_be_guessed(asha, outbox):
    for _ in range(3):
        Client().post("/account/sign-in/code/", {"email": asha.email})
    for mail in outbox.mails:
        signs = mail.fields["code"].replace("-", "")
        assert len(signs) >= 6  # of 20 letters and more: 25 bits
        assert re.fullmatch(r"[A-Z0-9]+", signs)
    assert len({mail.fields["code"] for mail in outbox.mails}) == 3


def test_emailed_codes_last_ten_minutes():
    assert portal.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 600
    assert portal.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT == 600


# --- Sessions ---


def test_session_is_a_row_on_the_server_and_a_made_up_key_opens_nothing(asha):
    assert portal.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    forged = Client()
    forged.cookies["sessionid"] = "a" * 32
    assert not is_in(forged)
    own = signed_in(asha.user)
    Session.objects.all().delete()
    assert not is_in(own)


def test_session_keys_have_128_bits_and_never_repeat(asha):
    keys = {signed_in(asha.user).cookies["sessionid"].value for _ in range(5)}
    assert len(keys) == 5
    assert all(re.fullmatch(r"[a-z0-9]{32}", key) for key in keys)  # 36 ** 32 > 2 ** 165


def test_session_ends_with_the_browser_and_after_twelve_hours(asha):
    browser = signed_in(asha.user)
    cookie = browser.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    row = Session.objects.get(pk=cookie.value)
    assert row.expire_date <= timezone.now() + dt.timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now())
    assert not is_in(browser)


def test_stolen_cookie_is_worth_nothing_after_signing_out(asha):
    owner, thief = signed_in(asha.user), Client()
    thief.cookies["sessionid"] = owner.cookies["sessionid"].value
    assert is_in(thief)
    owner.post("/account/sign-out/")
    assert not is_in(thief)


def test_sign_in_with_a_provider_turns_the_session(asha):
    """By allauth's own end of every sign-in, whichever way it began."""
    browser = Client()
    browser.get("/account/sign-in/")
    session = browser.session
    session["planted"] = "by a stranger"
    session.save()
    planted = session.session_key
    browser.cookies["sessionid"] = planted
    browser.post("/account/sign-in/", {"login": asha.email, "password": PASSWORD})
    assert browser.cookies["sessionid"].value != planted
    assert not Session.objects.filter(pk=planted).exists()


@pytest.mark.parametrize("path", ["/account/", "/account/security/", "/bins/", "/services/"])
def test_every_page_of_a_signed_in_person_offers_to_sign_out(path, asha):
    assert "/account/sign-out/" in signed_in(asha.user).get(path).content.decode()


def test_operators_end_the_sessions_of_one_person_or_of_all(asha, cara, capsys):
    hers, another, caras = signed_in(asha.user), signed_in(asha.user), signed_in(cara.user)
    call_command("end_sessions", "asha@example.com", "--dry-run")
    assert is_in(hers)
    call_command("end_sessions", "asha@example.com")
    assert not is_in(hers)
    assert not is_in(another)
    assert is_in(caras)
    assert "2 sessions" in capsys.readouterr().out
    assert is_in(signed_in(asha.user))  # the password stays
    call_command("end_sessions", "--all")
    assert not is_in(caras)
    for wrong in ([], ["nobody@example.com"], ["asha@example.com", "--all"]):
        with pytest.raises(CommandError):
            call_command("end_sessions", *wrong)


# --- Rights ---


def test_fields_that_a_form_does_not_show_cannot_be_set(client, asha, cara):
    client.force_login(asha.user)
    more = {
        "is_staff": "on",
        "is_superuser": "on",
        "user": cara.user_id,
        "email": "evil@example.com",
        "kind": "business",
    }
    client.post("/account/details/name/", {"name": "Asha Renamed", "phone": "", **more})
    asha.refresh_from_db()
    asha.user.refresh_from_db()
    assert asha.name == "Asha Renamed"
    assert (asha.user.email, asha.email, asha.kind) == ("asha@example.com", "asha@example.com", "person")
    assert not asha.user.is_staff
    assert not asha.user.is_superuser


# --- Cryptography ---


def imports(file: Path):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_code_of_ours_implements_cryptography():
    """What encrypts is Fernet; what signs is PyJWT and Django; no cipher, mode or padding is put together by hand."""
    used = {name for file in OURS for name in imports(file) if name.startswith("cryptography")}
    low_level = {name for name in used if ".ciphers" in name or ".padding" in name or ".modes" in name}
    assert low_level == set()
    assert {name for name in used if name.startswith("cryptography.fernet")} <= {
        "cryptography.fernet.Fernet",
        "cryptography.fernet.MultiFernet",
    }


def test_weak_hashes_are_used_for_nothing_that_needs_strength():
    for file in OURS:
        text = file.read_text()
        assert not re.search(r"hashlib.*md5|hashlib\.new", text), file
        for call in re.findall(r"sha1\([^\n]*", text):
            assert "usedforsecurity=False" in call, file


def test_secrets_come_from_the_operating_system():
    """`random` is for waiting times, never for secrets."""
    made = {str(file.relative_to(ROOT)) for file in OURS for name in imports(file) if name.split(".")[0] == "random"}
    assert not {path for path in made if path.startswith("barnet/customers/")}
    assert portal.MFA_ADAPTER == "barnet.customers.signing_in.adapters.SecondFactorAdapter"


def test_passwords_are_stored_by_scrypt():
    from django.contrib.auth.hashers import ScryptPasswordHasher

    assert "ScryptPasswordHasher" in (ROOT / "barnet" / "settings.py").read_text().split("PASSWORD_HASHERS = ")[1][:200]
    assert ScryptPasswordHasher.work_factor >= 2**14


def test_password_of_an_older_kind_is_stored_anew_at_sign_in(asha, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    User.objects.filter(pk=asha.user_id).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    signed_in(asha.user)
    assert identify_hasher(User.objects.get(pk=asha.user_id).password).algorithm == "scrypt"


def test_secret_that_was_changed_in_the_database_is_refused(dev):
    held = give_authenticator(dev)
    secret = held.data["secret"]
    middle = len(secret) // 2
    changed = secret[:middle] + ("A" if secret[middle] != "A" else "B") + secret[middle + 1 :]
    Authenticator.objects.filter(pk=held.pk).update(data={**held.data, "secret": changed})
    with pytest.raises(InvalidToken):
        Authenticator.objects.get(pk=held.pk).wrap().validate_code("000000")
