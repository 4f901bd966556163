"""Signed tokens: made for the provider, and believed only when everything about them is right."""

import secrets
import time
from typing import Any

import jwt
from django.utils.crypto import constant_time_compare

from barnet.customers.signing_in.sign_on import http
from barnet.customers.signing_in.sign_on.configuration import ProviderSettings
from barnet.customers.signing_in.sign_on.refusals import Reason, SignOnRefusedError

# Signatures with a private key only: "none", and a secret that both sides know, are not among them.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
CLOCK_DIFFERENCE = 30  # seconds
ASSERTION_LASTS = 60


def client_assertion(provider: ProviderSettings, audience: str) -> str:
    """Proves to the provider who we are (private_key_jwt). Each is used once and lasts a minute."""
    now = int(time.time())
    return jwt.encode(
        {
            "iss": provider.client_id,
            "sub": provider.client_id,
            "aud": audience,
            "iat": now,
            "exp": now + ASSERTION_LASTS,
            "jti": secrets.token_urlsafe(24),
        },
        provider.private_key,
        algorithm=provider.signing_algorithm,
        headers={"kid": provider.key_id} if provider.key_id else None,
    )


def id_token(provider: ProviderSettings, token: str, *, nonce: str) -> dict[str, Any]:
    claims = verified(token, http.discovered(provider)["jwks_uri"], provider.issuer, provider.client_id)
    said = claims.get("nonce")
    if not isinstance(said, str) or not constant_time_compare(said, nonce):
        raise SignOnRefusedError(Reason.TOKEN, "the nonce is not ours")
    audiences = claims["aud"]
    party = claims.get("azp")
    if (isinstance(audiences, list) and len(audiences) > 1 and party is None) or party not in {
        None,
        provider.client_id,
    }:
        raise SignOnRefusedError(Reason.TOKEN, "the token is for somebody else too")
    return claims


def core_identity(provider: ProviderSettings, token: str, *, subject: str) -> dict[str, Any]:
    """GOV.UK One Login's signed proof of identity, about the person who signed in and nobody else."""
    if not provider.identity_issuer:
        raise SignOnRefusedError(Reason.TOKEN, "a proof of identity came, and its issuer is not configured")
    document = f"{provider.identity_issuer.rstrip('/')}/.well-known/did.json"
    claims = verified(token, document, provider.identity_issuer, provider.client_id)
    if claims["sub"] != subject:
        raise SignOnRefusedError(Reason.TOKEN, "the proof of identity is about somebody else")
    return claims


def verified(token: str, keys_address: str, issuer: str, audience: str) -> dict[str, Any]:
    """The claims of a token, after its signature, issuer, audience and times were checked."""
    try:
        header = jwt.get_unverified_header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise SignOnRefusedError(Reason.TOKEN, f"signed with {algorithm}"[:100])
        key = _key(http.keys(keys_address, wanted=kid), kid, algorithm)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=[algorithm],
            issuer=issuer,
            audience=audience,
            leeway=CLOCK_DIFFERENCE,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, TypeError, ValueError) as wrong:
        raise SignOnRefusedError(Reason.TOKEN, type(wrong).__name__) from wrong
    return claims


def _key(found: list[dict[str, Any]], kid: str | None, algorithm: str) -> Any:
    """The key that the token names; without a name, the only one that there is. It must be meant for the algorithm."""
    fitting = [key for key in found if key.get("alg", algorithm) == algorithm]
    named = [key for key in fitting if key.get("kid") == kid] if kid else fitting
    if not named or (kid is None and len(named) > 1):
        raise SignOnRefusedError(Reason.TOKEN, "no key of the issuer fits")
    return jwt.PyJWK.from_dict(named[0], algorithm=algorithm).key
