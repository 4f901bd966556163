"""Small files of each sort, and what people and others make of them."""

import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
LOCKED_PDF = PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 5 0 R")
TYPES = b"<Types/>"
ODT = b"application/vnd.oasis.opendocument.text"


def archive(parts, *, packed=True) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


def docx(**more) -> bytes:
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": b"<w:document/>", **more})


def odt(manifest=b"<manifest/>", **more) -> bytes:
    return archive({"mimetype": ODT, "META-INF/manifest.xml": manifest, "content.xml": b"<x/>", **more})


def picture(kind="JPEG", size=(40, 30), **options) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **options)
    return written.getvalue()


def picture_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Asha"
    exif.get_ifd(0x8825)[2] = (51.0, 39.0, 12.0)  # latitude
    return picture(exif=exif)
