"""What staff fill in to do something to a case. Every form carries what they saw when they opened it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.enums import Channel
from barnet.customers.models import User
from barnet.kit.dates import DateField
from barnet.kit.fields import ChoiceLabel
from barnet.kit.files.form_field import CheckedFileField
from barnet.kit.uploads import ACCEPT_ATTRIBUTE, CleanPhoto, accepted_kinds, clean_photo
from portal.cases.enums import CaseUrgency
from portal.cases.models import Case, Team
from portal.cases.registry import kind_for
from portal.cases.selectors import case_named, relations_of
from portal.cases.services import MoveRefusedError, count_words

_NOT_SERVED = {Channel.WEB, Channel.SYSTEM, Channel.AUTOMATED}
SERVED_CHANNELS = [(channel, channel.label) for channel in Channel if channel not in _NOT_SERVED]


class PhotoField(forms.FileField):
    """A photo, re-encoded. Cleans to a CleanPhoto, or to None."""

    widget = forms.FileInput(attrs={"accept": ACCEPT_ATTRIBUTE})

    def clean(self, data: Any, initial: Any = None) -> CleanPhoto | None:
        file = super().clean(data, initial)
        return clean_photo(file) if isinstance(file, UploadedFile) else None


class ActForm(forms.Form):
    """`version` and `last_entry` say what the person had on screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    last_entry = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)

    def __init__(self, *args: Any, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.user = user
        for name in ("version", "last_entry"):
            self.fields[name].error_messages = dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"),
                _("The form was incomplete. Open it again from the request."),
            )


def _text(label: Any, *, help_text: Any = "", required: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=1000,
        required=bool(required),
        error_messages={
            "required": required,
            "max_length": _("Use 1,000 characters or fewer. You have used %(show_value)s."),
        },
    )


def given_to_choices() -> list[Any]:
    """Teams, each followed by its people, in two queries."""
    choices: list[Any] = [("", _("Choose a team or a person"))]
    for team in Team.objects.prefetch_related("members"):
        people = [(f"{team.pk}:{person.pk}", str(person)) for person in team.members.all() if person.is_active]
        choices.append((team.name, [(f"{team.pk}:", _("%(team)s (everybody)") % {"team": team.name}), *people]))
    return choices


class GivenToMixin(forms.Form):
    given_to = forms.ChoiceField(
        label=_("Give to"), error_messages={"required": _("Choose a team or a person.")}, choices=given_to_choices
    )
    note = _text(_("Note for them"), help_text=_("The customer does not see it."), rows=3)

    def team_and_person(self) -> tuple[Team, User | None]:
        team, _colon, person = self.cleaned_data["given_to"].partition(":")
        return Team.objects.get(pk=team), User.objects.get(pk=person) if person else None


class AssignForm(GivenToMixin, ActForm):
    pass


class AskForm(ActForm):
    question = _text(
        _("Question to the customer"),
        help_text=_("They read it word for word. The promise stands still until they answer."),
        required=_("Write the question."),
    )


class TellForm(ActForm):
    text = _text(
        _("What the customer reads"),
        help_text=_("Everybody who reported the same reads it too: write no names."),
        required=_("Write what the customer should know."),
    )


class MessageForm(ActForm):
    text = _text(
        _("Message to the customer"),
        help_text=_("They read it word for word at their request. The promise goes on; to stop it, ask a question."),
        required=_("Write the message."),
    )
    file = CheckedFileField(label=_("A file with it"), required=False)


class _ByCustomer(ActForm):
    channel = forms.ChoiceField(
        label=_("How did they tell us?"),
        choices=SERVED_CHANNELS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they told us.")},
    )


class AnswerForm(_ByCustomer):
    answer = _text(_("Their answer"), required=_("Write their answer."))
    field_order = ["answer", "channel"]


class ResumeForm(ActForm):
    note = _text(_("Why we go on"), help_text=_("For colleagues. The customer is told that we go on."), rows=3)


