"""Photos and other files: checked by the kit before they come here, kept in the private storage."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.actors import Actor
from barnet.customers.enums import Right
from barnet.kit.files.checking import CleanFile
from barnet.kit.languages import filled, in_english
from barnet.kit.uploads import CleanPhoto
from portal.cases.enums import EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Attachment, Case
from portal.cases.models.files import AttachmentQuerySet
from portal.cases.services.writing import lock_case, write_entry


@in_english()
@transaction.atomic
def attach_photo(
    case: Case, *, actor: Actor, photo: CleanPhoto | CleanFile, is_public: bool = True, caption: str = ""
) -> Attachment:
    """Adds one photo. The same photo twice is kept once; the customer and staff may add three each."""
    case = lock_case(case)
    known = case.attachments.filter(sha256=photo.sha256).first()
    if known:
        return known
    side = beside(case, actor).photos()
    if side.count() >= settings.ATTACHMENT_MAX_COUNT:
        raise MoveRefusedError(
            filled(
                _lazy("This request already has %(count)d photos. You cannot add more."),
                count=settings.ATTACHMENT_MAX_COUNT,
            )
        )
    [attachment] = store_photos(case, [photo], actor=actor, is_public=is_public)
    write_entry(
        case,
        EntryKind.PHOTO,
        actor=actor,
        subject=case.customer,
        public_text=(caption or _("A photo was added.")) if is_public else "",
        internal_text="" if is_public else (caption or _("A photo for staff was added.")),
    )
    return attachment


def beside(case: Case, actor: Actor) -> AttachmentQuerySet:
    """What this side, the customer's or staff, added to the request: what came with a message has its own limit."""
    of_staff = Q(added_by__is_staff=True, added_by__isnull=False)
    side = of_staff if actor.right == Right.STAFF else ~of_staff
    return Attachment.objects.filter(side, case=case, sent_with=None)


def store_photos(
    case: Case, photos: Iterable[CleanPhoto | CleanFile], *, actor: Actor, is_public: bool = True
) -> list[Attachment]:
    """Writes the files and their rows. A file whose row is rolled back with its transaction is removed again."""
    stored: list[Attachment] = []
    seen: set[str] = set()
    try:
        for photo in photos:
            if photo.sha256 in seen or case.attachments.filter(sha256=photo.sha256).exists():
                continue
            seen.add(photo.sha256)
            attachment = Attachment(
                case=case,
                name=photo.name[:150],
                content_type=photo.content_type,
                size=photo.size,
                sha256=photo.sha256,
                added_by=actor.user,
                is_public=is_public,
            )
            attachment.file.save(photo.name, photo.content, save=False)
            stored.append(attachment)
            attachment.save()
    except BaseException:
        discard_files(stored)
        raise
    return stored


def discard_files(attachments: Iterable[Attachment]) -> None:
    for attachment in attachments:
        attachment.file.storage.delete(str(attachment.file.name))
