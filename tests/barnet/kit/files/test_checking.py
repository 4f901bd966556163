"""What arrives is known by what is in it; what we do not take is refused with a sentence that names the file."""

import io
import struct
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from barnet.kit.files import archives
from barnet.kit.files.checking import check_file
from tests.barnet.kit.files import samples


def check(content, name="letter.pdf"):
    return check_file(SimpleUploadedFile(name, content))


def refused(content, name="letter.pdf"):
    with pytest.raises(ValidationError) as error:
        check(content, name)
    [one] = error.value.error_list
    assert one.messages[0].startswith(f"{name}: ")
    return one.code, one.messages[0]


@pytest.mark.parametrize(
    ("content", "content_type", "name"),
    [
        (samples.PDF, "application/pdf", "scan.pdf"),
        (samples.picture(), "image/jpeg", "scan.jpg"),
        (samples.picture("PNG"), "image/jpeg", "scan.jpg"),
        (samples.picture("HEIF"), "image/jpeg", "scan.jpg"),
        (samples.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "scan.docx"),
        (samples.odt(), "application/vnd.oasis.opendocument.text", "scan.odt"),
    ],
)
@pytest.mark.parametrize("called", ["scan", "scan.exe", "scan.pdf", "C:\\Users\\asha\\scan.docx", "../../scan.jpg"])
def test_a_file_gets_the_type_and_the_ending_of_what_it_is(content, content_type, name, called):
    clean = check(content, called)
    assert clean.content_type == content_type
    stem = clean.name.rpartition(".")[0]
    assert stem == "scan"
    assert clean.name == name
    assert clean.size == len(clean.content.read())


def test_names_keep_their_letters_and_lose_hidden_signs():
    assert check(samples.PDF, "счёт \u202efdp.exe.pdf").name == "счёт fdp.exe.pdf"
    assert len(check(samples.PDF, "x" * 240 + ".pdf").name) <= 100
    assert check(samples.PDF, ".pdf").name.endswith(".pdf")


def test_photos_lose_the_place_and_the_camera():
    assert Image.open(io.BytesIO(samples.picture_with_place())).getexif()
    clean = check(samples.picture_with_place(), "home.jpg")
    assert not Image.open(clean.content).getexif()
    clean.content.seek(0)
    assert b"Asha" not in clean.content.read()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"x" * 100, "program"),
        (b"\x7fELF" + b"x" * 100, "program"),
        (b"#!/bin/sh\nrm -rf /", "program"),
        (b"<html><script>alert(1)</script>", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"some words", "kind"),
        (b"\x00" * 100, "kind"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (samples.PDF[:40], "damaged"),
        (samples.LOCKED_PDF, "password"),
        (samples.docx()[:-40], "damaged"),
        (samples.archive({"run.exe": b"MZ"}), "kind"),
        (samples.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (samples.archive({"[Content_Types].xml": b"macroEnabled.main+xml", "word/document.xml": b""}), "macros"),
        (samples.odt(**{"Basic/Standard/Module1.xml": b"x"}), "macros"),
        (samples.odt(manifest=b"<manifest:encryption-data/>"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "kind"),
        (samples.picture()[:60], "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "unreadable"),
    ],
)
def test_what_we_do_not_take_is_refused(content, code):
    assert refused(content)[0] == code


def test_a_program_that_calls_itself_a_letter_is_a_program():
    assert "program" in refused(b"MZ\x90\x00", "letter.docx")[1]


def test_a_file_that_is_too_large_is_refused(settings):
    settings.FORM_FILE_MAX_BYTES = 100
    assert refused(samples.PDF + b"x" * 100)[0] == "too_large"


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 100_000, 100_000, 8, 2, 0, 0, 0)
    assert refused(header + b"\x00" * 60, "bomb.png")[0] in {"too_many_pixels", "unreadable"}


# --- Archives ---------------------------------------------------------------------------------------------------------


def test_a_part_that_unpacks_to_far_more_is_refused():
    bomb = samples.docx(**{"word/media/image1.xml": b"\0" * (archives.SMALL + 1)})
    assert refused(bomb)[0] == "bomb"


def test_too_many_parts_are_refused():
    many = samples.docx(**{f"word/{number}.xml": b"" for number in range(archives.MOST_PARTS)})
    assert refused(many)[0] == "bomb"


def test_too_much_in_all_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1000)
    assert refused(samples.docx(**{"word/a.xml": bytes(range(256)) * 4}))[0] == "bomb"


def test_a_part_that_lies_about_its_size_is_refused():
    """The list of parts says 10 bytes; there are a million."""
    true = samples.docx(**{"word/media/x": b"\0" * 1_000_000})
    size = struct.pack("<L", 1_000_000)
    assert true.count(size) == 2
    assert refused(true.replace(size, struct.pack("<L", 10)))[0] == "damaged"


def test_a_part_with_a_password_is_refused():
    locked = bytearray(samples.docx())
    with zipfile.ZipFile(io.BytesIO(bytes(locked))) as opened:
        assert not opened.infolist()[0].flag_bits & 1
    at = locked.index(b"PK\x01\x02") + 8
    locked[at] |= 1
    assert refused(bytes(locked))[0] == "password"
