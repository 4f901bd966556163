"""Files in the hands of the people who fill in a form."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.smartforms.models import FormFile, Submission
from portal.smartforms.publishing import import_form
from tests.barnet.kit.files import samples
from tests.factories import ServiceFactory
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import Hand

FORM = {
    "slug": "evidence",
    "title": "Send evidence",
    "summary": "What shows where you live.",
    "service": "general-enquiry",
    "steps": [
        {
            "key": "proof",
            "title": "Proof",
            "questions": [
                {"key": "who", "kind": "name", "label": "Your name"},
                {"key": "rented", "kind": "yes_no", "label": "Do you rent?"},
                {"key": "bill", "kind": "files", "label": "A bill"},
            ],
        },
        {
            "key": "lease",
            "title": "Lease",
            "show_when": {"about": "rented", "one_of": ["yes"]},
            "questions": [{"key": "lease", "kind": "files", "label": "The lease"}],
        },
    ],
    "outcomes": [{"key": "sent", "title": "We have it"}],
    "destinations": [{"service": "general-enquiry", "case_title": "Evidence"}],
}


@pytest.fixture
def hand(client, db):
    ServiceFactory(slug="general-enquiry")
    import_form(FORM, by=None)
    hand = Hand(client, "evidence")
    hand.start()
    return hand


def upload(name="bill.pdf", content=samples.PDF):
    return SimpleUploadedFile(name, content)


def test_a_file_stays_when_something_else_on_the_page_is_wrong(hand):
    page = hand.post("proof", {"who": "", "rented": "yes", "bill": upload()})
    row = FormFile.objects.get()
    assert hand.kept()["bill"] == [{"id": str(row.pk), "name": "bill.pdf", "size": row.size}]
    assert f'name="bill-kept" value="{row.pk}"' in page.content.decode()
    hand.answer("proof", {"who": "Asha", "rented": "yes", "bill-kept": str(row.pk)}, "lease")
    assert hand.kept()["bill"][0]["id"] == str(row.pk)


def test_saving_by_itself_loses_no_file(hand):
    hand.post("proof", {"who": "", "rented": "yes", "bill": upload()})
    row = FormFile.objects.get()
    hand.post("proof", {"who": "A", "bill-kept": str(row.pk), "autosave": "yes"})
    assert hand.kept()["bill"][0]["id"] == str(row.pk)
    assert FormFile.objects.count() == 1


def test_a_file_is_removed_with_what_is_stored(hand, django_capture_on_commit_callbacks):
    hand.post("proof", {"bill": [upload()]})
    row = FormFile.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        page = hand.post("proof", {"who": "", "bill-kept": str(row.pk), "bill-remove": str(row.pk)})
    assert "There is a problem" not in page.content.decode()
    assert not FormFile.objects.exists()
    assert "bill" not in hand.kept()
    assert not row.file.storage.exists(row.file.name)


def test_the_enter_key_goes_on_and_removes_nothing(hand):
    """Browsers press the first button of the form."""
    page = hand.post("proof", {"who": "", "rented": "yes", "bill": upload()}).content.decode()
    buttons = re.findall(r"<button[^>]*>", page[page.index("portal-autosave") :])
    assert "name=" not in buttons[0]
    assert any('name="bill-remove"' in button for button in buttons[1:])


def test_files_go_with_what_is_sent_and_those_of_hidden_answers_are_deleted(hand, django_capture_on_commit_callbacks):
    hand.post("proof", {"who": "Asha", "rented": "yes", "bill": upload()})
    hand.post("lease", {"lease": upload("lease.pdf", samples.PDF + b"\n")})
    lease = FormFile.objects.get(question="lease")
    bill = FormFile.objects.get(question="bill")
    hand.answer("proof", {"who": "Asha", "rented": "no", "bill-kept": str(bill.pk)}, "check")
    with django_capture_on_commit_callbacks(execute=True):
        assert hand.client.post(hand.check_url, {}).status_code == 302
    [row] = FormFile.objects.all()
    assert (row.pk, row.submission, row.draft) == (bill.pk, Submission.objects.get(), None)
    assert row.file.read() == samples.PDF
    assert not lease.file.storage.exists(lease.file.name)


def test_a_file_leaves_through_the_door_only(hand, cara, dev):
    hand.post("proof", {"bill": upload("счёт.pdf")})
    row = FormFile.objects.get()
    address = reverse("form_file", args=[row.pk])
    answer = hand.client.get(address)
    assert b"".join(answer.streaming_content) == samples.PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    for user in (None, cara.user, dev):
        stranger = PortalClient()
        if user:
            stranger.force_login(user)
        assert stranger.get(address).status_code == 404
    row.file.storage.delete(row.file.name)
    assert hand.client.get(address).status_code == 404


def test_another_persons_file_cannot_be_claimed(hand):
    hand.post("proof", {"bill": upload()})
    theirs = FormFile.objects.get()
    mine = Hand(PortalClient(), "evidence")
    mine.start()
    page = mine.post("proof", {"who": "Cara", "rented": "no", "bill-kept": str(theirs.pk)})
    assert "Choose a file" in page.content.decode()
    assert "bill" not in mine.kept()
    mine.post("proof", {"who": "Cara", "rented": "no", "bill-remove": str(theirs.pk)})
    assert FormFile.objects.get() == theirs
