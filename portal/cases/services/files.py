"""Files beside a request that are no photos, and the end of a file that should never have been there."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.actors import Actor
from barnet.kit.files import sweeping
from barnet.kit.files.checking import CleanFile
from barnet.kit.files.sweeping import Shelf
from barnet.kit.languages import filled, in_english
from barnet.kit.wording import moment
from portal.cases.enums import EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Attachment, Case
from portal.cases.services.photos import attach_photo, beside, store_photos
from portal.cases.services.writing import lock_case, said, save, write_entry

SHELF = Shelf("cases.Attachment", "cases")


@in_english()
@transaction.atomic
def attach_file(case: Case, *, actor: Actor, file: CleanFile, is_public: bool = True, caption: str = "") -> Attachment:
    """Adds one file; a photo becomes a photo. The same file twice is kept once; the customer and staff may add
    `ATTACHMENT_FILES_MOST` each. Raises MoveRefusedError."""
    if file.is_image:
        return attach_photo(case, actor=actor, photo=file, is_public=is_public, caption=caption)
    case = lock_case(case)
    if known := case.attachments.filter(sha256=file.sha256).first():
        return known
    if beside(case, actor).papers().count() >= settings.ATTACHMENT_FILES_MOST:
        sentence = _lazy("This request already has %(count)d files. You cannot add more.")
        raise MoveRefusedError(filled(sentence, count=settings.ATTACHMENT_FILES_MOST))
    [attachment] = store_photos(case, [file], actor=actor, is_public=is_public)
    text = f"{caption} ({attachment.name})" if caption else attachment.name
    write_entry(
        case,
        EntryKind.FILE,
        actor=actor,
        subject=case.customer,
        public_text=text if is_public else "",
        internal_text="" if is_public else text,
    )
    return attachment


@in_english()
@transaction.atomic
def erase_file(attachment: Attachment, *, actor: Actor, why: str) -> None:
    """For good: the row, what named it (a crew's job, the page for everybody), and the bytes when this is committed.
    That it happened, who did it, when and why stays in the timeline, without the name of the file."""
    why = said(why, _lazy("Write why it is erased."))
    case = lock_case(attachment.case)
    gone = Attachment.objects.filter(pk=attachment.pk).first()
    if gone is None:  # pressed twice
        return
    what = {"size": filesizeformat(gone.size), "at": moment(gone.added_at), "why": why}
    words = _("A photo (%(size)s) of %(at)s was erased. Why: %(why)s")
    if not gone.is_photo:
        words = _("A file (%(size)s) of %(at)s was erased. Why: %(why)s")
    was_public = gone.is_public
    remove_file(gone)
    save(case)
    write_entry(
        case,
        EntryKind.ERASED,
        actor=actor,
        subject=case.customer,
        public_text=_("We erased a file that should not have been here.") if was_public else "",
        internal_text=words % what,
    )


def remove_file(attachment: Attachment) -> None:
    """Inside a transaction: the row now, the bytes when it is committed."""
    name, storage = str(attachment.file.name), attachment.file.storage
    attachment.delete()
    transaction.on_commit(partial(storage.delete, name), robust=True)


def sweep_leftovers() -> str:
    """Bytes whose row is gone: a deletion that failed is made good here."""
    return f"{len(sweeping.sweep(SHELF))} deleted"
