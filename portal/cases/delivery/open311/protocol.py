"""One call in the words of GeoReport v2, in JSON: what is sent with every call, and how an answer is read."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import requests
from django.utils import timezone

from portal.cases.delivery.calling import call, said
from portal.cases.delivery.kinds import UnavailableError
from portal.cases.delivery.models import BackOffice
from portal.cases.delivery.open311.options import chosen

Row = dict[str, Any]
Fields = list[tuple[str, str]]
_XML_SENTENCE = re.compile(r"<description>([^<]*)</description>")


def get(office: BackOffice, *path: str, **query: str) -> list[Row]:
    response = call("GET", _url(office, path), params=[*_always(office), *query.items()], reason=_reason(office))
    return _rows(response)


def post(office: BackOffice, *path: str, fields: Fields, key: str) -> list[Row]:
    headers = {"Idempotency-Key": key, "Accept": "application/json"}
    body = [*_always(office), *((name, value) for name, value in fields if value)]
    return _rows(call("POST", _url(office, path), headers=headers, data=body, reason=_reason(office)))


def text(row: Mapping[str, Any], name: str) -> str:
    """Of a row of an answer: numbers are written as text, what is no text is nothing."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\x00", "").strip()


def moment(row: Mapping[str, Any], name: str) -> dt.datetime | None:
    """A time in whole seconds may be any moment of that second: it counts as the last, so that it is not taken for
    older than what happened here within the same second."""
    try:
        at = dt.datetime.fromisoformat(text(row, name))
        at = (at if timezone.is_aware(at) else timezone.make_aware(at)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.microsecond else at.replace(microsecond=999_999)


def written(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _url(office: BackOffice, path: tuple[str, ...]) -> str:
    return f"{office.url.rstrip('/')}/{'/'.join(quote(part, safe='') for part in path)}.json"


def _always(office: BackOffice) -> Fields:
    said = [("api_key", office.secret), ("jurisdiction_id", chosen(office, "jurisdiction"))]
    return [(name, value) for name, value in said if value]


def _rows(response: requests.Response) -> list[Row]:
    """JSON is the XML without its outer wrapper; some leave one or both of them."""
    try:
        data = json.loads(response.content)
    except (ValueError, RecursionError):
        raise UnavailableError("The answer is no JSON.") from None
    for _wrapper in range(2):
        if isinstance(data, dict) and len(data) == 1 and isinstance(inner := next(iter(data.values())), dict | list):
            data = inner
    if isinstance(data, dict):
        data = [data]
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise UnavailableError("The answer is not as Open311 says.")
    return data


def _reason(office: BackOffice) -> Any:
    def sentence(response: requests.Response) -> str:
        """The words of a GeoReport error. An office may repeat the key: it is taken out."""
        found = said(response)
        if words := " ".join(" ".join(_descriptions(response)).split()):
            found = f"{response.status_code}: {words[:250]}"
        return found.replace(office.secret, "…") if office.secret else found

    return sentence


def _descriptions(response: requests.Response) -> list[str]:
    try:
        return [found for row in _rows(response) if (found := text(row, "description"))]
    except UnavailableError:
        return _XML_SENTENCE.findall(response.text[:5000])
