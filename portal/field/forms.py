"""What a crew says of a job, and what a team leader plans."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.models import User
from barnet.gazetteer.models import Area
from barnet.kit.act_forms import words_field
from barnet.kit.dates import DateField
from barnet.kit.files.form_field import SeveralFiles
from barnet.kit.submission import SubmissionKeyMixin
from barnet.kit.uploads import ACCEPT_ATTRIBUTE, CleanPhoto, clean_photo
from portal.cases.enums import TeamKind
from portal.cases.models import Case, Team
from portal.field.models import MOST_PHOTOS, FieldService
from portal.field.selectors import endings_of, follow_ons, reasons_of, waiting_by_ward, wards_now
from portal.field.services import Ending

MOST = 100  # requests in one plan


class PhotosField(forms.FileField):
    """Photos of one moment, each re-encoded without what the camera added. Cleans to CleanPhotos, in their order."""

    widget = SeveralFiles(attrs={"accept": ACCEPT_ATTRIBUTE, "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[CleanPhoto]:
        files = [file for file in data or () if isinstance(file, UploadedFile)]
        if len(files) > MOST_PHOTOS:
            words = _("Choose at most %(most)d photos of one moment. You chose %(count)d.")
            raise forms.ValidationError(words % {"most": MOST_PHOTOS, "count": len(files)})
        return [clean_photo(super(PhotosField, self).clean(file, initial)) for file in files]


def _said_on_the_telephone() -> dict[str, object]:
    """What a script can refuse while the photos are still there."""
    largest = settings.ATTACHMENT_MAX_BYTES
    return {
        "data-most": MOST_PHOTOS,
        "data-many": _("Choose at most %(most)d photos of one moment.") % {"most": MOST_PHOTOS},
        "data-largest": largest,
        "data-large": _("Each photo must be smaller than %(size)s.") % {"size": filesizeformat(largest)},
    }


class EndForm(forms.Form):
    before = PhotosField(label=_("Photos before"), required=False, help_text=_("Up to 6."))
    after = PhotosField(label=_("Photos after"), required=False, help_text=_("Up to 6."))
    chosen = forms.ChoiceField(
        label=_("How did it end?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended"), "invalid_choice": _("Choose how it ended")},
    )
    note = words_field(_("Note for the office"))
    follow_on = forms.ChoiceField(
        label=_("Further job"),
        required=False,
        help_text=_("Something else that must be done here."),
        error_messages={"invalid_choice": _("Choose the further job from the list")},
    )
    follow_on_words = words_field(_("What must be done there"))

    def __init__(self, *args: Any, case: Case | None = None, **kwargs: Any) -> None:
        """Without a case: the empty page that a telephone fills in by itself."""
        super().__init__(*args, **kwargs)
        for name in ("note", "follow_on_words"):
            self.fields[name].widget.attrs["rows"] = 2
        for name in ("before", "after"):
            self.fields[name].widget.attrs |= _said_on_the_telephone()
        if case:
            self.fields["chosen"].choices = endings_of(case, reasons_of(case))  # type: ignore[attr-defined]
        self.fields["follow_on"].choices = [("", _("None")), *follow_ons()]  # type: ignore[attr-defined]

    def ending(self) -> Ending:
        said = self.cleaned_data
        follow_on = Service.objects.get(slug=said["follow_on"]) if said["follow_on"] else None
        return Ending(
            chosen=said["chosen"],
            note=said["note"],
            before=said["before"],
            after=said["after"],
            follow_on=follow_on,
            follow_on_words=said["follow_on_words"],
            told_at=said.get("told_at"),
        )


class EndOnPageForm(SubmissionKeyMixin, EndForm):
    """On a page that the portal wrote: the key is the page's."""


class EndFromTelephoneForm(EndForm):
    told_at = forms.DateTimeField(required=False)

    def clean_told_at(self) -> Any:
        """A clock that is wrong says nothing: it is never later than now."""
        told = self.cleaned_data["told_at"]
        return min(told, timezone.now()) if told else None


class KeyForm(forms.Form):
    key = forms.UUIDField()


class _ForCrewForm(forms.Form):
    crew = forms.ModelChoiceField(
        Team.objects.filter(kind=TeamKind.CREW),
        label=_("Crew"),
        error_messages={"required": _("Choose a crew"), "invalid_choice": _("Choose a crew from the list")},
    )
    planned_on = DateField(label=_("Day"), subject=_("The day"), error_messages={"required": _("Enter the day")})

    def clean_planned_on(self) -> Any:
        day = self.cleaned_data["planned_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("The day is over. Enter today or a later day."))
        return day


class PlanForm(_ForCrewForm):
    cases = forms.MultipleChoiceField(
        label=_("Requests"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one request"),
            "invalid_choice": _("One of the requests is not open any more, or was planned meanwhile. Choose again."),
        },
    )
    field_order = ["cases", "crew", "planned_on"]

    def __init__(self, *args: Any, cases: list[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(case.pk): case for case in cases}
        self.fields["cases"].choices = [(key, _label(case)) for key, case in self.offered.items()]  # type: ignore[attr-defined]

    def chosen(self) -> list[Case]:
        return [self.offered[key] for key in self.cleaned_data["cases"]]


class WardForm(_ForCrewForm):
    """Which ward, which service, for whom and when: looked at first. It stands in the address."""

    ward = forms.ChoiceField(
        label=_("Ward"),
        error_messages={"required": _("Choose a ward"), "invalid_choice": _("Choose a ward from the list")},
    )
    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=_("Service"),
        empty_label=_("Choose a service"),
        error_messages={"required": _("Choose a service"), "invalid_choice": _("Choose a service from the list")},
    )
    field_order = ["ward", "service", "crew", "planned_on"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wards, counts = {ward.code: ward for ward in wards_now()}, waiting_by_ward(user)
        words = _("%(ward)s (%(count)d in no plan)")
        named = [(code, words % {"ward": w.name, "count": counts.get(w.pk, 0)}) for code, w in self.wards.items()]
        self.fields["ward"].choices = [("", _("Choose a ward")), *named]  # type: ignore[attr-defined]
        services = Service.objects.filter(pk__in=FieldService.objects.values("service"))
        self.fields["service"].queryset = services.order_by("name")  # type: ignore[attr-defined]

    def clean_ward(self) -> Area:
        return self.wards[self.cleaned_data["ward"]]


class WholeWardForm(forms.Form):
    """What was looked at is planned, and nothing that came since."""

    cases = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.MultipleHiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("There is nothing to plan here.")),
    )

    def __init__(self, *args: Any, shown: list[Case] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"cases": [case.pk for case in shown or ()]}
        sent = self.data.getlist("cases") if self.is_bound else []  # type: ignore[attr-defined]
        keys = [key for key in sent if key.isascii() and key.isdigit() and len(key) < 16][:MOST]
        self.fields["cases"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]


def _label(case: Case) -> str:
    return ", ".join(filter(None, [f"{case.reference}: {case.title}", case.place]))
