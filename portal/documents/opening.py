"""A scan is shown by right, for a purpose that is given, and for a quarter of an hour. Each look leaves a record."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from barnet.customers.models import User
from barnet.customers.services import record_access
from portal.documents.models import Document
from portal.documents.selectors import may_read

OPEN_FOR = dt.timedelta(minutes=15)
_SESSION = "documents_open"
_MOST = 10  # documents that one session has open


def open_for(request: HttpRequest, document: Document, *, purpose: str) -> None:
    others = {key: kept for key, kept in _open(request).items() if key != str(document.pk)}
    until = (timezone.now() + OPEN_FOR).isoformat()
    kept = [*others.items(), (str(document.pk), {"purpose": purpose, "until": until})][-_MOST:]
    request.session[_SESSION] = dict(kept)


def shut(request: HttpRequest, document: Document) -> None:
    request.session[_SESSION] = {key: kept for key, kept in _open(request).items() if key != str(document.pk)}


def open_until(request: HttpRequest, document: Document) -> dt.datetime | None:
    """Until when this session shows it, None when it does not. The right is looked up again by each page."""
    user, kept = request.user, _open(request).get(str(document.pk))
    if kept is None or not isinstance(user, User) or not may_read(user, document):
        return None
    return dt.datetime.fromisoformat(kept["until"])


def record_reading(request: HttpRequest, document: Document) -> None:
    """While it is open, for whoever is given the bytes."""
    purpose = _open(request)[str(document.pk)]["purpose"]
    what = f"scan of document {document.pk}"
    record_access(actor=request.user, customer=document.customer, what=what, purpose=purpose)  # type: ignore[arg-type]


def _open(request: HttpRequest) -> dict[str, dict[str, Any]]:
    kept, now = request.session.get(_SESSION, {}), timezone.now()
    return {key: row for key, row in kept.items() if dt.datetime.fromisoformat(row["until"]) > now}
