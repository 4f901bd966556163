"""Tokens that we make and tokens that we believe: algorithms, keys, audiences, randomness."""

import json
import time

import jwt
import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from barnet.customers.models import User
from barnet.customers.signing_in.sign_on.tokens import ALGORITHMS
from tests.barnet.customers.signing_in.sign_on.conftest import by_nursery, go, query_of
from tests.barnet.customers.signing_in.sign_on.nursery import CLIENT, jwk, pem


@pytest.fixture
def provider(nursery, configure):
    return configure("resident", nursery.issuer)


def test_algorithms_are_public_key_and_sha_256_or_more():
    assert {f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512)} == ALGORITHMS


def test_keys_that_the_token_brings_along_are_not_used(visitor, nursery, provider):
    """The headers jwk and jku name a stranger's key: only the provider's own address counts."""
    stranger = nursery.stranger_key
    now = int(time.time())

    def forged(nonce):
        claims = {"iss": nursery.issuer, "sub": "subject-1", "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": nonce}
        brought = {"kid": "stranger", "jwk": jwk(stranger, "stranger"), "jku": f"{nursery.issuer}/stranger"}
        return jwt.encode(claims, stranger, algorithm="ES256", headers=brought)

    nursery.id_token = forged
    assert by_nursery(visitor, nursery).status_code == 403
    assert not User.objects.exists()


def test_proof_of_identity_is_no_id_token(visitor, nursery, configure):
    configure("resident", nursery.issuer, identity_issuer=f"{nursery.issuer}/identity/")
    nursery.core = {}
    nursery.id_token = lambda nonce: nursery.proof()
    assert by_nursery(visitor, nursery).status_code == 403
    assert not User.objects.exists()


def test_our_own_token_names_its_audience_and_lasts_a_minute(nursery, configure):
    ours = nursery.stranger_key
    nursery.client_key = ours.public_key()
    configure("resident", nursery.issuer, private_key=pem(ours), key_id="portal-1")
    for _ in range(2):
        by_nursery(Client(), nursery)
    first, second = (form["client_assertion"] for form in nursery.forms)
    claims = jwt.decode(first, ours.public_key(), algorithms=["ES256"], audience=f"{nursery.issuer}/token")
    assert (claims["iss"], claims["sub"], claims["exp"] - claims["iat"]) == (CLIENT, CLIENT, 60)
    assert jwt.get_unverified_header(first)["kid"] == "portal-1"
    other = jwt.decode(second, options={"verify_signature": False})
    assert claims["jti"] != other["jti"]


def test_browser_never_sees_a_token_and_the_database_keeps_none(visitor, nursery, provider):
    answer = by_nursery(visitor, nursery)
    seen = str(answer.headers) + str(answer.cookies) + visitor.get("/account/security/").content.decode()
    assert "a" * 20 not in seen  # the access token
    assert "eyJ" not in seen
    kept = json.dumps(Session.objects.get().get_decoded())
    assert "a" * 20 not in kept  # the ID token stays in the session, to sign out with


def test_state_nonce_and_verifier_have_128_bits(visitor, nursery, provider):
    queries = [query_of(go(visitor, "resident")) for _ in range(5)]
    for name in ("state", "nonce"):
        values = {query[name] for query in queries}
        assert len(values) == 5
        assert all(len(value) * 6 >= 128 for value in values)
    kept = visitor.session["sign_on_attempts"].values()
    assert all(len(attempt["verifier"]) * 6 >= 256 for attempt in kept)
