"""What a provider, a network or a thief may do wrong: each is refused, said in plain words, and recorded."""

import time

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from barnet.customers.models import SecurityEvent, SignOnRefusal, User
from tests.barnet.customers.signing_in.sign_on.conftest import at_the_mock, by_nursery, come_back, go, words


@pytest.fixture
def provider(nursery, configure):
    return configure("resident", nursery.issuer)


def assert_refused(visitor, answer, reason: str, said: str, status: int = 403) -> None:
    assert answer.status_code == status, answer.content.decode()
    assert said in words(answer)
    assert visitor.get("/account/").status_code == 302
    assert not User.objects.exists()
    assert SignOnRefusal.objects.get().reason == reason
    event = SecurityEvent.objects.get(kind="sign_on_refused")
    assert event.detail.startswith(("GOV.UK One Login. ", "Barnet staff account. "))
    assert event.visitor


NOW = time.time()
WRONG_CLAIMS = {
    "expired": {"exp": int(NOW) - 600, "iat": int(NOW) - 900},
    "no expiry": {"exp": None},
    "not yet": {"nbf": int(NOW) + 3600},
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another-client"},
    "for others too": {"aud": ["barnet-portal", "another-client"]},
    "authorised party is another": {"azp": "another-client"},
    "another nonce": {"nonce": "of another sign-in"},
    "no nonce": {"nonce": None},
    "nonce of another kind": {"nonce": 5},
    "no subject": {"sub": None},
    "endless subject": {"sub": "x" * 300},
}


@pytest.mark.parametrize("wrong", WRONG_CLAIMS)
def test_token_with_a_wrong_claim_is_refused(wrong, visitor, nursery, provider):
    nursery.claims = WRONG_CLAIMS[wrong]
    nursery.about = {"sub": nursery.claims["sub"]} if nursery.claims.get("sub") else {}
    assert_refused(visitor, by_nursery(visitor, nursery), "token", "was not right, or too old")


def test_token_that_is_right_is_taken(visitor, nursery, provider):
    """So that the tests above refuse for the reason that they name."""
    nursery.claims = {"aud": ["barnet-portal"], "azp": "barnet-portal"}
    assert by_nursery(visitor, nursery).url == "/account/"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_token_without_a_signature_of_the_provider_is_refused(algorithm, visitor, nursery, provider):
    nursery.algorithm, nursery.signing_key = algorithm, "a secret that is long enough to sign with"
    assert_refused(visitor, by_nursery(visitor, nursery), "token", "was not right")


def test_token_signed_by_a_stranger_is_refused(visitor, nursery, provider):
    nursery.signing_key = nursery.stranger_key
    assert_refused(visitor, by_nursery(visitor, nursery), "token", "was not right")


def test_userinfo_about_somebody_else_is_refused(visitor, nursery, provider):
    nursery.about = {"sub": "subject-2"}
    assert_refused(visitor, by_nursery(visitor, nursery), "token", "was not right")


@pytest.mark.parametrize(
    "wrong", [{"sub": "subject-2"}, {"aud": "another"}, {"exp": 1}, {"iss": "https://evil.example"}]
)
def test_wrong_proof_of_identity_refuses_the_whole_sign_in(wrong, visitor, nursery, configure):
    configure("resident", nursery.issuer, identity_issuer=f"{nursery.issuer}/identity/")
    nursery.core = wrong
    assert_refused(visitor, by_nursery(visitor, nursery), "token", "was not right")


def test_proof_of_identity_signed_by_a_stranger_is_refused(visitor, nursery, configure):
    configure("resident", nursery.issuer, identity_issuer=f"{nursery.issuer}/identity/")
    nursery.core, nursery.core_key = {}, nursery.stranger_key
    assert_refused(visitor, by_nursery(visitor, nursery), "token", "was not right")


def test_proof_of_identity_that_nobody_asked_for_is_refused(visitor, nursery, provider):
    nursery.core = {}
    assert_refused(visitor, by_nursery(visitor, nursery), "token", "was not right")


def test_weaker_sign_in_than_we_ask_for_is_refused(visitor, nursery, configure):
    configure("resident", nursery.issuer, vtr=("Cl.Cm",))
    nursery.claims = {"vot": "Cl"}
    assert_refused(visitor, by_nursery(visitor, nursery), "level", "fewer checks than we need")


def test_provider_that_is_down_says_so_before_and_after(visitor, nursery, provider):
    nursery.is_down = True
    answer = visitor.post("/account/sign-in/with/resident/")
    assert answer.status_code == 503
    assert "does not answer at the moment" in words(answer)

    nursery.is_down = False
    back = nursery.consent(go(visitor, "resident"))
    nursery.is_down = True
    answer = come_back(visitor, back)
    assert answer.status_code == 503
    assert [refusal.reason for refusal in SignOnRefusal.objects.all()] == ["down", "down"]
    assert not User.objects.exists()


def test_provider_that_is_not_there_is_a_page_and_no_error(visitor, configure):
    configure("resident", "http://127.0.0.1:9")
    assert visitor.post("/account/sign-in/with/resident/").status_code == 503


@pytest.mark.parametrize(
    "description",
    [{"issuer": "https://evil.example"}, {"token_endpoint": None}, {"jwks_uri": 5}],
    ids=["another issuer", "no token endpoint", "keys nowhere"],
)
def test_description_of_the_provider_that_is_wrong_leads_nobody_away(description, visitor, nursery, provider):
    nursery.description = description
    answer = visitor.post("/account/sign-in/with/resident/")
    assert answer.status_code in {403, 503}
    assert SignOnRefusal.objects.count() == 1


