"""A signed call with the entry and the request that it is about: docs/developers/back-offices.md."""

import json
import time
import uuid
from typing import Any

import requests
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnet.gazetteer.degrees import in_degrees
from portal.cases.delivery.calling import call
from portal.cases.delivery.keys import secrets_of
from portal.cases.delivery.kinds import OfficeKind, RefusedError, UnavailableError
from portal.cases.delivery.models import BackOffice, Delivery
from portal.cases.delivery.signing import signed_headers
from portal.cases.enums import CaseState, CaseUrgency
from portal.cases.models import Case

_WRONG_SIGNATURE = {401, 403}


def hand_over(delivery: Delivery) -> str:
    body = json.dumps(told(delivery), ensure_ascii=False).encode()
    answer, _is_newest = _signed_call(delivery.office, body, key=str(delivery.key))
    return _their_reference(answer.content)


def _signed_call(office: BackOffice, body: bytes, *, key: str) -> tuple[requests.Response, bool]:
    """The answer, and whether it was our newest secret that they know. Who has not put that in yet refuses the
    signature with 401 or 403: then it is signed as before, for as long as the one before counts."""
    secrets = secrets_of(office)
    if not secrets:
        raise UnavailableError("It has no secret yet, so calls cannot be signed.")
    for number, secret in enumerate(secrets, start=1):
        signed = signed_headers(secret, body, now=time.time())
        headers = {"Content-Type": "application/json", "Idempotency-Key": key, **signed}
        try:
            return call("POST", office.url, headers=headers, data=body), number == 1
        except RefusedError as refused:
            if refused.status not in _WRONG_SIGNATURE or number == len(secrets):
                raise
    raise AssertionError("one of them was answered")


def told(delivery: Delivery) -> dict[str, Any]:
    """The entry as it was written, the request as it is now."""
    entry = delivery.entry
    return {
        "delivery": str(delivery.key),
        "event": {
            "number": entry.pk,
            "kind": entry.kind,
            "at": entry.at.isoformat(),
            "state": entry.state,
            "text": entry.public_text,
        },
        "case": _case(delivery.case, delivery.office),
    }


def _case(case: Case, office: BackOffice) -> dict[str, Any]:
    lat, long = position_of(case)
    told = {
        "reference": case.reference,
        "service": case.service.slug,
        "title": case.title,
        "details": [{"label": label, "value": value} for label, value in case.details],
        "urgency": case.urgency,
        "opened_at": case.opened_at.isoformat(),
        "promise_on": case.promise_on.isoformat(),
        "place": case.place,
        "uprn": case.address_id,
        "lat": lat,
        "long": long,
        "outcome": case.outcome,
    }
    return told | ({"contact": contact_of(case)} if office.hears_contact else {})


def position_of(case: Case) -> tuple[float | None, float | None]:
    """WGS84, to ten centimetres."""
    return in_degrees(case.location) if case.location else (None, None)


def contact_of(case: Case) -> dict[str, str]:
    customer = case.customer
    return {
        "name": case.contact_name or (customer.name if customer else ""),
        "email": case.contact_email or (customer.email if customer else ""),
        "phone": case.contact_phone or (customer.phone if customer else ""),
    }


def _their_reference(answer: bytes) -> str:
    """`{"reference": "…"}`, if the office says so."""
    try:
        said = json.loads(answer)
    except ValueError:
        return ""
    reference = said.get("reference", "") if isinstance(said, dict) else ""
    return reference[:100] if isinstance(reference, str) and "\x00" not in reference else ""


# --- a test -----------------------------------------------------------------------------------------------------------


def try_out(office: BackOffice) -> str:
    """Shaped as what it hears every day, and of nobody: whoever does not know `test` reads so in the title."""
    key = str(uuid.uuid4())
    began = time.monotonic()
    answer, is_newest = _signed_call(office, json.dumps(_test(office, key), ensure_ascii=False).encode(), key=key)
    words = [
        _("It took the test and answered %(status)d after %(seconds).1f seconds.")
        % {"status": answer.status_code, "seconds": time.monotonic() - began}
    ]
    if reference := _their_reference(answer.content):
        words.append(_("It calls the test %(reference)s.") % {"reference": reference})
    if not is_newest:
        words.append(_("It knows an older secret only: put the newest in there before the older one ends."))
    return " ".join(words)


def _test(office: BackOffice, key: str) -> dict[str, Any]:
    now = timezone.now()
    service = office.services.order_by("slug").first()
    case: dict[str, Any] = {
        "reference": "TEST",
        "service": service.slug if service else "",
        "title": "Test of the connection: nothing is to be done",
        "details": [],
        "urgency": CaseUrgency.NORMAL,
        "opened_at": now.isoformat(),
        "promise_on": timezone.localdate(now).isoformat(),
        "place": "",
        "uprn": None,
        "lat": None,
        "long": None,
        "outcome": "",
        **({"contact": {"name": "", "email": "", "phone": ""}} if office.hears_contact else {}),
    }
    event = {"number": 0, "kind": "test", "at": now.isoformat(), "state": CaseState.RECEIVED, "text": case["title"]}
    return {"test": True, "delivery": key, "event": event, "case": case}


WEBHOOK = OfficeKind("webhook", gettext_lazy("Signed call"), hand_over, try_out=try_out)
