"""Certify a paper, open it, rely on it, withdraw it. Nothing else changes a document."""

import datetime as dt
import hashlib
from functools import partial

import structlog
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.customers.models import Customer, User
from barnet.kit.files import sweeping
from barnet.kit.files.checking import CleanFile
from barnet.kit.files.sweeping import Shelf
from barnet.kit.wording import date_long
from portal.cases.enums import ContactOutcome
from portal.cases.models import Case, ContactReason
from portal.cases.services import Noted, log_contact
from portal.documents.errors import ChangedDocumentError, NotProofError, StillReliedOnError
from portal.documents.models import Document, DocumentKind, Reliance
from portal.documents.selectors import open_requests_relying_on

SHELF = Shelf("documents.Document", "documents")
REASON = "Show a document"  # of the contact that certifying is
log = structlog.get_logger("portal.documents")


def certify(
    customer: Customer,
    *,
    kind: DocumentKind,
    scan: CleanFile,
    dated_on: dt.date,
    expires_on: dt.date | None,
    place: str,
    by: User,
    submission_key: str,
) -> Document:
    """The same filled form twice is one document, and one contact at the desk. Raises NotProofError for a paper that
    proves nothing today."""
    valid_until = kind.valid_until(dated_on, expires_on)
    if valid_until < timezone.localdate():
        sentence = _("This paper stopped proving anything on %(day)s. Ask for a newer one.")
        raise NotProofError(sentence % {"day": date_long(valid_until)})
    if earlier := Document.objects.filter(submission_key=submission_key).first():
        return earlier
    document = Document(
        customer=customer,
        kind=kind,
        content_type=scan.content_type,
        size=scan.size,
        sha256=scan.sha256,
        dated_on=dated_on,
        expires_on=expires_on,
        valid_until=valid_until,
        place=place,
        certified_by=by,
        submission_key=submission_key,
    )
    document.file.save("scan", scan.content, save=False)  # never under a name that somebody chose
    try:
        with transaction.atomic():
            document.save()
            _log_visit(document)
    except IntegrityError:  # the button was pressed twice, and the other press was quicker
        _delete_file(str(document.file.name))
        if earlier := Document.objects.filter(submission_key=submission_key).first():
            return earlier
        raise
    except BaseException:
        _delete_file(str(document.file.name))
        raise
    return document


def _log_visit(document: Document) -> None:
    """They were at the desk: the page of the customer shows it among their contacts. Staff may stop offering the reason
    and change what is usual for it; one that they gave another name is made anew."""
    reason, _made = ContactReason.objects.get_or_create(name=REASON)
    log_contact(
        actor=Actor.staff(document.certified_by, Channel.FACE_TO_FACE),
        subject=document.customer,
        summary=str(document),
        submission_key=f"document:{document.pk}",
        noted=Noted(reason=reason, outcome=ContactOutcome.ANSWERED, is_settled=True),
    )


def open_scan(document: Document) -> ContentFile:
    """The stored file, once its fingerprint was found to be that of the certification. Whoever calls has asked whether
    this person may read it, and recorded it. Raises ChangedDocumentError: the document proves nothing from then on."""
    content: bytes | None = None
    if document.file:
        try:
            with document.file.open("rb") as file:
                content = file.read()
        except FileNotFoundError:
            content = None
    if content is None or hashlib.sha256(content).hexdigest() != document.sha256:
        if document.file:
            log.error(
                "certified document is not what was certified", document=document.pk, is_there=content is not None
            )
            Document.objects.filter(pk=document.pk, changed_at=None).update(changed_at=timezone.now())
        raise ChangedDocumentError
    return ContentFile(content)


@transaction.atomic
def rely_on(document: Document, case: Case, *, by: User | None) -> Reliance:
    """The request names the document as proof, with its fingerprint. Raises NotProofError. Twice is once."""
    locked = Document.objects.select_for_update(of=("self",)).select_related("kind").get(pk=document.pk)
    if earlier := Reliance.objects.filter(document=locked, case=case).first():
        return earlier
    if locked.customer_id != case.customer_id:
        raise NotProofError(_("This document is somebody else's."))
    if why := locked.why_not(timezone.localdate()):
        sentence = _("We can no longer use “%(document)s”: %(why)s.")
        raise NotProofError(sentence % {"document": locked, "why": why.lower()})
    return Reliance.objects.create(document=locked, case=case, sha256=locked.sha256, by=by)


@transaction.atomic
def withdraw(document: Document, *, by: User, because: str) -> None:
    """Staff: it proves nothing from now on. The scan goes at once, or with the retention of what relies on it."""
    locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    _withdraw(locked, by=by, because=because)
    if not open_requests_relying_on(locked):
        erase_scan(locked)


@transaction.atomic
def remove(document: Document, *, by: User) -> None:
    """The person themselves: the scan goes for good. Raises StillReliedOnError while an open request relies on it."""
    locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if relying := open_requests_relying_on(locked):
        sentence = _("We need this document until these requests are closed: %(requests)s.")
        raise StillReliedOnError(sentence % {"requests": ", ".join(case.reference for case in relying)})
    _withdraw(locked, by=by, because=_("The person asked for it."))
    erase_scan(locked)


def _withdraw(locked: Document, *, by: User, because: str) -> None:
    if locked.withdrawn_at is None:
        locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = timezone.now(), by, because
        locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])


def erase_scan(document: Document) -> None:
    """Inside a transaction. The bytes go when it is committed: a row without its file would be a broken page."""
    if document.file:
        transaction.on_commit(partial(_delete_file, str(document.file.name)), robust=True)
        document.file = ""
        document.save(update_fields=["file"])


def _delete_file(name: str) -> None:
    SHELF.storage.delete(name)


def sweep_leftovers() -> str:
    return f"{len(sweeping.sweep(SHELF))} deleted"
