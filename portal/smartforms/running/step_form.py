"""The questions of one page as a form of Django's: a field for each, named by its key."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any as Anything

from django import forms
from django.core.exceptions import ValidationError

from portal.smartforms.answers import is_given
from portal.smartforms.definition.model import Question
from portal.smartforms.evaluating import Value
from portal.smartforms.files.kind import FilesField
from portal.smartforms.kinds import ASK_MORE, Asking, kind_of


class StepForm(forms.Form):
    """`given`: the answers that are shown first. After `is_valid()`, `answers` holds what was given. `asks_more`: a
    question needs another round, such as a choice among addresses, and the page is shown again."""

    asks_more = False

    def __init__(
        self,
        data: Anything = None,
        files: Anything = None,
        *,
        questions: Iterable[Question],
        asking: Asking,
        given: Mapping[str, Value] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(given or {}))
        self.questions = tuple(questions)
        for question in self.questions:
            self.fields[question.key] = kind_of(question).field(question, asking)

    def full_clean(self) -> None:
        """When a button inside a question was pressed, only that question is looked at."""
        super().full_clean()
        errors = self.errors.as_data()
        asking = [name for name, found in errors.items() if any(error.code == ASK_MORE for error in found)]
        self.asks_more = bool(asking)
        if asking:
            for name in errors.keys() - set(asking):
                del self.errors[name]

    @property
    def answers(self) -> dict[str, Value]:
        """What was answered well. Of files those that may stay, also when others were refused."""
        found = {name: getattr(field, "answer", None) for name, field in self.fields.items()}
        return {key: value for key, value in {**found, **self.cleaned_data}.items() if is_given(value)}

    @property
    def good(self) -> set[str]:
        """The questions whose answer may be kept as it is now, an emptied list of files too."""
        emptied = {name for name, field in self.fields.items() if getattr(field, "answer", None) is not None}
        return {*self.answers, *emptied}

    def store_files(self, draft_id: uuid.UUID, group: str = "") -> None:
        """Nobody sends a file twice because something else on the page was wrong."""
        for name, field in self.fields.items():
            if isinstance(field, FilesField):
                field.store(draft_id, f"{group}.{name}" if group else name)

    def refuse(self, question: Question, message: str) -> None:
        self.add_error(question.key, ValidationError(message, code="check"))
