"""A librarian sees an original, takes a photo of it and certifies it."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from barnet.customers.models import AccessRecord
from portal.documents.models import Document
from tests import factories
from tests.barnet.kit.files import samples
from tests.portal.documents.conftest import HENDON, NO_EXPIRY, client_of, in_boxes


@pytest.fixture
def address(asha):
    return f"/staff/documents/customers/{asha.pk}/add/"


def test_a_photo_of_the_original_is_certified_with_name_place_and_day(at_desk, libby, asha, address, filled):
    page = at_desk.get(address)
    assert 'capture="environment"' in page.content.decode()
    sent = filled(page, photo=SimpleUploadedFile("p.jpg", samples.picture_with_place(), "image/jpeg"))
    page = at_desk.post(address, sent, follow=True)
    document = Document.objects.get()
    text = page.content.decode()
    today = timezone.localdate()
    assert f"Original seen by Libby Reed at {HENDON} on {today.day} {today:%B %Y}" in text
    assert document.fingerprint in text
    assert (document.customer, document.valid_until) == (asha, today + dt.timedelta(days=3000))
    with document.file.open() as stored:
        assert not Image.open(io.BytesIO(stored.read())).getexif()
    assert AccessRecord.objects.filter(actor=libby, customer=asha, what=f"customer {asha.pk}").exists()


def test_the_button_pressed_twice_certifies_once(at_desk, address, filled):
    page = at_desk.get(address)
    first = at_desk.post(address, filled(page))
    second = at_desk.post(address, filled(page))
    assert first["Location"] == second["Location"]
    assert Document.objects.count() == 1


def test_a_scan_as_pdf_will_do_and_the_place_is_remembered(at_desk, address, filled, bill):
    today = timezone.localdate()
    answers = filled(at_desk.get(address), kind=str(bill.pk), scan=SimpleUploadedFile("b.pdf", samples.PDF))
    del answers["photo"]
    at_desk.post(address, answers | in_boxes("dated_on", today) | NO_EXPIRY)
    document = Document.objects.get()
    assert document.content_type == "application/pdf"
    assert document.valid_until == bill.valid_until(today, None)
    assert f'<option value="{HENDON}" selected>' in at_desk.get(address).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Choose what kind of document it is"),
        ({"kind": "999"}, "Choose a kind from the list"),
        ({"photo": ""}, "Take a photo of the document"),
        ({"scan": SimpleUploadedFile("b.pdf", samples.PDF)}, "either a photo or a scan"),
        ({"photo": SimpleUploadedFile("x.jpg", b"MZ a program")}, "This is a program"),
        ({"photo": SimpleUploadedFile("x.docx", samples.docx())}, "Send a photo or a PDF"),
        ({"photo": SimpleUploadedFile("x.pdf", samples.LOCKED_PDF)}, "has a password"),
        ({"dated_on_day": ""}, "The date on the document"),
        ({"dated_on_year": "2999"}, "must be today or in the past"),
        (NO_EXPIRY, "Enter the day on which it expires"),
        (in_boxes("expires_on", dt.date(2001, 1, 1)), "must be after the date on the document"),
        ({"place": ""}, "Choose where you saw it"),
        ({"place": "The pub"}, "Choose a place from the list"),
        ({"is_seen": ""}, "Certify only what you have seen"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_kept(at_desk, address, filled, changes, sentence):
    page = at_desk.post(address, filled(at_desk.get(address), **changes))
    text = page.content.decode()
    assert page.status_code == 200
    assert sentence in text
    assert f'value="{page.wsgi_request.POST["expires_on_year"]}"' in text  # what was typed stands there still
    assert not Document.objects.exists()


def test_a_paper_that_is_too_old_is_refused_with_the_day(at_desk, address, filled, bill):
    long_ago = in_boxes("dated_on", dt.date(2020, 1, 15))
    page = at_desk.post(address, filled(at_desk.get(address), kind=str(bill.pk), **long_ago, **NO_EXPIRY))
    assert "stopped proving anything on 15 April 2020" in page.content.decode()
    assert not Document.objects.exists()


def test_only_who_may_certify_does(asha, address, dev, cara):
    for user, status in ((dev, 403), (factories.StaffFactory(roles=["adviser"]), 403), (asha.user, 404)):
        assert client_of(user).get(address).status_code == status
        assert client_of(user).post(address, {}).status_code == status
    assert client_of(cara.user).get(address).status_code == 404
    assert not Document.objects.exists()


def test_the_list_costs_the_same_for_one_and_for_three(at_desk, asha, django_assert_num_queries):
    address = f"/staff/documents/customers/{asha.pk}/"
    factories.DocumentFactory(customer=asha)
    at_desk.get(address)
    with django_assert_num_queries(QUERIES_OF_LIST):
        assert at_desk.get(address).content.decode().count("Original seen by") == 1
    factories.DocumentFactory.create_batch(2, customer=asha)
    with django_assert_num_queries(QUERIES_OF_LIST):
        assert at_desk.get(address).content.decode().count("Original seen by") == 3


QUERIES_OF_LIST = 9


def test_withdrawn_by_staff_it_is_offered_no_more_and_its_scan_goes(at_desk, asha, django_capture_on_commit_callbacks):
    document = factories.DocumentFactory(customer=asha)
    storage, name = document.file.storage, document.file.name
    address = f"/staff/documents/{document.pk}/withdraw/"
    assert "Write why it is withdrawn" in at_desk.post(address, {"because": ""}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        at_desk.post(address, {"because": "It is of another person"})
    document.refresh_from_db()
    assert document.withdrawn_because == "It is of another person"
    assert not document.file
    assert not storage.exists(name)
    assert not Document.objects.valid_on(timezone.localdate()).exists()
