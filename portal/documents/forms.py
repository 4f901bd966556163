"""What is filled in at the desk. Errors stand at what they are about; what was typed stays."""

import datetime as dt
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.kit.dates import DateField
from barnet.kit.files.checking import CleanFile, check_file
from barnet.kit.files.form_field import SeveralFiles
from barnet.kit.files.joining import MOST_PAGES, joined
from barnet.kit.submission import SubmissionKeyMixin
from portal.documents.models import Document, DocumentKind
from portal.documents.selectors import desks, offered_kinds

_PDF = "application/pdf"


class ScanField(forms.FileField):
    """A photo or a PDF, checked by what is in it, a photo written anew. Cleans to a CleanFile, or to None."""

    widget: type[forms.FileInput] = forms.FileInput

    def __init__(self, *, accept: str, **options: Any) -> None:
        attrs = {"accept": accept, **options.pop("attrs", {})}
        messages = {
            "empty": _("The file is empty. Take the photo again, or choose another file."),
            "invalid": _("Choose the file again."),
        }
        super().__init__(required=False, widget=self.widget(attrs=attrs), error_messages=messages, **options)

    def clean(self, data: Any, initial: Any = None) -> CleanFile | None:
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return None
        clean = check_file(file)
        if clean.content_type != _PDF and not clean.content_type.startswith("image/"):
            raise forms.ValidationError(_("Send a photo or a PDF: other files cannot show a paper as it is."), "kind")
        return clean


class PagesField(ScanField):
    """One photo or PDF; or several photos, a page each. Cleans to CleanFiles, in the order of choosing."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[CleanFile]:  # type: ignore[override]
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_PAGES:
            words = _("Choose at most %(most)d photos. You chose %(count)d.")
            raise forms.ValidationError(words % {"most": MOST_PAGES, "count": len(files)})
        pages = [page for file in files if (page := super(PagesField, self).clean(file, initial))]
        if len(pages) > 1 and not all(page.is_image for page in pages):
            raise forms.ValidationError(_("Choose one PDF, or photos only: we join photos to one document."))
        return pages


class CertifyForm(SubmissionKeyMixin, forms.Form):
    kind = forms.TypedChoiceField(
        label=_("What is it?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what kind of document it is."),
            "invalid_choice": _("Choose a kind from the list."),
        },
    )
    photo = ScanField(
        label=_("Take a photo"),
        help_text=_("On a tablet or telephone this opens the camera."),
        accept="image/*",
        attrs={"capture": "environment"},
    )
    other_side = ScanField(
        label=_("And of the other side"),
        help_text=_("Of a driving licence, a permit or a card."),
        accept="image/*",
        attrs={"capture": "environment"},
    )
    scan = PagesField(
        label=_("Or choose a scan"),
        help_text=_("A PDF of up to 10 MB; or up to 10 photos, the first page first. We join them to one document."),
        accept=f"image/*,{_PDF}",
        attrs={"multiple": True},
    )
    dated_on = DateField(
        label=_("Date on the document"),
        subject=_("The date on the document"),
        help_text=_("The day when it was issued, for example 27 3 2026."),
        error_messages={"required": _("Enter the date on the document.")},
    )
    expires_on = DateField(
        label=_("Expires on"),
        subject=_("The day on which it expires"),
        help_text=_("For a passport, a driving licence or a permit."),
        required=False,
    )
    place = forms.ChoiceField(
        label=_("Where are you?"),
        error_messages={
            "required": _("Choose where you saw it."),
            "invalid_choice": _("Choose a place from the list."),
        },
    )
    is_seen = forms.BooleanField(
        label=_("I have seen the original, and this shows all of it that matters"),
        error_messages={"required": _("Certify only what you have seen in the original.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {str(kind.pk): kind for kind in offered_kinds()}
        kind, place = self.fields["kind"], self.fields["place"]
        assert isinstance(kind, forms.TypedChoiceField)
        assert isinstance(place, forms.ChoiceField)
        kind.choices = [(key, found.name) for key, found in self.kinds.items()]
        kind.coerce = self.kinds.__getitem__
        place.choices = [("", _("Choose a place")), *((name, name) for name in desks())]

    def clean_dated_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["dated_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The date on the document must be today or in the past."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind: DocumentKind | None = cleaned.get("kind")
        if not {"photo", "other_side", "scan"} & set(self.errors):
            self._one_document(cleaned)
        if kind and kind.has_expiry and not cleaned.get("expires_on") and "expires_on" not in self.errors:
            self.add_error("expires_on", _("Enter the day on which it expires: it stands on the document."))
        if "expires_on" not in self.errors and "dated_on" not in self.errors:
            self._in_order(cleaned)
        return cleaned

    def _one_document(self, cleaned: dict[str, Any]) -> None:
        sides = [cleaned[name] for name in ("photo", "other_side") if cleaned[name]]
        if sides and cleaned["scan"]:
            self.add_error("scan", _("Send either a photo or a scan, not both."))
        elif not sides and not cleaned["scan"]:
            self.add_error("photo", _("Take a photo of the document, or choose a scan."))
        elif len(sides) > 1 and not all(side.is_image for side in sides):
            self.add_error("other_side", _("Take photos of both sides; choose a PDF below."))
        self.pages: list[CleanFile] = sides or cleaned["scan"]

    def _in_order(self, cleaned: dict[str, Any]) -> None:
        dated_on, expires_on = cleaned.get("dated_on"), cleaned.get("expires_on")
        if dated_on and expires_on and expires_on < dated_on:
            self.add_error("expires_on", _("The day on which it expires must be after the date on the document."))

    @property
    def file(self) -> CleanFile:
        """Several photos are one PDF from here on, with one fingerprint. Call it on a valid form only."""
        return self.pages[0] if len(self.pages) == 1 else joined(self.pages, name="document.pdf")


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=_("Why do you need to see it?"),
        help_text=_("For example: “To decide about the badge”. The customer can see who read it, and why."),
        min_length=4,
        max_length=100,
        error_messages={
            "required": _("Say why you need to see it."),
            "min_length": _("Say in a few words why you need to see it."),
            "max_length": _("Say in at most 100 characters why you need to see it."),
        },
    )


class WithdrawForm(forms.Form):
    because = forms.CharField(
        label=_("Why is it withdrawn?"),
        help_text=_("The customer reads it."),
        min_length=4,
        max_length=300,
        error_messages={
            "required": _("Write why it is withdrawn: the customer reads it."),
            "min_length": _("Write in a few words why it is withdrawn."),
            "max_length": _("Use 300 characters or fewer."),
        },
    )


class RelyForm(forms.Form):
    document = forms.ModelChoiceField(
        Document.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose a document from the list."),
            "invalid_choice": _("This document can no longer be used. Choose another."),
        },
    )

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offered
