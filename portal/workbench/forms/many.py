"""What staff fill in to do something to many requests at once. Words are filled in for each of them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from barnet.kit.fields import ChoiceLabel
from barnet.kit.submission import SubmissionKeyMixin
from barnet.notifications.registry import text_problems
from portal.cases.enums import ReplyUse
from portal.cases.models import REPLY_FIELDS, Case, ReadyReply
from portal.cases.registry import Outcome, kind_for
from portal.workbench.forms.acts import GivenToMixin


class ManyForm(SubmissionKeyMixin, forms.Form):
    def __init__(self, *args: Any, cases: Sequence[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = cases


class AssignManyForm(GivenToMixin, ManyForm):
    pass


class _WordsForm(ManyForm):
    """A ready reply that fits every request, or words of their own."""

    use = ReplyUse.TELL
    needs_words = True

    reply = forms.ModelChoiceField(
        label=_("Ready reply"),
        queryset=ReadyReply.objects.none(),
        required=False,
        empty_label=_("My own words"),
        error_messages={"invalid_choice": _("This reply does not fit these requests. Choose another.")},
    )
    text = forms.CharField(
        label=_("Your own words"),
        help_text=_(
            "Everybody who reported the same reads them: write no names. ((reference)), ((service)), ((team)),"
            " ((opened)) and ((promise)) are filled in for each request."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=1000,
        required=False,
        error_messages={"max_length": _("Use 1,000 characters or fewer. You have used %(show_value)s.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = {case.service_id for case in self.cases}
        fits = Q(service=None) | Q(service__in=services if len(services) == 1 else [])
        field = self.fields["reply"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = ReadyReply.objects.filter(fits, use=self.use, state="").order_by("name", "pk")

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).strip()
        if problems := text_problems(text, list(REPLY_FIELDS[self.use])):
            raise forms.ValidationError(problems)
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reply, text = cleaned.get("reply"), cleaned.get("text", "")
        if reply and text:
            self.add_error("text", _("Choose a ready reply or write your own words, not both."))
        if self.needs_words and not (reply or text or self.errors):
            self.add_error("text", _("Write what the customers should know, or choose a ready reply."))
        return cleaned

    def words(self) -> str:
        """With its fields; empty where nothing was written."""
        reply = self.cleaned_data["reply"]
        return str(reply.text if reply else self.cleaned_data["text"])


class TellManyForm(_WordsForm):
    pass


class ResolveManyForm(_WordsForm):
    use = ReplyUse.RESOLVE
    needs_words = False

    outcome = forms.ChoiceField(
        label=_("How did they end?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they ended.")},
    )
    field_order = ["outcome", "reply", "text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _(
            "Leave both empty to send the sentence below the outcome. Everybody who reported the same reads it: write"
            " no names. ((reference)), ((service)), ((team)), ((opened)) and ((promise)) are filled in for each."
        )
        outcomes: dict[str, Outcome] = {}
        for slug in {case.service.slug: None for case in self.cases}:
            outcomes |= {o.code: o for o in kind_for(slug).outcomes if o.is_chosen and o.code not in outcomes}
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(o.code, ChoiceLabel(o.label, hint=o.default_reason)) for o in outcomes.values()]
