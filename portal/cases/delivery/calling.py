"""One call to a back office: short waits, no redirects, an answer of a sensible size, and what it means."""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from portal.cases.delivery.addresses import leads_home
from portal.cases.delivery.kinds import RefusedError, UnavailableError

WAIT = (3, 10)  # seconds to connect, and for each part of the answer
LONGEST_ANSWER = 30  # seconds for all of it: each part of an answer that drips comes in time
LARGEST = 1024 * 1024
LONGEST_PAUSE = dt.timedelta(days=1)  # whatever an office asks for
_LATER = {408, 425, 429}


def said(response: requests.Response) -> str:
    """What an answer says, in few words."""
    return f"{response.status_code}: {' '.join(response.text[:200].split())}".strip(": ")


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    reason: Callable[[requests.Response], str] = said,
    **more: Any,
) -> requests.Response:
    """The answer of an office that took it. `reason` reads why another one did not."""
    if leads_home(url):
        raise UnavailableError("The address leads to the portal's own machine: nothing was sent.")
    try:
        with requests.request(
            method, url, headers=headers, timeout=WAIT, allow_redirects=False, stream=True, **more
        ) as response:
            response._content = _read(response)
    except (requests.RequestException, HTTPError, OSError) as error:
        raise UnavailableError(f"No answer: {type(error).__name__}.", is_silent=True) from error
    if len(response.content) > LARGEST:
        raise UnavailableError("The answer is longer than a megabyte.")
    if response.status_code in _LATER or response.status_code >= 500:
        raise UnavailableError(reason(response), wait=_pause(response.headers.get("Retry-After", "")))
    if not response.ok or response.is_redirect or response.status_code >= 300:
        raise RefusedError(reason(response), status=response.status_code)
    return response


def _read(response: requests.Response) -> bytes:
    """All of it, or enough to see that it is too large."""
    until, found = time.monotonic() + LONGEST_ANSWER, b""
    while len(found) <= LARGEST and (part := response.raw.read1(LARGEST, decode_content=True)):
        found += part
        if time.monotonic() > until:
            raise TimeoutError
    return found


def _pause(said: str) -> dt.timedelta | None:
    if not (said.isascii() and said.isdigit() and len(said) < 8):
        return None
    return min(dt.timedelta(seconds=int(said)), LONGEST_PAUSE)
