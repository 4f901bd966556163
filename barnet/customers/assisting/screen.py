"""Whose the screen is: what this browser's session remembers of a visit.

While a member of staff helps, they are signed in, and the session names the visit. Handing the screen over signs them
out: the session is a new one, which knows the visit and nothing of them. Taking it back is signing in.
"""

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from barnet.customers.signing_in import sessions

TABS = "screen"  # the cookie by which tabs know whose screen they show: see `tabs`
_VISIT, _HANDED_OVER = "visit", "handed_over"
# Of a session in which staff are signed in: what is about them, and goes on after a visitor.
_OF_STAFF = {
    *(SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY, "account_authentication_methods"),
    "account_authentication_methods_user",
    *(sessions.ROW, sessions.TOUCHED, sessions.BROWSER, "sign_on_opened_by", "kiosk_used_at"),
}
_carried: set[str] = set()


def carry(*names: str) -> None:
    """What a room keeps in the session for whoever fills something in: it goes with the screen to the visitor."""
    _carried.update(names)


def visit_key(request: HttpRequest) -> int | None:
    """Of the visit in this browser, whoever has the screen."""
    return _remembered(request, _VISIT) or handed_over_key(request)


def handed_over_key(request: HttpRequest) -> int | None:
    """Of the visit whose visitor has the screen."""
    return _remembered(request, _HANDED_OVER)


def remember(request: HttpRequest, visit_pk: int) -> None:
    """Nothing of whoever was there before is left in the session."""
    clean(request)
    request.session[_VISIT] = visit_pk


def hand_over(request: HttpRequest, visit_pk: int) -> str:
    """The key of the session in which the visitor has the screen."""
    going_on = {name: request.session[name] for name in _carried if name in request.session}
    logout(request)
    request.session.update({**going_on, _HANDED_OVER: visit_pk})
    request.session.save()
    _forget(request)
    return str(request.session.session_key)


def take_back(request: HttpRequest, visit_pk: int) -> None:
    request.session.pop(_HANDED_OVER, None)
    request.session[_VISIT] = visit_pk
    _forget(request)


def clean(request: HttpRequest) -> None:
    """Staff stay signed in; everything that a page kept goes."""
    for name in set(request.session.keys()) - _OF_STAFF:
        del request.session[name]
    _forget(request)


def _remembered(request: HttpRequest, name: str) -> int | None:
    session: Any = getattr(request, "session", None)
    return session.get(name) if session is not None else None


def _forget(request: HttpRequest) -> None:
    """What was looked up for this request, and sentences that wait for the next page: they may name somebody.

    Forms that stand in other tabs are of whoever was there before: their tokens are refused from now on.
    """
    rotate_token(request)
    for _sentence in get_messages(request):
        pass
    if hasattr(request, "_party"):
        del request._party
