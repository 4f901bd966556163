"""Which provider opened a session, and where its owner signs out of the provider, too."""

from typing import cast

from django.http import HttpRequest

_OPENED_BY, _GOODBYE = "sign_on_opened_by", "sign_on_goodbye"


def opened_with(request: HttpRequest, name: str, sign_out_address: str) -> None:
    request.session[_OPENED_BY] = {"name": name, "address": sign_out_address}


def opened_by(request: HttpRequest) -> dict[str, str] | None:
    return cast("dict[str, str] | None", request.session.get(_OPENED_BY))


def say_goodbye(request: HttpRequest, ended: dict[str, str]) -> None:
    """For the page after signing out, in the new session."""
    request.session[_GOODBYE] = ended


def goodbye(request: HttpRequest) -> dict[str, str] | None:
    return cast("dict[str, str] | None", request.session.pop(_GOODBYE, None))
