"""Word, Excel and OpenDocument files are archives. Every part is unpacked once, up to a limit, so that what the list of
parts claims is also true; nothing is written anywhere."""

import zipfile
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from barnet.kit.files.sorts import TAKEN, Sort

MOST_PARTS = 2_000
MOST_UNPACKED = 150 * 1024 * 1024  # bytes in all
MOST_TIMES = 200  # how much larger than packed, for a part above SMALL
SMALL = 5 * 1024 * 1024
_LONGEST_LIST = 1024 * 1024
_CHUNK = 256 * 1024
_ENCRYPTED = 0x1

_OFFICE_MAIN = {"word/document.xml": Sort.DOCX, "xl/workbook.xml": Sort.XLSX}
_ODF_TYPES = {
    b"application/vnd.oasis.opendocument.text": Sort.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Sort.ODS,
}


def sort_of(file: File) -> Sort:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:  # type: ignore[arg-type]
            _check_claims(archive)
            sort = _sort_of(archive)
            _unpack_all(archive)
    except ValidationError:
        raise
    except Exception:  # archives are broken in many ways, and the library tells each with an error of its own
        raise ValidationError(_("This file is damaged. Save it again, and send it."), code="damaged") from None
    return sort


def _check_claims(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise _has_password()
    total = sum(part.file_size for part in parts)
    swollen = any(part.file_size > max(SMALL, MOST_TIMES * part.compress_size) for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_UNPACKED or swollen:
        raise ValidationError(_("This file unpacks to far more than we can take."), code="bomb")


def _sort_of(archive: zipfile.ZipFile) -> Sort:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        for main, sort in _OFFICE_MAIN.items():
            if main in names:
                _refuse_macros(
                    any(name.lower().endswith("vbaproject.bin") for name in names)
                    or b"macroenabled" in _read(archive, "[Content_Types].xml").lower()
                )
                return sort
    if "mimetype" in names and (odf := _ODF_TYPES.get(_read(archive, "mimetype").strip())):
        if b"encryption-data" in _read(archive, "META-INF/manifest.xml"):
            raise _has_password()
        _refuse_macros(any(name.startswith(("Basic/", "Scripts/")) for name in names))
        return odf
    raise ValidationError(_("We cannot take this kind of file. We take %(kinds)s.") % {"kinds": TAKEN}, code="kind")


def _refuse_macros(has_macros: bool) -> None:
    if has_macros:
        sentence = _("This file has macros, which are programs. Save it without them, or as PDF, and send it again.")
        raise ValidationError(sentence, code="macros")


def _has_password() -> ValidationError:
    return ValidationError(_("This file has a password. Save it without one, and send it again."), code="password")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_LONGEST_LIST)


def _unpack_all(archive: zipfile.ZipFile) -> None:
    """A part that is larger than it claims, or changed, fails its sum here."""
    for part in archive.infolist():
        with archive.open(part) as opened:
            _exhaust(opened)


def _exhaust(opened: IO[bytes]) -> None:
    while opened.read(_CHUNK):
        pass
