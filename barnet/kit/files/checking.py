"""A file that somebody sent: what it is, whether we can take it, and if not, why, in words that name the file.

In this order, the cheap before the dear: size, sort by its first bytes, the virus scanner, then what is inside. Photos
are written anew, without the place that the camera noted.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from barnet.kit.files import archives, sorts
from barnet.kit.files.scanning import InfectedError, ScannerOffError, scan
from barnet.kit.files.sorts import CONTENT_TYPES, OLD_OFFICE, TAKEN, ZIP, Sort
from barnet.kit.uploads import clean_photo

LONGEST_NAME = 100
_PDF_PASSWORD = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_TAIL = 2048


@dataclass(frozen=True)
class CleanFile:
    content: File
    content_type: str
    name: str
    size: int
    sha256: str

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


def check_file(file: File) -> CleanFile:
    """Raises ValidationError; the sentence says which file is meant."""
    name = _readable(file.name)
    try:
        return _checked(file, name)
    except ValidationError as error:
        sentences = [f"{name}: {sentence}" for sentence in error.messages]
        raise ValidationError([ValidationError(sentence, code=error_code(error)) for sentence in sentences]) from None


def error_code(error: ValidationError) -> str:
    return getattr(error, "code", None) or "file"


def _checked(file: File, name: str) -> CleanFile:
    if not file.size:
        raise ValidationError(_("This file is empty."), code="empty")
    if file.size > settings.FORM_FILE_MAX_BYTES:
        largest = filesizeformat(settings.FORM_FILE_MAX_BYTES)
        raise ValidationError(_("A file must be smaller than %(size)s.") % {"size": largest}, code="too_large")
    sort = _sort_of(file)
    _scan(file)
    if sort is Sort.IMAGE:
        photo = clean_photo(file)
        suffix = PurePath(photo.name).suffix
        return CleanFile(photo.content, photo.content_type, _named(name, suffix), photo.size, photo.sha256)
    if sort is Sort.PDF:
        _check_pdf(file)
    else:
        sort = archives.sort_of(file)
    file.seek(0)
    content = file.read()
    return CleanFile(
        content=ContentFile(content),
        content_type=CONTENT_TYPES[sort],
        name=_named(name, f".{sort}"),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _sort_of(file: File) -> Sort | None:
    """None: an archive, which must be looked into."""
    file.seek(0)
    start = file.read(64)
    if sorts.is_program(start):
        raise ValidationError(_("This is a program. We do not take programs."), code="program")
    if sorts.is_image(start):
        return Sort.IMAGE
    if sorts.is_pdf(start):
        return Sort.PDF
    if start.startswith(ZIP):
        return None
    if start.startswith(OLD_OFFICE):
        _refuse_old_office(file)
    raise ValidationError(_("We cannot take this kind of file. We take %(kinds)s.") % {"kinds": TAKEN}, code="kind")


def _refuse_old_office(file: File) -> None:
    """Newer files with a password come in the same wrapping."""
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in file.read():
        raise ValidationError(_("This file has a password. Save it without one, and send it again."), code="password")
    raise ValidationError(_("This is an old Office file. Save it as PDF or .docx, and send it again."), code="kind")


def _scan(file: File) -> None:
    try:
        scan(file)
    except InfectedError:
        raise ValidationError(_("We found a virus in this file, and did not keep it."), code="virus") from None
    except ScannerOffError:
        sentence = _("We cannot check files for viruses at the moment. Try again in some minutes.")
        raise ValidationError(sentence, code="scanner") from None


def _check_pdf(file: File) -> None:
    file.seek(0)
    content = file.read()
    if b"%%EOF" not in content[-_TAIL:] or b"startxref" not in content[-_TAIL:]:
        raise ValidationError(_("This PDF is damaged or not whole. Save it again, and send it."), code="damaged")
    if _PDF_PASSWORD.search(content):
        raise ValidationError(_("This PDF has a password. Save it without one, and send it again."), code="password")


# --- Names ------------------------------------------------------------------------------------------------------------


def _readable(name: str | None) -> str:
    """Without folders, and without signs that nobody sees, such as those that turn the order of letters."""
    last = PurePath((name or "").replace("\\", "/")).name
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(" .")
    return shown[-LONGEST_NAME:] or _("file")


def _named(name: str, suffix: str) -> str:
    """With the ending of what it is."""
    stem = name if name.lower().endswith(suffix) else PurePath(name).stem
    stem = stem[: -len(suffix)] if stem.lower().endswith(suffix) else stem
    return f"{stem[: LONGEST_NAME - len(suffix)] or _('file')}{suffix}"
