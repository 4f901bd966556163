"""What the session of a browser remembers while somebody reports a missed bin, and the proof that it sent a report.

Answers wait under a name of their own, so that two tabs keep apart. The page "check your answers" carries them, too: a
session that is over loses nothing. The proof is a signed text in the address of the confirmation page; it opens that
page only in the session in which it was made. It is not kept in the session, where a second tab could overwrite it.
"""

import secrets
from collections.abc import Iterable

from django.core import signing
from django.http import HttpRequest

from portal.cases.services import Receipt

Answers = dict[str, list[str]]
_ANSWERS = "missed_bins"
_BROWSER = "missed_bin_browser"
_SALT = "portal.waste.reported"
_KEPT = 5  # reports that are begun and not sent


def keep_answers(request: HttpRequest, uprn: int, answers: Answers, name: str = "") -> str:
    """Keeps the answers under a name, a new one unless given, and returns it."""
    name = name if name in _kept(request) else secrets.token_urlsafe(9)
    others = {key: value for key, value in _kept(request).items() if key != name}
    newest = dict(list(others.items())[1 - _KEPT :])
    request.session[_ANSWERS] = {**newest, name: {"uprn": uprn, "answers": answers}}
    mark_browser(request)
    return name


def kept_answers(request: HttpRequest, uprn: int, name: str) -> Answers | None:
    kept = _kept(request).get(name)
    return kept["answers"] if kept and kept["uprn"] == uprn else None


def latest_answers(request: HttpRequest, uprn: int) -> Answers | None:
    """The answers that were kept last for a property: for somebody who went back with the browser's own button."""
    return next((kept["answers"] for kept in reversed(_kept(request).values()) if kept["uprn"] == uprn), None)


def forget_answers(request: HttpRequest, name: str) -> None:
    if name in _kept(request):
        request.session[_ANSWERS] = {key: value for key, value in _kept(request).items() if key != name}


def mark_browser(request: HttpRequest) -> str:
    """A secret of this session, made on first need."""
    if _BROWSER not in request.session:
        request.session[_BROWSER] = secrets.token_urlsafe(16)
    return request.session[_BROWSER]


def prove(request: HttpRequest, uprn: int, receipts: Iterable[Receipt], *, is_told: bool) -> str:
    results = [[receipt.case.pk, receipt.result] for receipt in receipts]
    return signing.dumps([mark_browser(request), uprn, results, is_told], salt=_SALT, compress=True)


def read_proof(request: HttpRequest, proof: str) -> tuple[int, list[tuple[int, str]], bool] | None:
    """The property, the results, and whether messages go out; nothing for another browser or a forged proof."""
    try:
        browser, uprn, results, is_told = signing.loads(proof, salt=_SALT)
    except signing.BadSignature:
        return None
    if browser != request.session.get(_BROWSER):
        return None
    return uprn, [(case_id, result) for case_id, result in results], is_told


def _kept(request: HttpRequest) -> dict[str, dict]:
    return request.session.get(_ANSWERS, {})
