"""The doors to documents, and what may be used as proof."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone

from barnet.catalogue.enums import ContactKind
from barnet.catalogue.models import HelpPoint
from barnet.customers.models import Customer, User
from barnet.customers.services import record_access
from portal.cases.enums import OPEN_STATES
from portal.cases.models import Case
from portal.documents.enums import Proof
from portal.documents.models import Document, DocumentKind, DocumentQuerySet, Reliance

VIEW, CERTIFY, READ = "documents.view_document", "documents.certify_document", "documents.read_document"


def documents_of(customer: Customer) -> DocumentQuerySet:
    """Newest first, each with the requests that rely on it, in two queries."""
    reliances = Prefetch("reliances", Reliance.objects.select_related("case"))
    found = Document.objects.filter(customer=customer).select_related("kind", "certified_by")
    return found.prefetch_related(reliances)


def valid_documents(
    customer: Customer, *, proves: Collection[str] = tuple(Proof.values), on: dt.date | None = None
) -> DocumentQuerySet:
    """Those that prove one of `proves` today: what a service offers instead of asking again."""
    mine = Document.objects.filter(customer=customer, kind__proves__overlap=list(proves))
    return mine.valid_on(on or timezone.localdate()).select_related("kind", "certified_by")


def document_for_staff(user: User, pk: int, *, purpose: str) -> Document:
    """The door for staff: 403 without the permission. That its page was read is recorded."""
    if not user.has_perm(VIEW):
        raise PermissionDenied
    found = Document.objects.select_related("kind", "certified_by", "withdrawn_by", "customer__user").filter(pk=pk)
    document = found.first()
    if document is None:
        raise Http404
    record_access(actor=user, customer=document.customer, what=f"document {document.pk}", purpose=purpose)
    return document


def own_document(customer: Customer, pk: int) -> Document:
    """The door for the person themselves. 404 for everybody else's."""
    document = documents_of(customer).filter(pk=pk).first()
    if document is None:
        raise Http404
    return document


def relied_on(case: Case) -> list[Reliance]:
    found = Reliance.objects.filter(case=case)
    return list(found.select_related("document__kind", "document__certified_by", "by"))


def open_requests_relying_on(document: Document) -> list[Case]:
    relying = Reliance.objects.filter(document=document).values("case")
    return list(Case.objects.filter(pk__in=relying, state__in=OPEN_STATES).order_by("opened_at"))


def may_read(user: User, document: Document) -> bool:
    """By right; and whoever certified it, on the same day: to see that it can be read."""
    is_new = timezone.localdate(document.certified_at) == timezone.localdate()
    return user.has_perm(READ) or (user.has_perm(CERTIFY) and document.certified_by_id == user.pk and is_new)


def offered_kinds() -> list[DocumentKind]:
    return list(DocumentKind.objects.filter(is_offered=True))


def desks() -> list[str]:
    """The libraries where somebody helps, by name."""
    points = HelpPoint.objects.filter(kind=ContactKind.COUNTER).values_list("label", flat=True)
    return list(dict.fromkeys(points))


def last_place_of(user: User) -> str:
    """Where this member of staff certified last: most likely where they are."""
    newest = Document.objects.filter(certified_by=user).order_by("-certified_at")
    return newest.values_list("place", flat=True).first() or ""
