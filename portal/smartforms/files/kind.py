"""The question that is answered with files: several, from a telephone's camera or a disk, each can be taken back."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.forms import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from barnet.kit.fields import FieldView
from barnet.kit.files.checking import check_file
from barnet.kit.files.sorts import ACCEPT, TAKEN
from portal.documents.models import Document
from portal.smartforms.definition.model import Question
from portal.smartforms.files.keeping import NewFile, discard, ids_in, named, rows_of, store
from portal.smartforms.files.seen import SETUP, SeenDocument, offered_to
from portal.smartforms.kinds.composed import Parts, Sent
from portal.smartforms.kinds.registry import ASK_MORE, Asking, Family, Kind, common
from portal.smartforms.models import FormFile


class _FilesWidget(Parts):
    template = "smartforms/kinds/files.html"
    needs_multipart_form = True

    def context(self, view: FieldView) -> dict[str, Any]:
        field: Any = view.bound.field
        items = field.shown_files(view.bound)
        named = field.documents_named(items)
        return {
            "name": view.bound.html_name,
            "items": [{**item, "is_document": item["id"] in named} for item in items if item["id"]],
            "room": max(field.most - len(items), 0),
            "offered": [document for document in field.offered if document.pk not in named.values()],
            "limits": field.limits,
            "accept": ACCEPT,
        }

    def errors_of(self, bound: BoundField) -> list[tuple[str, str]]:
        return [(sentence, f"id_{bound.html_name}") for sentence in self.own_errors_of(bound)]


class FilesField(forms.Field):
    """After `clean`, `answer` holds the files that stay, also when something was wrong with others."""

    widget = _FilesWidget

    def __init__(self, question: Question, asking: Asking) -> None:
        super().__init__(**common(question))
        self.question, self.draft_id = question, asking.draft_id
        self.asking = asking
        most = int(question.most or settings.FORM_FILES_MOST)
        self.most = min(most, settings.FORM_FILES_MOST)
        self.least = max(int(question.least or 0), 1 if question.required else 0)
        self.answer: list[Any] | None = None

    @cached_property
    def offered(self) -> list[Document]:
        """What we have seen already."""
        return offered_to(self.question, self.asking)

    def documents_named(self, items: list[Any]) -> dict[str, int]:
        """Which of the items are no files but documents: no query for a question that never offers any."""
        ids = [item["id"] for item in items if item["id"]]
        if not ids or not self.question.setup:
            return {}
        rows = FormFile.objects.filter(draft=self.draft_id, pk__in=ids, document__isnull=False)
        return {str(pk): document for pk, document in rows.values_list("pk", "document")}

    @property
    def limits(self) -> str:
        largest = filesizeformat(settings.FORM_FILE_MAX_BYTES)
        if self.most == 1:
            return _t("One file of up to %(size)s: %(kinds)s.") % {"size": largest, "kinds": TAKEN}
        words = _t("Up to %(most)d files of up to %(size)s each: %(kinds)s.")
        return words % {"most": self.most, "size": largest, "kinds": TAKEN}

    def clean(self, value: Any) -> Any:
        sent = value if isinstance(value, Sent) else Sent.nothing()
        removed = sent.data.get(f"{sent.name}-remove", "")
        kept = rows_of(self.draft_id, self.question.key, sent.data.getlist(f"{sent.name}-kept"))
        kept = [row for row in kept if str(row.pk) != removed]
        chosen = self._chosen(sent.data.getlist(f"{sent.name}-document"), kept)
        new, errors = self._arrived(sent.files.getlist(sent.name), kept, less=len(chosen))
        self.answer = [*map(named, kept), *chosen, *new]
        is_asking = bool(removed) or f"{sent.name}-upload" in sent.data
        if is_asking:
            errors.append(ValidationError(_t("More files can be added."), code=ASK_MORE))
        elif not errors and len(self.answer) < self.least and (self.answer or self.required):
            errors.append(self._too_few())
        if errors:
            raise ValidationError(errors)
        return self.answer

    def _chosen(self, keys: list[str], kept: list[FormFile]) -> list[SeenDocument]:
        """Of those that are offered, in place of an upload; what is not offered is not there."""
        used = {row.document_id for row in kept}
        wanted = [paper for paper in self.offered if str(paper.pk) in keys and paper.pk not in used]
        return [SeenDocument(paper) for paper in wanted[: max(self._room(len(kept)), 0)]]

    def _arrived(
        self, uploads: list[File], kept: list[FormFile], *, less: int = 0
    ) -> tuple[list[NewFile], list[ValidationError]]:
        new: list[NewFile] = []
        errors: list[ValidationError] = []
        known = {row.sha256 for row in kept}
        room = self._room(len(kept)) - less
        for upload in uploads:
            if len(new) >= room:
                errors.append(self._too_many())
                break
            try:
                clean = check_file(upload)
            except ValidationError as error:
                errors += error.error_list
                continue
            if clean.sha256 not in known:
                known.add(clean.sha256)
                new.append(NewFile(clean))
        return new, errors

    def _room(self, kept: int) -> int:
        of_draft = FormFile.objects.filter(draft=self.draft_id).count() if self.draft_id else 0
        return min(self.most - kept, settings.FORM_FILES_OF_DRAFT - of_draft)

    def _too_few(self) -> ValidationError:
        if self.least == 1:
            sentence = _t("Choose a file for “%(label)s”") % {"label": self.label}
        else:
            sentence = _t("Choose at least %(least)d files for “%(label)s”") % {
                "least": self.least,
                "label": self.label,
            }
        return ValidationError(sentence, code="too_few")

    def _too_many(self) -> ValidationError:
        sentence = _t("You can send at most %(most)d files for “%(label)s”. Remove one to send another.")
        return ValidationError(sentence % {"most": self.most, "label": self.label}, code="too_many")

    def shown_files(self, bound: BoundField) -> list[Any]:
        if bound.form.is_bound and bound.form.errors is not None and self.answer is not None:
            return self.answer
        value = bound.value()
        return value if isinstance(value, list) else []

    def store(self, draft_id: Any, place: str) -> None:
        """What has arrived stays, whatever else is wrong with the page."""
        if self.answer:
            store(draft_id, place, self.answer)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def _sample(name: str) -> bytes:
    """A small PDF, another one for each name."""
    body = b"%PDF-1.4\n%" + name.encode() + b"\n1 0 obj<</Type/Catalog>>endobj\n"
    return body + b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


@dataclass(frozen=True)
class _Files(Kind):
    def from_json(self, kept: Any) -> Any:
        if not isinstance(kept, list) or not all(isinstance(item, dict) and _is_named(item) for item in kept):
            raise ValueError("A list of files, each with id, name and size, is needed here.")
        return kept

    def in_words(self, question: Question, value: Any) -> str:
        return ", ".join(f"{item['name']} ({filesizeformat(item['size'])})" for item in value)

    def keep(self, draft: Any, place: str, value: Any, before: Any) -> Any:
        if value:
            store(draft.pk, place, value)
        gone = ids_in(before) - ids_in(value)
        if gone:
            discard(rows_of(draft.pk, place.rpartition(".")[2], gone))
        return value and [dict(item) for item in value]

    def posted(self, name: str, value: Any) -> dict[str, list[Any]]:
        return {f"{name}-kept": [item["id"] for item in value if item["id"]]}

    def posted_files(self, name: str, value: Any) -> dict[str, list[File]]:
        return {name: [ContentFile(_sample(item["name"]), item["name"]) for item in value if not item["id"]]}

    def example_of(self, question: Question, on: dt.date) -> Any:
        """So many different ones as are needed, not stored yet."""
        count = max(int(question.least or 1), 1)
        names = [f"letter{number}.pdf" for number in range(count)]
        return [{"id": "", "name": name, "size": len(_sample(name))} for name in names]


def _is_named(item: dict[str, Any]) -> bool:
    return item.keys() == {"id", "name", "size"} and isinstance(item["name"], str) and type(item["size"]) is int


KINDS = (_Files("files", _("Files or photos"), Family.THING, FilesField, setup=SETUP),)
