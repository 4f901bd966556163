"""Files beside a request: checked, private, saved and never shown; and erased for good, with a trace."""

import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from barnet.kit.files.checking import check_file
from portal.cases.models import Attachment
from portal.cases.services import MoveRefusedError, ask_customer, assign_case, attach_file, attach_photo, erase_file
from portal.cases.services.files import sweep_leftovers
from portal.reports.models import PublicReport
from tests import factories
from tests.barnet.kit.files import samples
from tests.people import PortalClient
from tests.portal.cases.conftest import make_photo

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def client_of(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def checked(content=samples.PDF, name="letter.pdf"):
    return check_file(ContentFile(content, name))


@pytest.fixture
def case(asha):
    return factories.CaseFactory(customer=asha)


@pytest.fixture
def lead(db):
    return factories.StaffFactory(email="lead@example.com", roles=["team_lead"])


def seen_acts(client, case, act):
    form = client.get(f"/staff/cases/{case.reference}/{act}/").context["form"]
    return {name: form[name].value() for name in ("version", "last_entry")}


def test_a_resident_adds_a_pdf_once_and_finds_it_at_the_request(asha, case):
    own, address = client_of(asha.user), f"/account/requests/{case.reference}/file/"
    assert "Choose a file" in own.post(address, {}).content.decode()
    for _press in range(2):
        sent = {"file": SimpleUploadedFile("letter.pdf", samples.PDF), "caption": "From my landlord"}
        assert "We have your file" in own.post(address, sent, follow=True).content.decode()
    attachment = Attachment.objects.get()
    text = own.get(f"/account/requests/{case.reference}/").content.decode()
    assert f'href="/requests/files/{attachment.pk}/"' in text
    assert "From my landlord (letter.pdf)" in text
    assert case.timeline.filter(kind="file").count() == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ a program", "letter.pdf", "This is a program"),
        (b"<html><script>", "letter.pdf", "cannot take this kind of file"),
        (samples.LOCKED_PDF, "letter.pdf", "has a password"),
        (samples.docx(**{"word/vbaProject.bin": b"x"}), "letter.docx", "has macros"),
    ],
)
def test_what_we_do_not_take_is_refused_with_a_sentence_and_nothing_is_kept(asha, case, content, name, sentence):
    own = client_of(asha.user)
    sent = {"file": SimpleUploadedFile(name, content), "caption": "What I typed"}
    text = own.post(f"/account/requests/{case.reference}/file/", sent).content.decode()
    assert sentence in text
    assert 'value="What I typed"' in text
    assert not Attachment.objects.exists()


def test_it_is_saved_never_shown_and_only_by_who_may(asha, ben, cara, dev, case):
    content = samples.docx()
    attachment = attach_file(case, actor=Actor.online(asha.user, asha), file=checked(content, "plan.docx"))
    for address in (f"/requests/files/{attachment.pk}/", f"/requests/photos/{attachment.pk}/"):
        for user in (asha.user, ben.user, dev):
            answer = client_of(user).get(address)
            assert b"".join(answer.streaming_content) == content
            assert answer["Content-Disposition"].startswith("attachment")
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Type"] == DOCX
            assert "no-store" in answer["Cache-Control"]
        assert client_of(cara.user).get(address).status_code == 404
        assert PortalClient().get(address).status_code == 404
    assert AccessRecord.objects.filter(actor=dev, what=f"file of {case.reference}").exists()


def test_staff_add_one_for_themselves_and_send_one_with_a_message(asha, dev, case):
    officer, own = client_of(dev), client_of(asha.user)
    address = f"/staff/cases/{case.reference}/file/"
    sent = seen_acts(officer, case, "file") | {"file": SimpleUploadedFile("inside.pdf", samples.PDF)}
    officer.post(address, sent)
    inside = Attachment.objects.get()
    assert not inside.is_public
    assert own.get(f"/requests/files/{inside.pk}/").status_code == 404
    assert "inside.pdf" not in own.get(f"/account/requests/{case.reference}/").content.decode()
    message = seen_acts(officer, case, "message") | {"text": "Here is the plan."}
    content = samples.docx()
    for _press in range(2):
        plan = SimpleUploadedFile("plan.docx", content)
        officer.post(f"/staff/cases/{case.reference}/message/", message | {"file": plan})
    text = own.get(f"/account/requests/{case.reference}/").content.decode()
    assert "Here is the plan." in text
    assert "plan.docx" in text
    assert Attachment.objects.count() == 2
    assert case.timeline.filter(kind="message").count() == 1


