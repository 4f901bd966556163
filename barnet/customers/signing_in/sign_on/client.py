"""The journey to a provider and back: OpenID Connect's authorization code flow, with PKCE, state and nonce."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from barnet.customers.signing_in.sign_on import http, identity, tokens
from barnet.customers.signing_in.sign_on.attempts import Attempt
from barnet.customers.signing_in.sign_on.configuration import ProviderSettings
from barnet.customers.signing_in.sign_on.identity import Identity
from barnet.customers.signing_in.sign_on.refusals import Reason, SignOnRefusedError

CORE_IDENTITY = "https://vocab.account.gov.uk/v1/coreIdentityJWT"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Answer:
    identity: Identity
    id_token: str  # shown again to the provider when the person signs out


def address(provider: ProviderSettings, attempt: Attempt, *, state: str, return_to: str) -> str:
    """Where the browser goes to sign in."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_to,
        "scope": " ".join(provider.scopes),
        "state": state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if provider.vtr:
        query |= {"vtr": json.dumps(list(provider.vtr)), "ui_locales": "en"}
    if any("P2" in vector.split(".") for vector in provider.vtr):
        query["claims"] = json.dumps({"userinfo": {CORE_IDENTITY: None}})
    page = http.discovered(provider)["authorization_endpoint"]
    return f"{page}{'&' if '?' in page else '?'}{urlencode(query)}"


def answer(request: HttpRequest, provider: ProviderSettings, attempt: Attempt, *, return_to: str) -> Answer:
    """What the provider says about the person who came back, when everything about it is right."""
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise SignOnRefusedError(Reason.TOKEN, "another issuer answered")
    if error := request.GET.get("error"):
        raise SignOnRefusedError(Reason.DENIED if error == "access_denied" else Reason.PROVIDER_ERROR, error[:60])
    code = request.GET.get("code", "")
    if not code:
        raise SignOnRefusedError(Reason.PROVIDER_ERROR, "no code")
    given = _exchange(provider, code, attempt, return_to)
    raw = given.get("id_token")
    if not isinstance(raw, str):
        raise SignOnRefusedError(Reason.TOKEN, "no ID token")
    claims = tokens.id_token(provider, raw, nonce=attempt.nonce)
    about = _userinfo(provider, given.get("access_token"), claims["sub"])
    core = None
    if (proof := about.get(CORE_IDENTITY)) is not None:
        core = tokens.core_identity(provider, str(proof), subject=claims["sub"])
    return Answer(identity.read(provider, claims, about, core), raw)


def sign_out_address(provider: ProviderSettings, id_token: str, *, return_to: str) -> str:
    """Where somebody signs out at the provider, too. Empty when it offers no such page."""
    page = http.discovered(provider).get("end_session_endpoint")
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": return_to, "client_id": provider.client_id}
    return f"{page}?{urlencode(query)}" if isinstance(page, str) else ""


def _exchange(provider: ProviderSettings, code: str, attempt: Attempt, return_to: str) -> dict[str, Any]:
    found = http.discovered(provider)
    page = found["token_endpoint"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_to,
        "code_verifier": attempt.verifier,
    }
    login: tuple[str, str] | None = None
    if provider.private_key:
        form |= {
            "client_assertion_type": _ASSERTION,
            "client_assertion": tokens.client_assertion(provider, page),
        }
    elif "client_secret_post" in found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    else:
        login = (provider.client_id, provider.client_secret)
    return http.as_mapping(http.ask("POST", page, data=form, auth=login), Reason.CODE)


def _userinfo(provider: ProviderSettings, access_token: object, subject: str) -> dict[str, Any]:
    page = http.discovered(provider).get("userinfo_endpoint")
    if not isinstance(page, str) or not isinstance(access_token, str):
        return {}
    told = http.ask("GET", page, headers={"Authorization": f"Bearer {access_token}", "Accept": "application/json"})
    about = http.as_mapping(told, Reason.TOKEN)
    if about.get("sub") != subject:
        raise SignOnRefusedError(Reason.TOKEN, "userinfo is about somebody else")
    return about
