"""A signed call with the entry and the request that it is about: docs/developers/back-offices.md."""

import json
import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.degrees import in_degrees
from portal.cases.delivery.calling import call
from portal.cases.delivery.kinds import OfficeKind
from portal.cases.delivery.models import BackOffice, Delivery
from portal.cases.delivery.signing import signed_headers
from portal.cases.models import Case


def hand_over(delivery: Delivery) -> str:
    body = json.dumps(told(delivery), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": str(delivery.key),
        **signed_headers(delivery.office.secret, body, now=time.time()),
    }
    return _their_reference(call("POST", delivery.office.url, headers=headers, data=body).content)


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


WEBHOOK = OfficeKind("webhook", _("Signed call"), hand_over)
