"""The sorts of file that we take, and how the first bytes tell one from another."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Sort(StrEnum):
    IMAGE = "image"  # written anew by the kit: its type is known afterwards
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    ODS = "ods"


CONTENT_TYPES = {
    Sort.PDF: "application/pdf",
    Sort.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Sort.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Sort.ODT: "application/vnd.oasis.opendocument.text",
    Sort.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}
# For the file chooser of a telephone or a desk: only a help, the check looks inside.
ACCEPT = ",".join(["image/*", ".heic", ".heif", *(f".{sort}" for sort in CONTENT_TYPES)])
TAKEN = _("photos (JPEG, PNG or HEIC), PDF, Word (.docx), Excel (.xlsx) and OpenDocument (.odt, .ods)")


ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def is_program(start: bytes) -> bool:
    return start.startswith(_PROGRAMS)


def is_image(start: bytes) -> bool:
    return (
        start.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"))
        or (start[:4] == b"RIFF" and start[8:12] == b"WEBP")
        or (start[4:8] == b"ftyp" and start[8:12] in _HEIF_BRANDS)
    )


def is_pdf(start: bytes) -> bool:
    return start.startswith(b"%PDF-")