def test_an_answer_may_bring_a_file(asha, dev, case):
    by_dev = Actor.staff(dev)
    asked = ask_customer(assign_case(case, actor=by_dev, team=factories.TeamFactory()), actor=by_dev, question="Which?")
    own = client_of(asha.user)
    sent = {"answer": "This one.", "version": asked.version, "file": SimpleUploadedFile("a.pdf", samples.PDF)}
    own.post(f"/account/requests/{case.reference}/answer/", sent)
    assert Attachment.objects.get().name == "a.pdf"


def test_ten_files_are_enough_and_photos_do_not_count(asha, dev, case, settings):
    settings.ATTACHMENT_FILES_MOST = 1
    actor = Actor.online(asha.user, asha)
    attach_file(case, actor=actor, file=check_file(ContentFile(samples.picture(), "p.jpg")))
    attach_file(case, actor=actor, file=checked())
    with pytest.raises(MoveRefusedError, match="already has 1 files"):
        attach_file(case, actor=actor, file=checked(samples.docx(), "b.docx"))
    attach_file(case, actor=Actor.staff(dev), file=checked(samples.docx(), "b.docx"))
    assert Attachment.objects.papers().count() == 2
    assert case.timeline.filter(kind="photo").count() == 1


# --- Erased -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def photo(case, asha):
    return attach_photo(case, actor=Actor.online(asha.user, asha), photo=make_photo(name="gate-code-4711.jpg"))


def erase_address(photo) -> str:
    return f"/staff/cases/{photo.case.reference}/files/{photo.pk}/erase/"


def test_erased_the_bytes_are_gone_everywhere_and_the_trace_stays(
    asha, lead, case, photo, django_capture_on_commit_callbacks
):
    report = PublicReport.objects.create(case=case, about="street", words="A lamp")
    report.photos.add(photo)
    storage, name, address = photo.file.storage, photo.file.name, erase_address(photo)
    leader = client_of(lead)
    assert address in leader.get(f"/staff/cases/{case.reference}/").content.decode()
    assert "Tick the box" in leader.post(address, {"why": "A child is on it"}).content.decode()
    assert storage.exists(name)
    for _press in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            leader.post(address, {"why": "A child is on it", "is_sure": "on"})
    assert not storage.exists(name)
    assert not Attachment.objects.exists()
    assert not report.photos.exists()
    entry = case.timeline.get(kind="erased")
    assert (entry.actor, "A child is on it" in entry.internal_text) == (lead, True)
    assert "4711" not in entry.internal_text + entry.public_text
    for user in (asha.user, lead):
        assert client_of(user).get(f"/requests/photos/{photo.pk}/").status_code == 404
    text = client_of(asha.user).get(f"/account/requests/{case.reference}/").content.decode()
    assert "We erased a file that should not have been here" in text
    assert "A child is on it" not in text


def test_only_who_may_erase_words_may_erase_files(asha, ben, cara, dev, photo):
    for user, status in ((dev, 403), (asha.user, 404), (ben.user, 404), (cara.user, 404)):
        client = client_of(user)
        assert client.get(erase_address(photo)).status_code == status
        assert client.post(erase_address(photo), {"why": "Because", "is_sure": "on"}).status_code == status
    assert (
        "files/" not in client_of(dev).get(f"/staff/cases/{photo.case.reference}/").content.decode().split("<main")[1]
    )
    photo.refresh_from_db()


def test_a_file_of_another_request_is_not_found(lead, asha, photo):
    other = factories.CaseFactory(customer=asha)
    client = client_of(lead)
    assert client.get(f"/staff/cases/{other.reference}/files/{photo.pk}/erase/").status_code == 404
    client.post(f"/staff/cases/{other.reference}/files/{photo.pk}/erase/", {"why": "Because", "is_sure": "on"})
    assert Attachment.objects.exists()


def test_when_writing_the_trace_fails_nothing_is_erased(lead, photo, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("portal.cases.services.files.write_entry", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError), django_capture_on_commit_callbacks(execute=True):
        erase_file(photo, actor=Actor.staff(lead), why="A child is on it")
    photo.refresh_from_db()
    assert photo.file.storage.exists(photo.file.name)


def test_bytes_that_a_failed_deletion_left_are_swept(photo):
    storage = photo.file.storage
    lost = storage.save(photo.file.name.rpartition("/")[0] + "/lost.jpg", ContentFile(b"left"))
    week = 8 * 24 * 3600
    os.utime(storage.path(lost), (time.time() - week, time.time() - week))
    assert sweep_leftovers() == "1 deleted"
    assert storage.exists(photo.file.name)
