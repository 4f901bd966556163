"""The questions of one page as a form of Django's: a field for each, named by its key."""

from collections.abc import Iterable, Mapping
from typing import Any as Anything

from django import forms
from django.core.exceptions import ValidationError

from portal.smartforms.answers import is_given
from portal.smartforms.definition.model import Question
from portal.smartforms.evaluating import Value
from portal.smartforms.kinds import Asking, kind_of

ASK_MORE = "ask_more"  # the code of an error that is none: the field needs another round


class StepForm(forms.Form):
    """`given`: the answers that are shown first. After `is_valid()`, `answers` holds what was given."""

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

    @property
    def answers(self) -> dict[str, Value]:
        """Of those questions that were answered well."""
        return {key: value for key, value in self.cleaned_data.items() if key in self.fields and is_given(value)}

    @property
    def asks_more(self) -> bool:
        """Nothing is wrong, but a field needs another round, such as a choice among addresses."""
        codes = [error.code for errors in self.errors.as_data().values() for error in errors]
        return bool(codes) and set(codes) == {ASK_MORE}

    def refuse(self, question: Question, message: str) -> None:
        self.add_error(question.key, ValidationError(message, code="check"))
