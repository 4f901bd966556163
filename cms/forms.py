"""What visitors type into the search, and what editors upload."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

SEARCH_MAX_LENGTH = 200
DOCUMENT_MAX_BYTES = 20 * 1024 * 1024


class SearchForm(forms.Form):
    mark_optional = False

    q = forms.CharField(
        label=_("What are you looking for?"),
        required=False,
        max_length=SEARCH_MAX_LENGTH,
        error_messages={"max_length": _("Use %(limit_value)d characters or fewer to say what you are looking for.")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class DocumentForm(BaseDocumentForm):
    """A file for download: the kinds are settings, the size is checked here."""

    class Meta(BaseDocumentForm.Meta):
        pass

    def clean_file(self) -> UploadedFile | FieldFile:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile) and (file.size or 0) > DOCUMENT_MAX_BYTES:
            limit = filesizeformat(DOCUMENT_MAX_BYTES)
            raise ValidationError(_("Choose a file of %(limit)s or smaller.") % {"limit": limit})
        return file
