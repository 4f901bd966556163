"""The body of a call. What no answer could be is refused before anybody looks at it: too long, too deep, no text."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http.request import RawPostDataException
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

MOST_DEPTH = 8  # answers → thing → question → file → name


class TooLongError(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The call is too long."


class RefusedError(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


class PlainJSONParser(JSONParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("This JSON is nested too deeply.") from None


def body_of(request: Request) -> dict[str, Any]:
    """An object; empty when nothing was sent."""
    try:
        is_empty = not request.body  # reads it whole, up to the limit of the portal
    except RequestDataTooBig:
        raise TooLongError from None
    except RawPostDataException:  # a form of a browser, which was read already
        raise UnsupportedMediaType(str(request.content_type)) from None
    found = {} if is_empty else request.data
    if not isinstance(found, dict):
        raise ParseError("Send a JSON object.")
    _look_through(found)
    return found


def _look_through(found: Any) -> None:
    level, parts = 0, [found]
    while parts:
        level += 1
        if level > MOST_DEPTH:
            raise ParseError("This JSON is nested too deeply.")
        below: list[Any] = []
        for part in parts:
            if isinstance(part, str) and not _is_text(part):
                raise ParseError("A text holds characters that we cannot read.")
            if isinstance(part, dict):
                below += [*part.keys(), *part.values()]
            elif isinstance(part, list):
                below += part
        parts = below


def _is_text(text: str) -> bool:
    """No null byte, and no half of a sign (a lone surrogate)."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def idempotency_key_of(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > 200 or not _is_text(key):
        raise RefusedError(
            "Send an Idempotency-Key of up to 200 signs: it keeps a call that is sent again from counting twice."
        )
    return key