class ResolveForm(ActForm):
    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended.")},
    )
    public_reason = _text(
        _("What the customer reads"),
        help_text=_(
            "Leave it empty to send the sentence below the outcome. Everybody who reported the same reads it too:"
            " write no names."
        ),
    )
    photo = PhotoField(label=_("Photo for the customer"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = kind_for(self.case.service.slug).outcomes_of(self.case)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(o.code, ChoiceLabel(o.label, hint=o.default_reason)) for o in outcomes if o.is_chosen]
        self.fields["public_reason"].widget.attrs["data-prefill-from"] = "outcome"
        self.fields["photo"].help_text = accepted_kinds()

    def reason(self) -> str:
        outcome = kind_for(self.case.service.slug).outcome(self.cleaned_data["outcome"])
        return self.cleaned_data["public_reason"].strip() or (str(outcome.default_reason) if outcome else "")


class HoldForm(ActForm):
    reason = _text(
        _("What do we wait for?"),
        help_text=_("The customer reads it. The promise stands still until we go on."),
        required=_("Write what we wait for."),
    )
    resumes_on = DateField(
        label=_("When do we go on?"),
        subject=_("The day on which we go on"),
        help_text=_("On this day work goes on by itself. Leave it empty when nobody knows."),
        required=False,
    )


class DelayForm(ActForm):
    expected_on = DateField(
        label=_("When do we expect to be done?"),
        subject=_("The day on which we expect to be done"),
        error_messages={"required": _("Enter the day on which you expect to be done.")},
    )
    reason = _text(_("Why it takes longer"), help_text=_("The customer reads it after our apology."), rows=3)


class RecategoriseForm(ActForm):
    service = forms.ModelChoiceField(
        label=_("Service that it belongs to"),
        queryset=Service.objects.none(),
        empty_label=_("Choose a service"),
        error_messages={"required": _("Choose the service."), "invalid_choice": _("Choose the service.")},
    )
    note = _text(_("Note for colleagues"), help_text=_("The customer does not see it."), rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ModelChoiceField)
        bound = [slug for slug in Service.objects.values_list("slug", flat=True) if kind_for(slug).is_bound]
        field.queryset = Service.objects.exclude(pk=self.case.service_id).exclude(slug__in=bound).order_by("name")


class UrgencyForm(ActForm):
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"),
        choices=CaseUrgency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how urgent it is.")},
    )
    note = _text(_("Why"), help_text=_("For colleagues. The customer is told only if our promise moves."), rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("urgency", self.case.urgency)


class ReopenForm(_ByCustomer):
    why = _text(_("What is not right?"), required=_("Write what is not right."))
    field_order = ["why", "channel"]


class WithdrawForm(_ByCustomer):
    why = _text(_("Why they no longer need it"), help_text=_("They read it."), rows=3)
    field_order = ["why", "channel"]


class NoteForm(ActForm):
    text = _text(
        _("Note for colleagues"),
        help_text=_(
            "The customer does not see it. @ and what stands before the @ of a colleague’s e-mail address calls them."
        ),
        required=_("Write the note."),
    )


class _OtherForm(ActForm):
    reference = forms.CharField(
        label=_("Reference of the other request"),
        max_length=40,
        error_messages={"required": _("Enter the reference of the other request.")},
    )

    def clean_reference(self) -> Case:
        other = case_named(self.cleaned_data["reference"], self.user)
        if other is None:
            raise forms.ValidationError(_("We found no request with this reference. Check it."))
        return other


class RelateForm(_OtherForm):
    pass


class UnrelateForm(ActForm):
    other = forms.ChoiceField(
        label=_("Which one is not related?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a request. There may be none left."),
            "invalid_choice": _("Choose one of the requests."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.related = {case.reference: case for _words, case in relations_of(self.case, self.user)}
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(reference, f"{reference} {case.title}") for reference, case in self.related.items()]

    def clean_other(self) -> Case:
        return self.related[self.cleaned_data["other"]]


class MergeForm(_OtherForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].help_text = _(
            "The one that we go on with. Everybody who reported this one is told, and hears of the other from then on."
        )


class DistinguishForm(_OtherForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].help_text = _(
            "Neither is suggested at the other any more. Colleagues read it in both."
        )


class SplitForm(ActForm):
    service = forms.ModelChoiceField(
        label=_("Service of the new request"),
        queryset=Service.objects.none(),
        empty_label=_("Choose a service"),
        error_messages={"required": _("Choose the service."), "invalid_choice": _("Choose the service.")},
    )
    title = forms.CharField(
        label=_("What is it about?"),
        max_length=120,
        help_text=_("A few words. The customer reads them."),
        error_messages={
            "required": _("Write what the new request is about."),
            "max_length": _("Use 120 characters or fewer."),
        },
    )
    text = _text(_("More about it"), help_text=_("The customer reads it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ModelChoiceField)
        bound = [slug for slug in Service.objects.values_list("slug", flat=True) if kind_for(slug).is_bound]
        field.queryset = Service.objects.exclude(slug__in=bound).order_by("name")


class EraseForm(ActForm):
    """Nothing is erased before somebody saw in how many places, and said so."""

    words = forms.CharField(
        label=_("Words that must go"),
        help_text=_("As they are written, for example a name or a number. Capitals and spaces do not matter."),
        max_length=200,
        error_messages={
            "required": _("Write the words that must go."),
            "max_length": _("Use 200 characters or fewer. Erase a long text piece by piece."),
        },
    )
    why = _text(_("Why"), help_text=_("It stays. Do not repeat the words."), required=_("Write why they are erased."))
    is_sure = forms.BooleanField(label=_("Erase them for good"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned["is_sure"]:
            self.add_error("is_sure", self._places(cleaned["words"]))
        return cleaned

    def _places(self, words: str) -> str:
        try:
            count = count_words(self.case, words)
        except MoveRefusedError as refusal:
            return str(refusal)
        if not count:
            return gettext("These words stand nowhere in this request. Copy them as they are written.")
        return ngettext(
            "They stand in %(count)d place. Nothing brings them back. Tick the box to erase them.",
            "They stand in %(count)d places. Nothing brings them back. Tick the box to erase them.",
            count,
        ) % {"count": count}


class FileForm(ActForm):
    file = CheckedFileField(label=_("File"))
    caption = forms.CharField(label=_("What it is"), required=False, max_length=200)
    is_public = forms.BooleanField(label=_("The customer may see it"), required=False)


class EraseFileForm(forms.Form):
    why = _text(
        _("Why"),
        help_text=_("It stays in the timeline. Write no names."),
        required=_("Write why it is erased."),
        rows=3,
    )
    is_sure = forms.BooleanField(
        label=_("Erase it for good"),
        error_messages={"required": _("Tick the box to erase it: nothing brings it back.")},
    )


class PhotoForm(ActForm):
    photo = PhotoField(
        label=_("Photo"), error_messages={"required": _("Choose a photo."), "empty": _("The photo is empty.")}
    )
    caption = forms.CharField(label=_("What it shows"), required=False, max_length=200)
    is_public = forms.BooleanField(label=_("The customer may see it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].help_text = accepted_kinds()
