"""One question on a page, as the runner shows it."""

import datetime as dt

from django import forms
from django.utils.datastructures import MultiValueDict

from barnet.kit.elements import error_summary
from barnet.kit.fields import draw_field
from portal.smartforms.definition.model import Question
from portal.smartforms.kinds import ASK_MORE, Asking, kind_of

ON = dt.date(2026, 11, 25)


class Page:
    """GET without `sent`."""

    def __init__(self, question: Question, sent=None, files=None, *, given=None, draft_id=None):
        bound = sent is not None or files is not None
        data = MultiValueDict({name: [text] if isinstance(text, str) else text for name, text in (sent or {}).items()})
        self.form = forms.Form(
            data if bound else None, MultiValueDict(files or {}) if bound else None, initial={"home": given}
        )
        self.form.fields["home"] = kind_of(question).field(question, Asking(ON, draft_id))

    @property
    def value(self):
        assert self.form.is_valid(), self.form.errors
        return self.form.cleaned_data["home"]

    @property
    def codes(self) -> set[str]:
        return {error.code for error in self.form.errors.as_data().get("home", [])}

    @property
    def asks_more(self) -> bool:
        return ASK_MORE in self.codes

    @property
    def html(self) -> str:
        return draw_field(self.form["home"])

    @property
    def summary(self) -> str:
        return str(error_summary(self.form))
