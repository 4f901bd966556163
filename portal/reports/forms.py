"""What is reported, which reports somebody looks for, who wants to hear of one, what staff let everybody see."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import Area
from barnet.kit.act_forms import VersionForm
from barnet.kit.submission import SubmissionKeyMixin
from portal.reports.models import PublicReport
from portal.reports.pictures import Picture
from portal.reports.selectors import Looking, kinds, middle_of, public_services


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What do you want to report?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you want to report"),
            "invalid_choice": _("Choose from the list what you want to report"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(row.service.slug, str(row)) for rows in kinds().values() for row in rows]
        self.fields["kind"].choices = found  # type: ignore[attr-defined]


class StartForm(SubmissionKeyMixin, forms.Form):
    """One button: none of the reports nearby is theirs."""


class LookForm(forms.Form):
    postcode = forms.CharField(
        label=_("Around a postcode"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
        error_messages={"max_length": _("Enter a postcode like EN5 1AA")},
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    ward = forms.ModelChoiceField(Area.objects.none(), label=_("Ward"), required=False, empty_label=_("All wards"))
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Open, and dealt with in the last four weeks")),
            ("open", _("Open")),
            ("done", _("Dealt with")),
        ],
    )
    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row.service.slug, str(row)) for row in public_services()]
        self.fields["kind"].choices = [("", _("All kinds")), *rows]  # type: ignore[attr-defined]
        wards = Area.objects.valid(timezone.localdate()).filter(kind=AreaKind.WARD)
        self.fields["ward"].queryset = wards.order_by("name")  # type: ignore[attr-defined]

    def clean_postcode(self) -> str:
        typed: str = self.cleaned_data["postcode"].strip()
        if typed and middle_of(typed) is None:
            raise forms.ValidationError(_("Enter a postcode in the borough, like EN5 1AA"))
        return typed

    def looking(self) -> Looking:
        said = self.cleaned_data
        return Looking(said["kind"], said["ward"], said["state"], said["postcode"])


class FollowForm(SubmissionKeyMixin, forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We first send a message there, to make sure that it is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your e-mail address"),
            "invalid": _("Enter an e-mail address, such as name@example.com."),
        },
    )

    def __init__(self, *args: Any, is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["email"]


class ReleaseForm(VersionForm):
    words = forms.CharField(
        label=_("What everybody reads"),
        help_text=_("No names, telephone numbers, house numbers of people, or number plates. Empty: nothing is shown."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": _("Use %(limit_value)d characters or fewer. You typed %(show_value)d.")},
    )
    pictures = forms.MultipleChoiceField(
        label=_("Photos that everybody sees"),
        help_text=_("No faces, number plates or insides of homes."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    shows_media = forms.BooleanField(
        label=_("Show the addresses of pictures elsewhere to other systems"), required=False
    )

    def __init__(self, *args: Any, report: PublicReport, pictures: list[Picture], **kwargs: Any) -> None:
        shown = {f"photo-{pk}" for pk in report.photos.values_list("pk", flat=True)}
        kwargs["initial"] = {
            "words": report.words if report.checked_at else report.description,
            "pictures": [picture.key for picture in pictures if picture.key in shown],
            "shows_media": report.shows_media,
            "version": report.case.version,
        }
        super().__init__(*args, **kwargs)
        self.offered = {picture.key: picture for picture in pictures}
        self.fields["pictures"].choices = [(key, picture.name) for key, picture in self.offered.items()]  # type: ignore[attr-defined]
        if not pictures:
            del self.fields["pictures"]
        if not report.media_urls:
            del self.fields["shows_media"]

    def chosen(self) -> list[Picture]:
        return [self.offered[key] for key in self.cleaned_data.get("pictures", [])]
