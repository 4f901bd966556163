"""A paper with two sides, or several pages, is one document."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.documents.models import Document
from tests.barnet.kit.files import samples
from tests.barnet.kit.files.pages import colours_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(asha) -> str:
    return f"/staff/documents/customers/{asha.pk}/add/"


def side(colour: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "JPEG")
    return SimpleUploadedFile(f"{colour}.jpg", content.getvalue(), "image/jpeg")


def pages_of(document: Document) -> list[str]:
    with document.file.open() as stored:
        return colours_of(stored.read())


def test_both_sides_are_one_document_with_one_fingerprint(at_desk, address, filled):
    sent = filled(at_desk.get(address), photo=side("red"), other_side=side("blue"))
    page = at_desk.post(address, sent, follow=True)
    document = Document.objects.get()
    assert (document.content_type, pages_of(document)) == ("application/pdf", ["red", "blue"])
    assert document.fingerprint in page.content.decode()


def test_photos_of_pages_keep_the_order_in_which_they_were_chosen(at_desk, address, filled):
    sent = filled(at_desk.get(address), scan=[side("lime"), side("red"), side("blue")])
    del sent["photo"]
    at_desk.post(address, sent)
    assert pages_of(Document.objects.get()) == ["lime", "red", "blue"]


@pytest.mark.parametrize("chosen", ["photo", "scan"])
def test_one_photo_stays_a_photo(at_desk, address, filled, chosen):
    sent = filled(at_desk.get(address))
    sent[chosen] = sent.pop("photo")
    at_desk.post(address, sent)
    assert Document.objects.get().is_image


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"photo": "", "scan": [side("red"), SimpleUploadedFile("b.pdf", samples.PDF)]},
            "Choose one PDF, or photos only",
        ),
        ({"photo": "", "scan": [side("red") for _ in range(11)]}, "Choose at most 10 photos. You chose 11."),
        ({"photo": "", "scan": [side("red"), SimpleUploadedFile("x.jpg", b"MZ a program")]}, "This is a program"),
        ({"other_side": SimpleUploadedFile("b.pdf", samples.PDF)}, "Take photos of both sides"),
        ({"other_side": side("red"), "scan": [side("red")]}, "either a photo or a scan"),
    ],
)
def test_what_cannot_be_one_document_is_refused_with_a_sentence(at_desk, address, filled, changes, sentence):
    page = at_desk.post(address, filled(at_desk.get(address), **changes))
    assert sentence in page.content.decode()
    assert not Document.objects.exists()
