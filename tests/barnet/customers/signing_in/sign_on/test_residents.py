"""A resident signs in with GOV.UK One Login: at a real provider over HTTP."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import DatabaseError, transaction
from django.test import Client

from barnet.customers.models import Customer, IdentityCheck, SignOnRefusal, User
from tests import factories
from tests.barnet.customers.signing_in.sign_on.conftest import (
    LINK,
    at_the_mock,
    by_mock,
    by_nursery,
    come_back,
    go,
    people,
    query_of,
    words,
)
from tests.barnet.customers.signing_in.sign_on.nursery import RSA_KEY, pem
from tests.barnet.customers.signing_in.test_sudo import some_minutes_later
from tests.factories import PASSWORD


@pytest.fixture
def one_login(mock_provider, configure):
    people(mock_provider, "new", email="new@example.com", email_verified=True, vot="Cl.Cm", given_name="Nora")
    people(mock_provider, "asha", email="asha@example.com", email_verified=True, vot="P2.Cl.Cm")
    people(mock_provider, "doubtful", email="asha@example.com", email_verified=False)
    people(mock_provider, "texty", email="texty@example.com", email_verified="true")
    return configure("resident", mock_provider)


def test_new_resident_gets_an_account_and_is_known_the_second_time(visitor, one_login):
    answer = by_mock(visitor, "resident", "new")
    assert answer.url == "/account/"
    assert visitor.get("/account/").status_code == 200
    user = User.objects.get(email="new@example.com")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert Customer.objects.get(user=user).email == "new@example.com"

    by_mock(Client(), "resident", "new")
    assert User.objects.filter(email="new@example.com").count() == 1
    assert SocialAccount.objects.get(user=user).extra_data == {}  # nothing is kept but who it is
    assert SocialAccount.objects.get(user=user).provider == one_login.issuer


def test_page_that_was_wanted_opens_and_no_page_elsewhere(visitor, one_login):
    assert by_mock(visitor, "resident", "new", next="/account/messages/").url == "/account/messages/"
    assert by_mock(Client(), "resident", "new", next="https://evil.example/").url == "/account/"


def test_request_asks_for_what_one_login_needs(visitor, nursery, configure):
    configure("resident", nursery.issuer, vtr=("Cl.Cm.P2",), identity_issuer=f"{nursery.issuer}/identity/")
    query = query_of(go(visitor, "resident"))
    assert query["response_type"] == "code"
    assert query["code_challenge_method"] == "S256"
    assert query["vtr"] == '["Cl.Cm.P2"]'
    assert "coreIdentityJWT" in query["claims"]
    assert query["redirect_uri"] == "http://testserver/account/sign-in/with/resident/return/"
    assert len({query["state"], query["nonce"]}) == 2
    other = query_of(go(visitor, "resident"))
    assert (query["state"], query["nonce"], query["code_challenge"]) != (
        other["state"],
        other["nonce"],
        other["code_challenge"],
    )


@pytest.mark.parametrize("key", ["EC", "RSA"])
def test_we_prove_who_we_are_with_a_private_key(key, visitor, nursery, configure):
    ours = nursery.stranger_key if key == "EC" else RSA_KEY
    nursery.client_key = ours.public_key()
    configure("resident", nursery.issuer, private_key=pem(ours), key_id="portal-1")
    assert by_nursery(visitor, nursery).url == "/account/"
    assert "client_secret" not in nursery.forms[0]


def test_secret_goes_in_the_header_where_the_provider_wants_it_there(visitor, nursery, configure):
    nursery.description = {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}
    configure("resident", nursery.issuer)
    assert by_nursery(visitor, nursery).url == "/account/"


def test_signed_proof_of_identity_is_recorded_and_shown_to_both(visitor, client, nursery, configure, dev):
    configure("resident", nursery.issuer, vtr=("Cl.Cm.P2",), identity_issuer=f"{nursery.issuer}/identity/")
    nursery.core = {}
    by_nursery(visitor, nursery)

    check = IdentityCheck.objects.get()
    assert (check.confidence, check.credential, check.is_proved) == ("P2", "Cl.Cm", True)
    assert (check.provider, check.issuer) == ("GOV.UK One Login", nursery.issuer)
    own = words(visitor.get("/account/security/"))
    assert "GOV.UK One Login: Medium confidence (signed proof of identity)" in own
    assert nursery.issuer in own
    client.force_login(dev)
    assert "Medium confidence" in words(client.get(f"/staff/customers/{check.customer_id}/"))


def test_each_sign_in_adds_a_record_and_none_is_ever_changed(one_login):
    for _ in range(2):
        by_mock(Client(), "resident", "new")
    assert [check.confidence for check in IdentityCheck.objects.all()] == ["P0", "P0"]
    for change in (lambda: IdentityCheck.objects.update(confidence="P2"), IdentityCheck.objects.all().delete):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()


def test_address_that_has_a_login_is_not_taken_over_even_when_the_provider_confirmed_it(visitor, one_login, asha):
    answer = by_mock(visitor, "resident", "asha")
    assert answer.status_code == 403
    assert "Sign in to it the way you usually do" in words(answer)
    assert visitor.get("/account/").status_code == 302
    assert not SocialAccount.objects.exists()
    refusal = SignOnRefusal.objects.get()
    assert (refusal.reason, refusal.user) == ("taken", asha.user)


@pytest.mark.parametrize("sub", ["doubtful", "texty"])
def test_address_that_the_provider_did_not_confirm_makes_no_account(sub, visitor, one_login, asha):
    answer = by_mock(visitor, "resident", sub)
    assert answer.status_code == 403
    assert "has not confirmed your e-mail address" in words(answer)
    assert User.objects.count() == 1
    assert SignOnRefusal.objects.get().reason == "email"


def test_registration_that_nobody_confirmed_is_not_opened_either(visitor, one_login):
    """Somebody else may have registered the address, and waits for its owner."""
    early = factories.UserFactory(email="new@example.com", verified_email=False)
    EmailAddress.objects.create(user=early, email=early.email, verified=False, primary=True)
    assert by_mock(visitor, "resident", "new").status_code == 403
    assert not SocialAccount.objects.exists()


def test_linking_takes_a_sign_in_and_then_opens_the_account(visitor, one_login, asha, outbox):
    visitor.post("/account/sign-in/", {"login": asha.email, "password": PASSWORD})
    assert "Link GOV.UK One Login" in words(visitor.get("/account/security/"))

    answer = by_mock(visitor, "resident", "asha", address=LINK)

    assert answer.url == "/account/security/"
    assert "opens this account, since" in words(visitor.get("/account/security/"))
    assert (outbox.last.key, outbox.last.fields["provider"]) == ("account-sign-on-linked", "GOV.UK One Login")
    other = Client()
    assert by_mock(other, "resident", "asha").url == "/account/"
    assert other.session["_auth_user_id"] == str(asha.user_id)
    assert IdentityCheck.objects.filter(customer=asha, confidence="P2").count() == 2


def test_linking_asks_again_who_it_is_after_a_while(client, one_login, asha):
    client.force_login(asha.user)
    some_minutes_later(client)
    answer = client.post(LINK.format("resident"))
    assert answer.url == "/account/sign-in/again/?next=/account/security/"
    assert client.post(LINK.format("resident") + "remove/").url.startswith("/account/sign-in/again/")


def test_account_of_the_provider_opens_one_login_only(visitor, one_login, asha, cara, outbox):
    SocialAccount.objects.create(user=asha.user, provider=one_login.issuer, uid="asha")
    visitor.post("/account/sign-in/", {"login": cara.email, "password": PASSWORD})
    answer = by_mock(visitor, "resident", "asha", address=LINK)
    assert answer.status_code == 403
    assert "linked with another account" in words(answer)
    assert SocialAccount.objects.get().user == asha.user


def test_return_of_a_link_does_not_count_for_whoever_signed_in_meanwhile(visitor, one_login, asha, cara):
    visitor.post("/account/sign-in/", {"login": asha.email, "password": PASSWORD})
    back = at_the_mock(go(visitor, "resident", address=LINK), "asha")
    session = visitor.session
    kept = session["sign_on_attempts"]
    visitor.force_login(cara.user)
    session = visitor.session
    session["sign_on_attempts"] = kept
    session.save()
    assert come_back(visitor, back).status_code == 403
    assert not SocialAccount.objects.exists()


def test_same_subject_of_another_issuer_is_another_person(visitor, nursery, configure, asha):
    SocialAccount.objects.create(user=asha.user, provider="https://elsewhere.example", uid="subject-1")
    configure("resident", nursery.issuer)
    by_nursery(visitor, nursery)
    assert visitor.session["_auth_user_id"] != str(asha.user_id)


def test_link_can_be_removed_and_no_longer_opens(visitor, one_login, asha, outbox):
    SocialAccount.objects.create(user=asha.user, provider=one_login.issuer, uid="asha")
    by_mock(visitor, "resident", "asha")
    visitor.post(LINK.format("resident") + "remove/")
    assert not SocialAccount.objects.exists()
    assert outbox.last.key == "account-sign-on-unlinked"
    assert by_mock(Client(), "resident", "asha").status_code == 403


def test_closed_account_stays_closed(visitor, one_login, asha):
    SocialAccount.objects.create(user=asha.user, provider=one_login.issuer, uid="asha")
    User.objects.filter(pk=asha.user_id).update(is_active=False)
    answer = by_mock(visitor, "resident", "asha")
    assert "Your account here is closed" in words(answer)
    assert visitor.get("/account/").status_code == 302


def test_second_step_of_a_resident_is_asked_for_all_the_same(visitor, one_login, asha):
    from tests.people import give_authenticator

    SocialAccount.objects.create(user=asha.user, provider=one_login.issuer, uid="asha")
    give_authenticator(asha.user)
    assert by_mock(visitor, "resident", "asha").url == "/account/sign-in/second-step/"
    assert visitor.get("/account/").status_code == 302


def test_signing_out_says_that_the_provider_is_still_open(visitor, one_login):
    by_mock(visitor, "resident", "new")
    answer = visitor.post("/account/sign-out/")
    assert answer.url == "/account/sign-out/done/"
    page = visitor.get(answer.url)
    assert "still signed in at GOV.UK One Login" in words(page)
    assert f'href="{one_login.issuer}/oauth2/end_session?id_token_hint=' in page.content.decode()
    assert visitor.get("/account/").status_code == 302
    assert "still signed in" not in words(visitor.get(answer.url))  # said once


def test_no_provider_no_button_and_no_address(visitor, db):
    assert "Sign in with" not in words(visitor.get("/account/sign-in/"))
    assert visitor.post("/account/sign-in/with/resident/").status_code == 404
    assert visitor.get("/account/sign-in/with/resident/return/").status_code == 404


def test_buttons_and_the_policy_that_lets_them_lead_away(visitor, one_login):
    page = visitor.get("/account/sign-in/")
    assert "Sign in with GOV.UK One Login" in page.content.decode()
    assert f"form-action 'self' {one_login.issuer}" in page["Content-Security-Policy"]
    assert one_login.issuer not in visitor.get("/bins/")["Content-Security-Policy"]
