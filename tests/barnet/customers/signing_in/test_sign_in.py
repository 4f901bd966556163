"""The journeys of a resident: register, sign in, reset, change, sign out."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from barnet.customers.models import Customer, User
from tests import factories
from tests.factories import PASSWORD

NEW = "new.person@example.com"
SECRET = "three odd words here"


def register(client, email=NEW, password=SECRET, **more):
    return client.post("/account/register/", {"email": email, "password1": password, **more})


def sign_in(client, email, password=PASSWORD, **more):
    return client.post("/account/sign-in/", {"login": email, "password": password, **more})


def test_register_makes_an_account_only_when_the_code_is_entered(visitor, outbox, db):
    answer = register(visitor)
    assert answer.url == "/account/verify/"
    assert outbox.keys == ["account-verify-code"]
    assert visitor.get("/account/").status_code == 302  # not signed in yet
    assert not Customer.objects.exists()

    answer = visitor.post("/account/verify/", {"code": outbox.last.fields["code"], "action": "verify"})

    assert answer.url == "/account/"
    assert visitor.get("/account/").status_code == 200
    user = User.objects.get(email=NEW)
    assert EmailAddress.objects.get(user=user).verified
    assert user.customer.email == NEW


def test_register_leads_back_to_where_the_person_was(visitor, outbox, db):
    register(visitor, next="/account/requests/")
    answer = visitor.post("/account/verify/", {"code": outbox.last.fields["code"]})
    assert answer.url == "/account/requests/"


def test_register_ignores_capitals_in_the_address(visitor, outbox, asha):
    register(visitor, email="ASHA@Example.COM")
    assert outbox.keys == ["account-already-registered"]
    assert User.objects.filter(email="asha@example.com").count() == 1


def test_code_typed_wrong_three_times_ends_the_try(visitor, outbox, db):
    register(visitor)
    assert b"This code is not right" in visitor.post("/account/verify/", {"code": "XXXX-XXXX"}).content
    visitor.post("/account/verify/", {"code": "XXXX-XXXX"})
    assert visitor.post("/account/verify/", {"code": "XXXX-XXXX"}).url == "/account/sign-in/"


def test_unconfirmed_account_gets_a_new_code_at_sign_in(visitor, outbox, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "100/s/key"}
    register(visitor)
    other = Client()
    assert sign_in(other, NEW, SECRET).url == "/account/verify/"
    other.post("/account/verify/", {"code": outbox.last.fields["code"]})
    assert other.get("/account/").status_code == 200


def test_sign_in_by_password_in_any_case_turns_the_session(visitor, asha):
    visitor.get("/account/sign-in/?next=/account/requests/")
    visitor.session["x"] = 1
    session = visitor.session
    session["before"] = 1
    session.save()
    visitor.cookies["sessionid"] = session.session_key

    answer = sign_in(visitor, "Asha@EXAMPLE.com", next="/account/requests/")

    assert answer.url == "/account/requests/"
    assert visitor.session.session_key != session.session_key
    assert visitor.cookies["sessionid"]["httponly"]
    assert visitor.cookies["sessionid"]["samesite"] == "Lax"
    assert not visitor.cookies["sessionid"]["max-age"]  # ends with the browser


def test_sign_in_keeps_the_address_and_says_what_to_do_when_the_password_is_wrong(visitor, asha):
    page = sign_in(visitor, "asha@example.com", "wrong password").content.decode()
    assert 'value="asha@example.com"' in page
    assert "wrong password" not in page
    assert "The e-mail address or the password is not right. Check both, and try again." in page
    assert "<title>Error: Sign in" in page


def test_sign_in_by_code(visitor, asha, outbox):
    answer = visitor.post("/account/sign-in/code/", {"email": "ASHA@example.com"})
    assert answer.url == "/account/sign-in/code/enter/"
    code = outbox.last.fields["code"]

    answer = visitor.post(answer.url, {"code": f" {code.lower()} ", "action": "verify"})

    assert answer.url == "/account/"
    assert visitor.get("/account/").status_code == 200


def test_code_is_sent_again_on_request_and_the_old_one_stops(visitor, asha, outbox):
    visitor.post("/account/sign-in/code/", {"email": "asha@example.com"})
    old = outbox.last.fields["code"]
    visitor.post("/account/sign-in/code/enter/", {"action": "resend"})
    new = outbox.last.fields["code"]
    assert old != new
    assert visitor.post("/account/sign-in/code/enter/", {"code": old}).status_code == 200
    assert visitor.post("/account/sign-in/code/enter/", {"code": new}).url == "/account/"


def test_owner_of_the_mailbox_is_not_kept_with_a_stranger_s_password(visitor, outbox, db, settings):
    """Somebody registers another's address; its owner signs in by code: the stranger's password opens nothing."""
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "100/s/key"}
    register(visitor, password="the stranger's words")
    owner = Client()
    owner.post("/account/sign-in/code/", {"email": NEW})
    owner.post("/account/sign-in/code/enter/", {"code": outbox.last.fields["code"]})
    assert owner.get("/account/").status_code == 200

    assert sign_in(Client(), NEW, "the stranger's words").status_code == 200  # refused: the form again
    assert not User.objects.get(email=NEW).has_usable_password()


def test_code_keeps_a_password_that_its_owner_set(visitor, outbox, asha):
    visitor.post("/account/sign-in/code/", {"email": "asha@example.com"})
    visitor.post("/account/sign-in/code/enter/", {"code": outbox.last.fields["code"]})
    assert asha.user.has_usable_password()
    asha.user.refresh_from_db()
    assert asha.user.has_usable_password()


def test_reset_by_link_changes_the_password_once(visitor, asha, outbox):
    assert visitor.post("/account/reset/", {"email": "Asha@example.com"}).url == "/account/reset/sent/"
    link = outbox.last.fields["link"]
    assert link.startswith("http://testserver/account/reset/")
    path = link.removeprefix("http://testserver")
    form_path = visitor.get(path).url
    assert form_path.endswith("-set-password/")  # the key is not in the address of the form

    weak = visitor.post(form_path, {"password1": "short", "password2": "short"})
    assert "Use a longer password: 10 characters or more." in weak.content.decode()
    answer = visitor.post(form_path, {"password1": SECRET, "password2": SECRET})

    assert answer.url == "/account/reset/done/"
    assert outbox.last.key == "account-password-changed"
    assert sign_in(Client(), "asha@example.com", SECRET).url == "/account/"
    assert "This link no longer works" in Client().get(path).content.decode()


def test_reset_ends_other_sessions(visitor, asha, outbox, client):
    client.force_login(asha.user)
    visitor.post("/account/reset/", {"email": "asha@example.com"})
    form_path = visitor.get(outbox.last.fields["link"].removeprefix("http://testserver")).url
    visitor.post(form_path, {"password1": SECRET, "password2": SECRET})
    assert client.get("/account/").status_code == 302


def test_password_is_changed_by_its_owner(visitor, asha, outbox):
    sign_in(visitor, "asha@example.com")
    wrong = visitor.post("/account/security/password/", {"oldpassword": "no", "password1": SECRET, "password2": SECRET})
    assert "This is not your current password. Type it again." in wrong.content.decode()
    answer = visitor.post(
        "/account/security/password/", {"oldpassword": PASSWORD, "password1": SECRET, "password2": SECRET}
    )
    assert answer.url == "/account/security/"
    assert outbox.keys == ["account-password-changed"]
    assert visitor.get("/account/").status_code == 200  # this session goes on


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("tooshort", "Use a longer password: 10 characters or more."),
        ("password1234", "Many people use this password, so it is easy to guess."),
        ("new.person@example", "This password is too much like your"),
        ("x" * 200, "Use a shorter password: 128 characters or fewer."),
    ],
)
def test_password_rules_are_said_in_sentences(visitor, outbox, db, password, sentence):
    page = register(visitor, password=password).content.decode()
    assert sentence in page
    assert f'value="{NEW}"' in page
    assert not User.objects.exists()


def test_email_change_takes_effect_when_the_new_address_is_proved(visitor, asha, outbox):
    sign_in(visitor, "asha@example.com")
    assert visitor.post("/account/security/email/", {"email": "asha@example.org", "action_add": "1"}).url == (
        "/account/verify/"
    )
    assert (outbox.last.key, outbox.last.email) == ("account-confirm-email", "asha@example.org")
    asha.refresh_from_db()
    assert asha.email == asha.user.email == "asha@example.com"

    visitor.post("/account/verify/", {"code": outbox.last.fields["code"]})

    asha = Customer.objects.get(pk=asha.pk)
    assert asha.email == asha.user.email == "asha@example.org"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["asha@example.org"]
    assert (outbox.last.key, outbox.last.email) == ("account-email-changed", "asha@example.com")


def test_email_change_never_takes_the_address_of_another(visitor, asha, cara, outbox):
    sign_in(visitor, "asha@example.com")
    visitor.post("/account/security/email/", {"email": "cara@example.com", "action_add": "1"})
    page = visitor.post("/account/verify/", {"code": outbox.last.fields["code"]}).content.decode()
    assert "We cannot use this e-mail address. Enter another one." in page
    asha.user.refresh_from_db()
    assert asha.user.email == "asha@example.com"


def test_sign_out_asks_first_and_only_a_post_does_it(visitor, asha):
    sign_in(visitor, "asha@example.com")
    assert b"Do you want to sign out?" in visitor.get("/account/sign-out/").content
    assert visitor.get("/account/").status_code == 200
    assert visitor.post("/account/sign-out/").url == "/"
    assert visitor.get("/account/").status_code == 302


def test_closed_account_is_told_so_only_with_its_password(visitor, asha, outbox):
    User.objects.filter(pk=asha.user.pk).update(is_active=False)
    assert sign_in(visitor, "asha@example.com").url == "/account/sign-in/closed/"
    assert b"This account is closed" in visitor.get("/account/sign-in/closed/").content
    assert b"not right" in sign_in(Client(), "asha@example.com", "wrong").content


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_leads_only_to_our_own_addresses(visitor, asha, target):
    assert sign_in(visitor, "asha@example.com", next=target).url == "/account/"


def test_another_host_of_ours_is_not_our_own_address(visitor, asha, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://third.example"]
    assert sign_in(visitor, "asha@example.com", next="http://other.example/").url == "/account/"
    assert sign_in(Client(), "asha@example.com", next="https://third.example/").url == "/account/"


def test_every_name_that_allauth_may_reverse_exists():
    from allauth.account import urls as account_urls
    from allauth.mfa import urls as mfa_urls

    def names(patterns):
        for pattern in patterns:
            yield from names(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern.name]

    ours = set(get_resolver().reverse_dict)
    missing = {name for module in (account_urls, mfa_urls) for name in names(module.urlpatterns)} - ours
    assert not missing


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_request_login_code"]
)
def test_sign_in_pages_refuse_other_methods_and_are_never_kept(visitor, db, name):
    path = reverse(name)
    assert visitor.put(path).status_code == 405
    assert visitor.delete(path).status_code == 405
    assert "no-store" in visitor.get(path)["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/account/sign-in/", "/account/register/", "/account/reset/", "/account/sign-in/code/"]
)
@pytest.mark.parametrize(
    "typed", ["", "no-address", "a" * 400 + "@example.com", "asha@example.com\x00", "é@é", "\ud800"]
)
def test_bad_addresses_get_a_clear_answer(visitor, db, outbox, path, typed):
    data = {"email": typed, "login": typed, "password": "x", "password1": SECRET}
    answer = visitor.post(path, {name: value.encode("utf-8", "surrogatepass") for name, value in data.items()})
    assert answer.status_code in (200, 400)
    assert not outbox.mails


def test_pages_ask_for_json_get_html(visitor, db):
    answer = visitor.get("/account/sign-in/", headers={"accept": "application/json"})
    assert answer["Content-Type"].startswith("text/html")


def test_reset_link_that_makes_no_sense_is_explained(visitor, db):
    for path in ("/account/reset/1-nonsense/", "/account/reset/zzzzzzzzzzzzzzzzzzz-set-password/"):
        assert "This link no longer works" in visitor.get(path).content.decode()


def test_email_confirmation_by_link_does_not_exist():
    with pytest.raises(NoReverseMatch):
        reverse("account_confirm_email", args=["key"])


def test_login_is_refused_in_mixed_case_by_the_database(db):
    user = factories.UserFactory(email="Mixed@Example.com")
    user.refresh_from_db()
    assert user.email == "mixed@example.com"
    assert User.objects.get(email="MIXED@example.com") == user
    assert re.fullmatch(r"[a-z@.]+", user.email)


def test_change_of_email_asks_again_who_it_is_and_then_goes_on(visitor, asha, outbox):
    sign_in(visitor, "asha@example.com")
    session = visitor.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    asked = visitor.post("/account/security/email/", {"email": "asha@example.org", "action_add": "1"})
    assert asked.url.startswith("/account/sign-in/again/?next=")
    assert not outbox.mails
    assert b"This password is not right" in visitor.post(asked.url, {"password": "no"}).content
    assert visitor.post(asked.url, {"password": PASSWORD}).url == "/account/verify/"
    assert outbox.last.email == "asha@example.org"


def test_sign_ins_and_failures_are_in_the_log_without_addresses(visitor, asha, caplog):
    sign_in(visitor, "asha@example.com", "wrong password")
    sign_in(visitor, "asha@example.com")
    visitor.post("/account/sign-out/")
    events = [str(record.msg) for record in caplog.records if record.name == "barnet.customers.signing_in.adapters"]
    assert [name for event in events for name in ("sign_in_failed", "signed_in", "signed_out") if name in event] == [
        "sign_in_failed",
        "signed_in",
        "signed_out",
    ]
    assert "asha@example.com" not in " ".join(events)
