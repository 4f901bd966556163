"""Somebody proves that a request is theirs: a code goes to an address that we have for it, and is typed in the browser
that asked. What it reads is the same, whether or not the reference and the address belong together.

In the session: `asked` (one question at a time) and `open` (the requests that were opened, and until when).
"""

import secrets
import time
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from barnet.customers.enums import ContactKind, MessageChannel
from barnet.customers.reaching.phones import normalised_phone, phone_kind
from barnet.kit.references import InvalidReferenceError, parse_reference
from barnet.notifications.channels import is_offered
from barnet.notifications.choice import Way
from barnet.notifications.services import queue_message
from portal.cases.models import Case
from portal.tracking.messages import TRACK_CODE

CODE_MINUTES = 15
OPEN_MINUTES = 30
MOST_TRIES = 5
_MOST_OPEN = 5
_ASKED, _OPEN = "tracking_asked", "tracking_open"
_SALT = "portal.tracking.code"


@transaction.atomic
def ask(session: SessionBase, reference: str, contact: str) -> None:
    """Sends a code if they belong together. An earlier code of this browser stops working."""
    code, once = f"{secrets.randbelow(10**6):06}", secrets.token_hex(8)
    case = _case_of(reference)
    way = _way_to(case, contact) if case else None
    session[_ASKED] = {
        "case": case.pk if case and way else None,
        "hash": _hash(once, code),
        "once": once,
        "until": time.time() + CODE_MINUTES * 60,
        "tries": 0,
    }
    if case and way:
        queue_message(
            TRACK_CODE.key,
            key=f"track:{case.pk}:{once}",
            email=way.address if way.channel == MessageChannel.EMAIL else "",
            way=way if way.channel == MessageChannel.SMS else None,
            fields={"code": code, "reference": case.reference, "minutes": CODE_MINUTES},
        )


def is_asked(session: SessionBase) -> bool:
    asked: dict[str, Any] = session.get(_ASKED) or {"until": 0, "tries": 0}
    return bool(asked["until"] > time.time() and asked["tries"] < MOST_TRIES)


def open_with(session: SessionBase, typed: str) -> Case | None:
    """The request, when this is the code; the code is used up. Each wrong one is counted."""
    if not is_asked(session):
        return None
    asked: dict[str, Any] = session[_ASKED]
    digits = "".join(sign for sign in typed if sign.isdecimal())
    is_right = constant_time_compare(_hash(asked["once"], digits), asked["hash"]) and asked["case"] is not None
    if not is_right:
        session[_ASKED] = {**asked, "tries": asked["tries"] + 1}
        return None
    del session[_ASKED]
    case = Case.objects.filter(pk=asked["case"]).first()
    if case:
        open_here(session, case)
        session.cycle_key()
    return case


def open_here(session: SessionBase, case: Case) -> None:
    """For whoever proved that it is theirs, and for the browser that has just made it."""
    opened = [*_opened(session).items(), (case.reference, time.time() + OPEN_MINUTES * 60)]
    session[_OPEN] = dict(opened[-_MOST_OPEN:])


def opened_case(session: SessionBase, reference: str) -> Case | None:
    """The door: the request, if it was opened in this browser a short while ago."""
    if reference not in _opened(session):
        return None
    return Case.objects.select_related("service", "customer", "address").filter(reference=reference).first()


def finish(session: SessionBase) -> None:
    for name in (_ASKED, _OPEN):
        session.pop(name, None)


def _opened(session: SessionBase) -> dict[str, Any]:
    return {reference: until for reference, until in session.get(_OPEN, {}).items() if until > time.time()}


def _hash(once: str, code: str) -> str:
    return salted_hmac(_SALT, f"{once}:{code}", algorithm="sha256").hexdigest()


def _case_of(reference: str) -> Case | None:
    try:
        canonical = parse_reference(reference)
    except InvalidReferenceError:
        return None
    return Case.objects.select_related("customer").filter(reference=canonical).first()


def _way_to(case: Case, contact: str) -> Way | None:
    """The way to the person, if what was typed is an address or mobile number of the request or of its customer."""
    customer = case.customer
    if "@" in contact:
        known = {case.contact_email.lower(), customer.email.lower() if customer else ""} - {""}
        return Way(MessageChannel.EMAIL, contact.lower()) if contact.lower() in known else None
    number = normalised_phone(contact)
    known = {normalised_phone(text) for text in (case.contact_phone, customer.phone if customer else "") if text}
    if number not in known or phone_kind(number) != ContactKind.MOBILE or not is_offered(MessageChannel.SMS):
        return None
    return Way(MessageChannel.SMS, number)
