"""Which bins, and what else somebody tells us about them."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnet.kit.fields import ChoiceLabel
from barnet.kit.submission import SubmissionKeyMixin
from barnet.kit.uploads import ACCEPT_ATTRIBUTE, CleanPhoto, accepted_kinds, clean_photo
from portal.waste import selectors
from portal.waste.contact_fields import ContactFields
from portal.waste.models import Container, DraftPhoto
from portal.waste.reporting import ReportChoice

_CHOOSE = gettext_lazy("Choose the bin that we did not empty.")
_NOT_HERE = gettext_lazy("That bin cannot be chosen here. Choose from the list.")
_LOST_PHOTO = gettext_lazy("We no longer have your photo. Choose it again.")


def bin_name(container: Container, others: Sequence[Container] = ()) -> str:
    """How people tell this bin from the others at the address: by its number only where nothing else differs."""
    name = f"{container.get_stream_display()}: {container.description}"
    alike = [
        other for other in others if (other.stream, other.description) == (container.stream, container.description)
    ]
    return f"{name} ({container.identifier})" if len(alike) > 1 else name


class ChooseBinsForm(forms.Form):
    """The bins that may be reported, or joined."""

    bin = forms.MultipleChoiceField(
        label=gettext_lazy("Which bin did we not empty?"),
        help_text=gettext_lazy("Choose all that we missed."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _CHOOSE, "invalid_choice": _NOT_HERE},
    )

    def __init__(self, *args: Any, choices: Sequence[ReportChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        containers = [choice.container for choice in choices]
        self.fields["bin"].choices = [  # type: ignore[attr-defined]
            (str(choice.container.pk), _label(choice, containers)) for choice in choices if choice.may_choose
        ]


def _label(choice: ReportChoice, containers: Sequence[Container]) -> ChoiceLabel:
    return ChoiceLabel(bin_name(choice.container, containers), hint=f"{choice.sentence} {choice.advice}")


class ReportForm(SubmissionKeyMixin, ContactFields):
    """Everything but the photo's bytes travels in it from the question page to "check your answers" and back."""

    hints: ClassVar = {
        "email": gettext_lazy(
            "We send you the reference and tell you what happened. Without it, you have to contact us to find out."
        ),
        "phone": gettext_lazy("In case the crew has a question."),
    }
    field_order = ("bin", "name", "email", "phone", "note", "photo")

    bin = forms.MultipleChoiceField(
        widget=forms.MultipleHiddenInput, error_messages={"required": _CHOOSE, "invalid_choice": _NOT_HERE}
    )
    note = forms.CharField(
        label=gettext_lazy("Anything that the crew should know"),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("For example, where the bin is. Do not write about health or other private matters."),
    )
    photo = forms.FileField(
        label=gettext_lazy("A photo of the bin"),
        required=False,
        allow_empty_file=True,  # `clean_photo` says it in a sentence
        widget=forms.FileInput(attrs={"accept": ACCEPT_ATTRIBUTE}),
    )
    kept_photo = forms.UUIDField(required=False, widget=forms.HiddenInput, error_messages={"invalid": _LOST_PHOTO})
    remove_photo = forms.BooleanField(label=gettext_lazy("Remove this photo"), required=False)

    def __init__(self, *args: Any, containers: Sequence[Container], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bin"].choices = [(str(bin_.pk), bin_name(bin_, containers)) for bin_ in containers]  # type: ignore[attr-defined]
        self.fields["photo"].help_text = _("%(kinds)s, smaller than %(size)s.") % {
            "kinds": accepted_kinds(),
            "size": filesizeformat(settings.ATTACHMENT_MAX_BYTES),
        }

    def clean_photo(self) -> CleanPhoto | None:
        file = self.cleaned_data["photo"]
        return clean_photo(file) if file else None

    def clean_kept_photo(self) -> DraftPhoto | None:
        """A photo that is gone is asked for again; until then the form goes on without it."""
        key: uuid.UUID | None = self.cleaned_data["kept_photo"]
        if not key or self.data.get(self.add_prefix("remove_photo")):
            return None
        draft = selectors.draft_photo(key)
        if draft is None:
            raise ValidationError(_LOST_PHOTO, code="lost")
        return draft

    @property
    def new_photo(self) -> CleanPhoto | None:
        """A photo that came with this form, whatever is wrong with the other answers."""
        return self.cleaned_data.get("photo") if self.is_bound else None

    def keep_photo(self, draft: DraftPhoto) -> None:
        """From here on, the form holds the key of the photo instead of the photo."""
        posted = cast(QueryDict, self.data).copy()
        posted["kept_photo"] = str(draft.key)
        self.data = posted
        self.cleaned_data["kept_photo"] = draft

    @property
    def container_ids(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["bin"]]

    @property
    def bin_names(self) -> list[str]:
        names = dict(self.fields["bin"].choices)  # type: ignore[attr-defined]
        return [names[pk] for pk in self.cleaned_data["bin"]]

    def kept_answers(self) -> dict[str, list[str]]:
        """What was typed, as lists of texts, so that the same form can be filled with it again."""
        answers = self.cleaned_data
        photo = answers.get("kept_photo")
        return {
            "bin": list(answers["bin"]),
            **{name: [answers[name]] for name in ("name", "email", "phone", "note")},
            "kept_photo": [str(photo.key)] if photo else [],
            "submission_key": [self["submission_key"].value()],
        }
