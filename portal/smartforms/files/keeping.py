"""Files in the private storage, each with its row. A row and its file come and go together: a file is deleted when the
change that removed its row is committed."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from barnet.kit.files.checking import CleanFile
from portal.smartforms.files.seen import SeenDocument, use
from portal.smartforms.models import Draft, FormFile, Submission


class NewFile(dict[str, Any]):
    """As an answer names a file, `{"id", "name", "size"}`; without an id until it is stored."""

    def __init__(self, clean: CleanFile) -> None:
        super().__init__(id="", name=clean.name, size=clean.size)
        self.clean = clean


def named(row: FormFile) -> dict[str, Any]:
    return {"id": str(row.pk), "name": row.name, "size": row.size}


def rows_of(draft_id: uuid.UUID | None, question: str, ids: Iterable[str]) -> list[FormFile]:
    """Those of the draft's question, in the order asked; what is not its own is not there. In a group any thing's."""
    wanted = dict.fromkeys(found for text in ids if (found := _uuid(text)))
    if draft_id is None or not wanted:
        return []
    rows = {row.pk: row for row in FormFile.objects.filter(draft=draft_id, pk__in=list(wanted))}
    there = (rows[pk] for pk in wanted if pk in rows)
    return [row for row in there if row.question == question or row.question.endswith(f".{question}")]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@transaction.atomic
def store(draft_id: uuid.UUID, place: str, items: Iterable[Mapping[str, Any]]) -> None:
    """Gives each new file its id. The same file sent twice is kept once."""
    stored: list[FormFile] = []
    try:
        for item in items:
            if isinstance(item, NewFile) and not item["id"]:
                item["id"] = str(_row_of(draft_id, place, item.clean, stored).pk)
            elif isinstance(item, SeenDocument) and not item["id"]:
                item["id"] = str(_reference_to(draft_id, place, item).pk)
    except BaseException:
        for row in stored:
            row.file.storage.delete(str(row.file.name))
        raise


def _row_of(draft_id: uuid.UUID, place: str, clean: CleanFile, stored: list[FormFile]) -> FormFile:
    known = FormFile.objects.filter(draft=draft_id, question=place, sha256=clean.sha256).first()
    if known:
        return known
    row = FormFile(
        draft_id=draft_id,
        question=place,
        name=clean.name,
        content_type=clean.content_type,
        size=clean.size,
        sha256=clean.sha256,
    )
    row.file.save(f"{row.pk}", clean.content, save=False)  # never under a name that somebody chose
    stored.append(row)
    row.save()
    return row


def _reference_to(draft_id: uuid.UUID, place: str, item: SeenDocument) -> FormFile:
    document = item.document
    about = {"content_type": document.content_type, "size": document.size, "sha256": document.sha256}
    known = FormFile.objects.filter(draft=draft_id, question=place, document=document).first()
    return known or FormFile.objects.create(
        draft_id=draft_id, question=place, document=document, name=item["name"], **about
    )


def discard(rows: Iterable[FormFile]) -> None:
    """Inside a transaction."""
    for row in rows:
        name, storage = str(row.file.name), row.file.storage
        row.delete()
        if not name:  # it named a document, which stays
            continue
        transaction.on_commit(lambda name=name, storage=storage: storage.delete(name), robust=True)  # type: ignore[misc]


def hand_over(draft: Draft, submission: Submission, answers: Any) -> None:
    """When a form is sent: the files of the answers that count. The others go, as hidden answers do. Raises
    NotGoodAnyMoreError for a document that proves nothing any more."""
    counted = ids_in(answers)
    rows = FormFile.objects.filter(draft=draft)
    discard(row for row in rows if str(row.pk) not in counted)
    use(submission, rows.select_related("document"), by=submission.actor)
    rows.update(draft=None, submission=submission)


def ids_in(answers: Any) -> set[str]:
    """Of the files that answers in JSON name, those in groups too."""
    found: set[str] = set()
    if isinstance(answers, Mapping):
        if isinstance(answers.get("id"), str):
            found.add(answers["id"])
        answers = answers.values()
    if isinstance(answers, Iterable) and not isinstance(answers, str):
        for part in answers:
            found |= ids_in(part)
    return found
