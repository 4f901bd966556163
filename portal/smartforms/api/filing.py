"""Files that answer a question, sent one by one before the answer names them."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from barnet.kit.files.checking import check_file
from portal.smartforms.definition.model import Question, StepKind
from portal.smartforms.files.keeping import NewFile, store
from portal.smartforms.models import Draft, DraftState, FormFile
from portal.smartforms.running import saving
from portal.smartforms.running.run import Run


def asked(run: Run, place: str) -> Question | None:
    """The question at `key`, or `group.key`, when it is shown now and answered with files."""
    for shown in run.walk.steps:
        before = f"{shown.step.key}." if shown.step.kind is StepKind.GROUP else ""
        for question in shown.questions:
            if before + question.key == place and question.kind == "files":
                return question
    return None


def keep(run: Run, place: str, question: Question, upload: File) -> dict[str, Any]:
    """Raises ValidationError with the sentences that a page would show."""
    new = NewFile(check_file(upload))
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=run.draft.pk)
        rows = FormFile.objects.filter(draft=draft)
        if draft.state != DraftState.OPEN:
            raise ValidationError(_("This form was sent already."))
        is_known = rows.filter(question=place, sha256=new.clean.sha256).exists()
        if not is_known and (_is_full(run, rows.filter(question=place).count(), place, question) or _is_over(rows)):
            words = _("You can send at most %(most)d files for “%(label)s”. Remove one to send another.")
            raise ValidationError(words % {"most": _most(question), "label": question.label})
        store(draft.pk, place, [new])
    return dict(new)


def _most(question: Question) -> int:
    return min(int(question.most or settings.FORM_FILES_MOST), settings.FORM_FILES_MOST)


def _is_full(run: Run, count: int, place: str, question: Question) -> bool:
    """In a group each thing may have so many."""
    step = next((shown.step for shown in run.walk.steps if place == f"{shown.step.key}.{question.key}"), None)
    return count >= _most(question) * (step.most if step else 1)


def _is_over(rows: Any) -> bool:
    return rows.count() >= settings.FORM_FILES_OF_DRAFT


def remove(run: Run, file_id: uuid.UUID) -> None:
    """The file, and its name in the answers: a question that needs one is open again."""
    saving.remove_file(run, file_id)
