"""One attempt to sign in with a provider: begun in this browser, good for ten minutes, and for one return."""

import secrets
import time
from dataclasses import asdict, dataclass

from django.core.cache import cache
from django.http import HttpRequest

from barnet.customers.signing_in.sign_on.refusals import Reason, SignOnRefusedError

GOOD_FOR = 600  # seconds
MOST = 5  # tabs
_ATTEMPTS = "sign_on_attempts"


@dataclass(frozen=True)
class Attempt:
    provider: str
    nonce: str
    verifier: str
    next_url: str
    at: float
    linking: int | None = None  # the login that is to be linked


def begin(
    request: HttpRequest, provider: str, *, next_url: str = "", linking: int | None = None
) -> tuple[str, Attempt]:
    attempt = Attempt(provider, secrets.token_urlsafe(24), secrets.token_urlsafe(64), next_url, time.time(), linking)
    state = secrets.token_urlsafe(24)
    known = request.session.get(_ATTEMPTS, {})
    fresh = {name: kept for name, kept in known.items() if time.time() - kept["at"] < GOOD_FOR}
    newest = dict(sorted(fresh.items(), key=lambda item: item[1]["at"])[-(MOST - 1) :])
    request.session[_ATTEMPTS] = {**newest, state: asdict(attempt)}
    return state, attempt


def take(request: HttpRequest, provider: str, state: str) -> Attempt:
    """Taken once, also when two returns arrive at the same moment."""
    known = request.session.get(_ATTEMPTS, {})
    kept = known.pop(state, None)
    if kept is None or kept["provider"] != provider:
        raise SignOnRefusedError(Reason.STATE, "unknown state")
    request.session[_ATTEMPTS] = known
    if time.time() - kept["at"] >= GOOD_FOR:
        raise SignOnRefusedError(Reason.STATE, "older than ten minutes")
    if not cache.add(f"sign-on:{state}", True, GOOD_FOR):
        raise SignOnRefusedError(Reason.STATE, "taken twice")
    return Attempt(**kept)
