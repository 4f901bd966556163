"""Asking for an assisted collection, step by step; where bins stand; what staff grant."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnet.customers.models import PurposeText
from barnet.kit.dates import DateField
from barnet.kit.submission import SubmissionKeyMixin
from portal.waste.assisted.enums import Need, Standing
from portal.waste.assisted.services import REVIEW_AFTER, Place, Terms
from portal.waste.contact_fields import ContactFields

_FURTHEST = dt.timedelta(days=2 * 366)
STEPS = {
    "need": ("need", "need_words", "somebody_can", "agree", "text"),
    "place": ("stands", "place", "gate_code", "how_long", "until"),
    "contact": ("name", "email", "phone"),
}


class PlaceFields(forms.Form):
    stands = forms.ChoiceField(
        label=gettext_lazy("Where do the bins stand, seen from the street?"),
        choices=Standing.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where the bins stand.")},
    )
    place = forms.CharField(
        label=gettext_lazy("How does the crew find them?"),
        help_text=gettext_lazy("For example: through the side gate, behind the shed."),
        max_length=200,
        required=False,
    )
    gate_code = forms.CharField(
        label=gettext_lazy("Code of a gate or a key safe"),
        help_text=gettext_lazy("Only the crew and those who plan its round see it."),
        max_length=40,
        required=False,
    )

    @property
    def where(self) -> Place:
        answers = self.cleaned_data
        return Place(answers["stands"], answers["place"], answers["gate_code"])


class MoveBinsForm(PlaceFields):
    pass


class ApplicationForm(SubmissionKeyMixin, ContactFields, PlaceFields):
    """Every answer. With `step`, the questions of that page only."""

    field_order = [name for names in STEPS.values() for name in names]

    need = forms.ChoiceField(
        label=gettext_lazy("Why can you not bring your bins out?"),
        choices=Need.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why you cannot bring your bins out.")},
    )
    need_words = forms.CharField(
        label=gettext_lazy("Anything else that we must know to decide"),
        help_text=gettext_lazy("You need not name an illness, and you need not send anything from a doctor."),
        max_length=200,
        required=False,
    )
    somebody_can = forms.ChoiceField(
        label=gettext_lazy("Is there somebody over 16 at home who can bring the bins out?"),
        choices=[("no", gettext_lazy("No")), ("yes", gettext_lazy("Yes"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether somebody at home can do it.")},
    )
    agree = forms.BooleanField(
        label=gettext_lazy("I have read this, and I agree"),
        error_messages={
            "required": gettext_lazy("Read what we do with your reason, and agree to it. We cannot decide without.")
        },
    )
    text = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    how_long = forms.ChoiceField(
        label=gettext_lazy("For how long?"),
        choices=[
            ("always", gettext_lazy("For as long as I need it")),
            ("until", gettext_lazy("Until a day")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose for how long you need it.")},
    )
    until = DateField(
        label=gettext_lazy("The last day, if it is for a time"),
        subject=gettext_lazy("The last day"),
        required=False,
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the person who needs it"),
        max_length=150,
        error_messages={"required": gettext_lazy("Enter the name of the person who needs it.")},
    )

    def __init__(
        self,
        *args: Any,
        today_text: PurposeText | None,
        request: HttpRequest,
        step: str = "",
        has_way: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.today_text, self.has_way = today_text, has_way
        self.fields["text"].initial = today_text.pk if today_text else None
        if step:
            keep = STEPS[step]
            self.fields = {name: self.fields[name] for name in keep}

    def clean_text(self) -> int | None:
        """The text that they read must be the one of today."""
        pk: int | None = self.cleaned_data.get("text")
        if self.today_text is None or pk != self.today_text.pk:
            self.data = {**_plain(self.data), "text": str(self.today_text.pk if self.today_text else "")}
            self.data.pop("agree", None)
            raise forms.ValidationError(_("The text changed since you opened the page. Read it again, then agree."))
        return pk

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("need") == Need.OTHER and not answers.get("need_words"):
            self.add_error("need_words", _("Say in a few words why you cannot do it."))
        if "how_long" in self.fields and "until" not in self.errors:
            self._check_until(answers)
        is_asked = "email" in self.fields and not self.has_way and not self.errors.keys() & {"email", "phone"}
        if is_asked and not (answers.get("email") or answers.get("phone")):
            self.add_error("email", _("Enter an e-mail address or a telephone number, so that we can answer."))
        return answers

    def _check_until(self, answers: dict[str, Any]) -> None:
        if answers.get("how_long") != "until":
            answers["until"] = None
            return
        until, today = answers.get("until"), timezone.localdate()
        if until is None:
            self.add_error("until", _("Enter the last day on which you need it."))
        elif until <= today:
            self.add_error("until", _("The last day must be in the future."))
        elif until > today + _FURTHEST:
            self.add_error("until", _("Choose a day in the next two years, or “for as long as I need it”."))


def _plain(data: Any) -> dict[str, str]:
    return {name: data.get(name) for name in data}


def answers_of(data: Mapping[str, str], *, step: str = "") -> dict[str, str]:
    """What a browser sent for the questions of a step, or for all, and nothing else."""
    names = [name for fields in ([STEPS[step]] if step else STEPS.values()) for name in fields]
    allowed = {*names, *(f"until_{part}" for part in ("day", "month", "year") if "until" in names)}
    return {name: str(data[name])[:500] for name in data if name in allowed}


class GrantForm(SubmissionKeyMixin, PlaceFields):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    from_on = DateField(label=gettext_lazy("From"), subject=gettext_lazy("The first day"))
    until = DateField(
        label=gettext_lazy("Until"),
        subject=gettext_lazy("The last day"),
        help_text=gettext_lazy("The last day. Leave it empty for as long as it is needed."),
        required=False,
    )
    review_on = DateField(
        label=gettext_lazy("Review by"),
        subject=gettext_lazy("The review"),
        help_text=gettext_lazy("Four weeks before, we ask whether it is still needed."),
    )
    public_reason = forms.CharField(
        label=gettext_lazy("What the customer reads"),
        help_text=gettext_lazy("Leave it empty to send a sentence with the days."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ["from_on", "until", "review_on", "stands", "place", "gate_code", "public_reason"]

    @property
    def terms(self) -> Terms:
        answers = self.cleaned_data
        return Terms(answers["from_on"], answers["until"], answers["review_on"], self.where)


class ConfirmForm(forms.Form):
    """Staff heard from the customer: still needed, with the next review."""

    review_on = DateField(label=gettext_lazy("Next review by"), subject=gettext_lazy("The review"))

    def clean_review_on(self) -> dt.date:
        chosen: dt.date = self.cleaned_data["review_on"]
        if not timezone.localdate() < chosen <= timezone.localdate() + REVIEW_AFTER + dt.timedelta(days=366):
            raise forms.ValidationError(_("Choose a day after today, at most three years away."))
        return chosen


class EndForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why it ends"),
        help_text=gettext_lazy("Only colleagues read it. Write nothing about health."),
        max_length=200,
        error_messages={"required": gettext_lazy("Write why it ends.")},
    )
