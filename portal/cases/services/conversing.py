"""The customer and the people who work on a request write to each other at it, and send files. It stands in its
timeline; an e-mail says only that there is something to read."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.actors import Actor
from barnet.customers.enums import Right
from barnet.kit.files.checking import CleanFile
from barnet.kit.languages import filled, in_english
from portal.cases.enums import EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Attachment, Case, SentFile, TimelineEntry
from portal.cases.services.photos import discard_files, store_photos
from portal.cases.services.telling import tell_reporter
from portal.cases.services.writing import is_repeat, lock_case, reached_us, said, write_contact, write_entry


@transaction.atomic
def write_message(
    case: Case, *, actor: Actor, text: str, file: CleanFile | None = None, is_read_now: bool = False
) -> TimelineEntry:
    """It changes nothing else, so it never makes another's form stale. Twice in a row is once. With a file the text may
    be empty. `is_read_now`: the customer has the conversation open, and gets no e-mail for each line. Raises
    MoveRefusedError when a customer writes to a request that is over, and when too many files were sent."""
    case = lock_case(case)
    if file and not text.strip():
        text = _words_of(file)
    text = said(text, _lazy("Write the message."))
    if is_repeat(case, EntryKind.MESSAGE, actor, public_text=text):
        last = case.timeline.latest("at", "id")
        if _sent_with(last) == ([file.sha256] if file else []):
            return last
    if actor.right != Right.STAFF and not case.is_open:
        raise MoveRefusedError(
            filled(_lazy("We are done with %(reference)s. Open it again if it is not right."), reference=case.reference)
        )
    attachment, is_new = _kept(case, file, actor) if file else (None, False)
    try:
        entry = write_entry(case, EntryKind.MESSAGE, actor=actor, subject=case.customer, public_text=text)
        if attachment:
            SentFile.objects.create(entry=entry, attachment=attachment)
        _tell(case, entry, actor, is_read_now=is_read_now)
    except BaseException:
        if attachment and is_new:
            discard_files([attachment])
        raise
    return entry


def _tell(case: Case, entry: TimelineEntry, actor: Actor, *, is_read_now: bool) -> None:
    if actor.right == Right.STAFF:
        if not is_read_now:
            tell_reporter(case, entry, "case-message")
        return
    if reached_us(actor) and case.wrote_at is None:  # one contact, however many lines
        write_contact(case, str(_lazy("Wrote to us")), actor=actor, subject=case.customer)
    case.wrote_at = case.wrote_at or timezone.now()
    case.save(update_fields=["wrote_at"])


# --- Files ------------------------------------------------------------------------------------------------------------


@in_english()
def _words_of(file: CleanFile) -> str:
    """Not its name: the words stay when the file is erased."""
    return _("A photo.") if file.is_image else _("A file.")


def _sent_with(entry: TimelineEntry) -> list[str]:
    return list(entry.sent_files.values_list("attachment__sha256", flat=True))


def _kept(case: Case, file: CleanFile, actor: Actor) -> tuple[Attachment, bool]:
    """Under the lock of the case: the file beside the request, and whether it is new there. One that staff had for
    themselves is for the customer from now on: they have it, or are given it here."""
    of_staff = Q(entry__right=Right.STAFF)
    sent = SentFile.objects.filter(of_staff if actor.right == Right.STAFF else ~of_staff, entry__case=case)
    if sent.count() >= settings.MESSAGE_FILES_MOST:
        sentence = _lazy("%(count)d files were sent with messages at this request. You cannot send more.")
        raise MoveRefusedError(filled(sentence, count=settings.MESSAGE_FILES_MOST))
    known = case.attachments.filter(sha256=file.sha256).first()
    if known is None:
        return store_photos(case, [file], actor=actor)[0], True
    if not known.is_public:
        known.is_public = True
        known.save(update_fields=["is_public"])
    return known, False
