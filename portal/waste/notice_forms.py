"""What staff fill in to say that collections are not as usual."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import Area
from barnet.kit.dates import DateField
from barnet.kit.submission import SubmissionKeyMixin
from portal.waste.enums import NoticeKind, Stream
from portal.waste.models import Round, RoundNotice
from portal.waste.notices import NoticeDraft

_TIMES = ["%H:%M", "%I%p", "%I:%M%p", "%I %p", "%I:%M %p"]


class ClockField(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=_TIMES,
            widget=forms.TextInput,
            error_messages={"invalid": _("Enter a time, such as 5:30pm or 17:30.")},
            **options,
        )


def _words(label: Any, help_text: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=300, required=required, widget=forms.Textarea(attrs={"rows": 3})
    )


class _WordsForm(forms.Form):
    words = _words(
        _("Why, as residents read it"),
        _("A full sentence, for example: Snow has closed the roads."),
        required=True,
    )
    advice = _words(
        _("What happens instead, and what residents should do"),
        _("For example: Leave your bin out. We come as soon as the roads are open."),
        required=False,
    )
    expected_on = DateField(label=_("The crew will be done on"), subject=_("The day"), required=False)
    expected_time = ClockField(label=_("At about"), help_text=_("For example 5:30pm."), required=False)

    def expected_at(self) -> dt.datetime | None:
        on, time = self.cleaned_data.get("expected_on"), self.cleaned_data.get("expected_time")
        return timezone.make_aware(dt.datetime.combine(on, time)) if on and time is not None else None

    def _forget(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    def add_problems(self, problems: dict[str, Any]) -> None:
        """Problems of the draft, beside the questions that this form asks."""
        for name, problem in problems.items():
            asked = "expected_on" if name == "expected_at" else name
            self.add_error(
                asked if asked in self.fields else "first_on" if "first_on" in self.fields else None, problem
            )


class NoticeForm(SubmissionKeyMixin, _WordsForm):
    """One kind of notice; the questions fit the kind."""

    round = forms.ChoiceField(label=_("One round"), required=False)
    stream = forms.ChoiceField(
        label=_("Or all rounds for"), required=False, choices=[("", _("All bins")), *Stream.choices]
    )
    area = forms.ChoiceField(label=_("In"), required=False)
    first_on = DateField(label=_("First day"), subject=_("The first day"))
    last_on = DateField(
        label=_("Last day"), subject=_("The last day"), required=False, help_text=_("Leave empty for one day.")
    )
    moved_to = DateField(label=_("We collect on"), subject=_("The new day"))

    field_order = (
        "round stream area first_on last_on moved_to expected_on expected_time words advice submission_key".split()
    )

    def __init__(self, *args: Any, kind: NoticeKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self._choose("round", [("", gettext("No single round")), *((r.code, str(r)) for r in Round.objects.all())])
        wards = Area.objects.valid(timezone.localdate()).filter(kind=AreaKind.WARD)
        self._choose("area", [("", gettext("The whole borough")), *((ward.code, ward.name) for ward in wards)])
        if kind != NoticeKind.LATE:
            self._forget("expected_on", "expected_time")
        if kind != NoticeKind.MOVED:
            self._forget("moved_to")
        if kind == NoticeKind.SUSPENDED:
            self.fields["advice"].required = True
        else:
            self._forget("last_on")
            self.fields["first_on"].label = _("Collections of")

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("round") and (cleaned.get("stream") or cleaned.get("area")):
            self.add_error("round", _("Choose one round, or a kind of bin and an area, not both."))
        if not self.errors:
            self.add_problems(self.draft().problems(timezone.localdate()))
        return cleaned

    def draft(self) -> NoticeDraft:
        chosen = self.cleaned_data
        return NoticeDraft(
            kind=self.kind,
            first_on=chosen["first_on"],
            last_on=chosen.get("last_on") or chosen["first_on"],
            words=chosen["words"],
            advice=chosen["advice"],
            round=Round.objects.filter(code=chosen["round"]).first() if chosen["round"] else None,
            stream=chosen["stream"],
            area=_ward(chosen["area"]),
            moved_to=chosen.get("moved_to"),
            expected_at=self.expected_at(),
        )


def _ward(code: str) -> Area | None:
    wards = Area.objects.valid(timezone.localdate()).filter(kind=AreaKind.WARD)
    return wards.filter(code=code).first() if code else None


class RewordForm(_WordsForm):
    """Other words, or another end of a late round. `seen_at` says what the person had on screen."""

    seen_at = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, notice: RoundNotice, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": _initial(notice)})
        self.notice = notice
        if notice.kind != NoticeKind.LATE:
            self._forget("expected_on", "expected_time")
        self.fields["advice"].required = notice.kind == NoticeKind.SUSPENDED

    def clean_seen_at(self) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(self.cleaned_data["seen_at"])
        except ValueError:
            raise ValidationError(_("The form was incomplete. Open the notice again.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.notice.kind == NoticeKind.LATE and not self.errors:
            self.add_problems(
                NoticeDraft(
                    kind=NoticeKind.LATE,
                    first_on=self.notice.first_on,
                    last_on=self.notice.last_on,
                    words=cleaned["words"],
                    expected_at=self.expected_at(),
                ).problems_of_end()
            )
        return cleaned


def _initial(notice: RoundNotice) -> dict[str, Any]:
    end = timezone.localtime(notice.expected_at) if notice.expected_at else None
    return {
        "words": notice.words,
        "advice": notice.advice,
        "expected_on": end.date() if end else None,
        "expected_time": end.strftime("%H:%M") if end else "",
        "seen_at": notice.changed_at.isoformat(),
    }
