"""Talking with a provider: short waits, no redirects, answers of a sensible size, one error for what goes wrong."""

from collections.abc import Callable
from typing import Any

import requests
from django.core.cache import caches

from barnet.customers.signing_in.sign_on.configuration import ProviderSettings
from barnet.customers.signing_in.sign_on.refusals import Reason, SignOnRefusedError

WAIT = (3, 7)  # seconds to connect, and for each part of the answer
LARGEST = 256 * 1024
KEPT_FOR = 60 * 60
NO_REFETCH = 60  # an unknown key makes us look again at most once a minute


def ask(method: str, address: str, **more: Any) -> requests.Response:
    """SignOnRefusedError when nobody answers or the server is broken. Other answers are for the caller to judge."""
    try:
        response = requests.request(method, address, timeout=WAIT, allow_redirects=False, stream=True, **more)
        response._content = response.raw.read(LARGEST + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise SignOnRefusedError(Reason.DOWN, f"{method} {address}: {type(error).__name__}") from error
    finally:
        if "response" in locals():
            response.close()
    if response.status_code >= 500 or response.status_code == 429 or len(response.content) > LARGEST:
        raise SignOnRefusedError(Reason.DOWN, f"{method} {address}: {response.status_code}")
    return response


def document(address: str) -> dict[str, Any]:
    return _as_mapping(ask("GET", address, headers={"Accept": "application/json"}), Reason.DOWN)


def discovered(provider: ProviderSettings) -> dict[str, Any]:
    """The provider's description of itself, kept for an hour. It must be about the issuer that we were told of."""
    return _kept(f"oidc:{provider.issuer}", lambda: _discover(provider))


def keys(address: str, *, wanted: str | None) -> list[dict[str, Any]]:
    """Public keys of a JWK set or of a DID document, kept for an hour; an unknown one makes us look again."""
    cache = caches["process"]
    name = f"keys:{address}"
    found: list[dict[str, Any]] = _kept(name, lambda: {"keys": _keys_in(document(address))})["keys"]
    is_known = wanted is None or any(key.get("kid") == wanted for key in found)
    if not is_known and cache.add(f"{name}:again", True, NO_REFETCH):
        cache.delete(name)
        found = _kept(name, lambda: {"keys": _keys_in(document(address))})["keys"]
    return found


def as_mapping(response: requests.Response, reason: Reason) -> dict[str, Any]:
    return _as_mapping(response, reason)


def _discover(provider: ProviderSettings) -> dict[str, Any]:
    found = document(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise SignOnRefusedError(Reason.TOKEN, "the description is about another issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str):
            raise SignOnRefusedError(Reason.DOWN, f"the description has no {name}")
    return found


def _keys_in(found: dict[str, Any]) -> list[dict[str, Any]]:
    """A JWK set has `keys`; a DID document has methods, each with an `id` that tokens name as `kid`."""
    listed = found.get("keys")
    if isinstance(listed, list):
        return [key for key in listed if isinstance(key, dict) and key.get("use", "sig") == "sig"]
    methods = [*_list(found.get("assertionMethod")), *_list(found.get("verificationMethod"))]
    return [
        {**method["publicKeyJwk"], "kid": method.get("id")}
        for method in methods
        if isinstance(method, dict) and isinstance(method.get("publicKeyJwk"), dict)
    ]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _kept(name: str, fetch: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    cache = caches["process"]
    found: dict[str, Any] | None = cache.get(name)
    if found is None:
        found = fetch()
        cache.set(name, found, KEPT_FOR)
    return found


def _as_mapping(response: requests.Response, reason: Reason) -> dict[str, Any]:
    try:
        found = response.json() if response.status_code == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SignOnRefusedError(reason, f"{response.request.method} {response.url}: {response.status_code}")
    return found