def test_person_who_says_no_is_told_what_to_do(visitor, mock_provider, configure):
    configure("resident", mock_provider)
    back = at_the_mock(go(visitor, "resident"), "new", action="deny")
    if "state=" not in back:  # this provider forgets the state when somebody says no
        back += f"&state={next(iter(visitor.session['sign_on_attempts']))}"
    assert_refused(visitor, come_back(visitor, back), "denied", "You stopped at GOV.UK One Login")


def test_error_of_the_provider_is_refused_and_its_words_are_not_shown(visitor, nursery, provider):
    go(visitor, "resident")
    state = next(iter(visitor.session["sign_on_attempts"]))
    answer = visitor.get(
        "/account/sign-in/with/resident/return/",
        {"state": state, "error": "server_error", "error_description": "<b>Call 0900 123</b>"},
    )
    assert "0900" not in answer.content.decode()
    assert_refused(visitor, answer, "error", "could not sign you in")


def test_return_that_nobody_began_in_this_browser_is_refused(visitor, nursery, provider):
    """A thief sends a victim the address of the thief's own return."""
    thief = Client()
    back = nursery.consent(go(thief, "resident"))
    assert_refused(visitor, come_back(visitor, back), "state", "begun in another browser")


def test_return_works_once(visitor, nursery, provider):
    back = nursery.consent(go(visitor, "resident"))
    assert come_back(visitor, back).url == "/account/"
    visitor.post("/account/sign-out/")
    answer = come_back(visitor, back)
    assert answer.status_code == 403
    assert "used already" in words(answer)
    assert visitor.get("/account/").status_code == 302


def test_return_works_once_also_when_the_session_did_not_notice(visitor, nursery, provider):
    """Two returns at the same moment read the same session."""
    back = nursery.consent(go(visitor, "resident"))
    kept = visitor.session["sign_on_attempts"]
    come_back(visitor, back)
    second = Client()
    second.get("/account/sign-in/")
    session = second.session
    session["sign_on_attempts"] = kept
    session.save()
    second.cookies["sessionid"] = session.session_key
    nursery.codes = {code: query for code in ["again"] for query in [nursery.queries[0]]}
    again = f"{nursery.queries[0]['redirect_uri']}?code=again&state={nursery.queries[0]['state']}"
    assert come_back(second, again).status_code == 403
    assert SignOnRefusal.objects.get().detail == "taken twice"


def test_return_after_ten_minutes_is_too_late(visitor, nursery, provider, monkeypatch):
    back = nursery.consent(go(visitor, "resident"))
    later = time.time() + 601
    monkeypatch.setattr("barnet.customers.signing_in.sign_on.attempts.time.time", lambda: later)
    assert_refused(visitor, come_back(visitor, back), "state", "longer than 10 minutes")


def test_code_that_was_used_elsewhere_is_refused(visitor, nursery, provider):
    back = nursery.consent(go(visitor, "resident"))
    nursery.codes.clear()
    assert_refused(visitor, come_back(visitor, back), "code", "did not confirm your sign-in")


def test_code_that_was_stolen_is_worth_nothing_without_the_browser(visitor, nursery, provider):
    """PKCE: the thief begins a sign-in, and puts the victim's code into the return."""
    victim = Client()
    stolen = nursery.consent(go(victim, "resident"))
    code = stolen.split("code=")[1].split("&")[0]
    state = nursery.consent(go(visitor, "resident")).split("state=")[1]
    answer = visitor.get("/account/sign-in/with/resident/return/", {"code": code, "state": state})
    assert_refused(visitor, answer, "code", "did not confirm your sign-in")


def test_answer_of_another_issuer_is_refused(visitor, nursery, provider):
    back = nursery.consent(go(visitor, "resident")) + "&iss=https://evil.example"
    assert_refused(visitor, come_back(visitor, back), "token", "was not right")


def test_state_of_one_provider_does_not_count_for_another(visitor, nursery, configure):
    configure("resident", nursery.issuer)
    configure("staff", nursery.issuer)
    back = nursery.consent(go(visitor, "resident")).replace("/with/resident/", "/with/staff/")
    assert_refused(visitor, come_back(visitor, back), "state", "begun in another browser")


def test_sign_in_cannot_be_begun_by_a_link_or_by_another_site(nursery, provider):
    assert Client().get("/account/sign-in/with/resident/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/account/sign-in/with/resident/").status_code == 403


@pytest.mark.parametrize("query", ["", "code=x", "state=%00", "state=" + "x" * 5000, "error=x&state=y", "state[]=x"])
def test_rubbish_is_a_page_and_no_error(query, visitor, provider):
    assert visitor.get(f"/account/sign-in/with/resident/return/?{query}").status_code in {400, 403}


def test_asking_in_a_loop_is_stopped(visitor, nursery, provider):
    statuses = [visitor.get("/account/sign-in/with/resident/return/?state=guess").status_code for _ in range(121)]
    assert (statuses[0], statuses[-1]) == (403, 429)


def test_key_that_the_provider_changed_is_fetched_anew(visitor, nursery, provider):
    by_nursery(visitor, nursery)
    nursery.key, nursery.kid = nursery.stranger_key, "two"
    assert by_nursery(Client(), nursery).url == "/account/"


def test_refusal_cannot_be_changed_or_deleted(visitor, provider):
    visitor.get("/account/sign-in/with/resident/return/?state=guess")
    for change in (lambda: SignOnRefusal.objects.update(reason="down"), SignOnRefusal.objects.all().delete):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()


def test_nothing_secret_goes_into_the_log_or_the_record(visitor, nursery, provider, caplog):
    nursery.claims = {"nonce": "wrong"}
    back = nursery.consent(go(visitor, "resident"))
    code = back.split("code=")[1].split("&")[0]
    come_back(visitor, back)
    assert code not in caplog.text
    assert code not in SignOnRefusal.objects.get().detail
    assert "secret" not in repr(provider)
