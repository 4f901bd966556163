"""Fields for files of the sorts that we take."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from barnet.kit.files.checking import CleanFile, check_file
from barnet.kit.files.sorts import ACCEPT, TAKEN


class SeveralFiles(forms.FileInput):
    """Chosen at once; a field reads them in the order in which they were chosen."""

    allow_multiple_selected = True


class CheckedFileField(forms.FileField):
    """Cleans to a CleanFile, or to None; what we do not take is refused with a sentence that names the file."""

    def __init__(self, *, accept: str = ACCEPT, **options: Any) -> None:
        attrs = {"accept": accept, **options.pop("attrs", {})}
        messages = {
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose another file."),
            "invalid": _("Choose the file again."),
            **options.pop("error_messages", {}),
        }
        options.setdefault("help_text", capfirst(TAKEN))
        super().__init__(widget=forms.FileInput(attrs=attrs), error_messages=messages, **options)

    def clean(self, data: Any, initial: Any = None) -> CleanFile | None:
        file = super().clean(data, initial)
        return check_file(file) if isinstance(file, UploadedFile) else None
