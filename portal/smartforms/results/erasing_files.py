"""A file that came as the answer to a question, and should not have, is erased for good; the trace stays."""

from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.actors import Actor
from barnet.kit.languages import in_english
from barnet.kit.uploads import clean_photo
from portal.cases.enums import EntryKind
from portal.cases.models import Case
from portal.cases.services.erasing import FEWEST_SIGNS, erase_words_everywhere, eraser_of
from portal.cases.services.files import remove_file
from portal.cases.services.writing import lock_case, said, save, write_entry
from portal.smartforms.files.keeping import discard
from portal.smartforms.models import Answer, AnswerCorrection, FormFile

_APPEND_ONLY = "smartforms.AnswerCorrection:append_only"
ERASED = _lazy("A file that was erased")


@in_english()
@transaction.atomic
def erase_answer_file(file: FormFile, case: Case, *, actor: Actor, why: str) -> None:
    """The bytes, every name of it, and the copy that everybody may see. Twice is once. Raises MoveRefusedError."""
    why = said(why, _lazy("Write why it is erased."))
    case = lock_case(case)
    gone = FormFile.objects.filter(pk=file.pk, submission__case=case, document=None).first()
    if gone is None:
        return
    for copy in case.attachments.filter(sha256__in=_copies_of(gone)):
        remove_file(copy)
    _forget_name(gone, case)
    discard([gone])
    case.refresh_from_db()
    save(case)
    write_entry(
        case,
        EntryKind.ERASED,
        actor=actor,
        subject=case.customer,
        public_text=_("We erased a file that should not have been here."),
        internal_text=_("A file among the answers was erased. Why: %(why)s") % {"why": why},
    )


def _copies_of(file: FormFile) -> list[str]:
    """Fingerprints of what `portal.reports` makes of a photo for everybody: it is written anew in the same way."""
    if not file.content_type.startswith("image/"):
        return []
    try:
        with file.file.open("rb") as opened:
            return [file.sha256, clean_photo(opened).sha256]
    except (FileNotFoundError, ValidationError):
        return [file.sha256]


def _forget_name(file: FormFile, case: Case) -> None:
    """A name may say as much as the file: it goes from the answers, from what stood there before, and from the case."""
    key = str(file.pk)
    for answer in Answer.objects.filter(submission=file.submission, kind="files"):
        if any(item.get("id") == key for item in answer.value or []):
            answer.value = _without(answer.value, key)
            answer.words = answer.words.replace(file.name, str(ERASED))
            answer.save(update_fields=["value", "words"])
    with pgtrigger.ignore(_APPEND_ONLY):
        for row in AnswerCorrection.objects.filter(answer__submission=file.submission, answer__kind="files"):
            AnswerCorrection.objects.filter(pk=row.pk).update(
                before=_without(row.before, key), words_before=row.words_before.replace(file.name, str(ERASED))
            )
    if len(file.name) >= FEWEST_SIGNS:
        erase_words_everywhere(case, eraser_of(file.name))


def _without(value: Any, key: str) -> Any:
    return [item for item in value if item.get("id") != key] if isinstance(value, list) else value
