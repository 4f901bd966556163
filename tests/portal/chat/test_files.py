"""Photos and files in a conversation: by both sides, behind its door, once, and gone with the request."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.catalogue.services import ensure_services
from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from barnet.kit.files.checking import check_file
from barnet.operations import retention
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Attachment, Case, SentFile
from portal.cases.services import attach_file, erase_file, resolve_case, write_message
from portal.chat.selectors import lines
from tests.barnet.kit.files import samples
from tests.factories import CaseFactory, ServiceFactory, StaffFactory
from tests.people import PortalClient
from tests.portal.cases.test_races import at_once
from tests.portal.chat.test_conversation import address, ask, events_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines(db):
    return StaffFactory(email="ines@example.com", roles=["adviser"])


@pytest.fixture
def case(asha):
    return CaseFactory(customer=asha, service=ServiceFactory())


def photo(name="bin.jpg", content=None):
    return SimpleUploadedFile(name, content or samples.picture_with_place(), "image/jpeg")


def pdf(name="letter.pdf"):
    return SimpleUploadedFile(name, samples.PDF, "application/pdf")


def clean(upload):
    return check_file(upload)


def as_(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def file_of(case, pk):
    return f"{address(case)}files/{pk}/"


def test_both_send_and_each_sees_the_others_files(case, asha, ines):
    own, desk = as_(asha.user), as_(ines)
    own.post(address(case), {"text": "Here is the bin", "file": photo()})
    desk.post(address(case, "staff_chat"), {"text": "", "file": pdf()})
    picture, letter = Attachment.objects.order_by("pk")
    text = own.get(address(case)).text
    assert f'src="{file_of(case, picture.pk)}" alt="Photo: bin.jpg"' in text
    assert f'href="{file_of(case, letter.pk)}">letter.pdf</a> (PDF, ' in text
    assert "A file." in text
    text = desk.get(address(case, "staff_chat")).text
    assert f'src="/requests/photos/{picture.pk}/" alt="Photo: bin.jpg"' in text
    assert f'href="/requests/files/{letter.pk}/"' in text
    case.refresh_from_db()
    assert case.wrote_at is None  # ours was the last word


def test_a_photo_is_written_anew_and_a_file_is_saved_never_shown(case, asha):
    own = as_(asha.user)
    own.post(address(case), {"text": "Two", "file": photo()})
    own.post(address(case), {"text": "Three", "file": pdf()})
    picture, letter = Attachment.objects.order_by("pk")
    with picture.file.open() as stored:
        assert b"Exif" not in stored.read()
    shown, saved = own.get(file_of(case, picture.pk)), own.get(file_of(case, letter.pk))
    assert shown["Content-Disposition"].startswith("inline")
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert b"".join(saved.streaming_content) == samples.PDF


def test_the_files_are_behind_the_door_of_the_conversation(case, asha, ben, cara, dev, ines):
    write_message(case, actor=Actor.online(asha.user, asha), text="Mine", file=clean(photo()))
    pk = Attachment.objects.get().pk
    for user, status in ((asha.user, 200), (ben.user, 200), (cara.user, 404), (dev, 404), (ines, 404)):
        assert as_(user).get(file_of(case, pk)).status_code == status
    assert PortalClient().get(file_of(case, pk)).status_code == 404
    for user, status in ((dev, 200), (ines, 200), (cara.user, 404)):
        assert as_(user).get(f"/requests/photos/{pk}/").status_code == status
    assert AccessRecord.objects.filter(actor=dev, customer=asha, what=f"photo of {case.reference}").count() == 1
    other = CaseFactory(customer=cara)
    assert as_(cara.user).get(file_of(other, pk)).status_code == 404  # not by the door of another request


def test_what_staff_keep_for_themselves_is_not_in_the_conversation(case, asha, dev):
    hidden = attach_file(case, actor=Actor.staff(dev), file=clean(pdf("for staff.pdf")), is_public=False)
    assert as_(asha.user).get(file_of(case, hidden.pk)).status_code == 404
    assert "for staff" not in as_(asha.user).get(address(case)).text


def test_a_visitor_without_an_account_sends_and_sees_theirs(client):
    ensure_services()
    client.post(ask(client, email="gus@example.com").url, {"text": "", "file": photo()})
    case, sent = Case.objects.get(), Attachment.objects.get()
    assert client.get(file_of(case, sent.pk)).status_code == 200
    assert PortalClient().get(file_of(case, sent.pk)).status_code == 404


def test_a_photo_goes_with_the_first_question_once(client):
    ensure_services()
    key = client.get("/chat/").context["form"]["submission_key"].value()
    said = {"question": "What is this on my bin?", "email": "gus@example.com", "submission_key": key}
    for _ in range(2):
        page = client.post("/chat/", {**said, "file": photo()}, follow=True)
    case, sent = Case.objects.get(), Attachment.objects.get()
    assert [[file.url for file in line.files] for line in page.context["lines"]] == [[file_of(case, sent.pk)]]


def test_a_bad_file_with_the_first_question_makes_no_request_and_the_words_stay(client):
    ensure_services()
    page = ask(client, "My long question", email="gus@example.com", file=SimpleUploadedFile("x.jpg", b"MZ a program"))
    assert "This is a program" in page.text
    assert "My long question" in page.text
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: SimpleUploadedFile("x.jpg", b"MZ a program"), "This is a program"),
        (lambda: SimpleUploadedFile("x.pdf", samples.LOCKED_PDF), "has a password"),
        (lambda: SimpleUploadedFile("x.txt", b"words"), "cannot take this kind of file"),
        (lambda: SimpleUploadedFile("x.pdf", b""), "empty"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_the_words_stay(case, asha, ines, file, sentence):
    for user, name in ((asha.user, "chat"), (ines, "staff_chat")):
        page = as_(user).post(address(case, name), {"text": "My long words", "file": file()})
        assert sentence in page.text
        assert "My long words" in page.text
    assert not case.timeline.filter(kind="message").exists()
    assert not Attachment.objects.exists()


def test_neither_words_nor_file_is_no_message(case, asha):
    page = as_(asha.user).post(address(case), {"text": " "})
    assert "Write the message, or choose a file" in page.text
    assert not case.timeline.filter(kind="message").exists()


def test_sent_twice_is_one_and_another_photo_is_another(case, asha):
    own = as_(asha.user)
    for _press in range(2):
        own.post(address(case), {"text": "", "file": pdf()})
    assert case.timeline.filter(kind="message").count() == SentFile.objects.count() == 1
    own.post(address(case), {"text": "", "file": SimpleUploadedFile("b.docx", samples.docx())})
    own.post(address(case), {"text": "", "file": pdf("again.pdf")})
    assert case.timeline.filter(kind="message").count() == SentFile.objects.count() == 3
    assert Attachment.objects.count() == 2  # the same file is kept once
    assert [line.files[0].name for line in lines(case)] == ["letter.pdf", "b.docx", "letter.pdf"]


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_are_one_message_and_one_file(case, asha):
    actor = Actor.online(asha.user, asha)
    results = at_once(10, lambda _number: write_message(case, actor=actor, text="Here", file=clean(pdf())))
    assert len({result.pk for result in results}) == 1
    assert Attachment.objects.count() == 1
    assert SentFile.objects.count() == 1


def test_enough_is_enough_and_photos_of_the_request_have_a_limit_of_their_own(case, asha, dev, settings):
    settings.MESSAGE_FILES_MOST = 2
    theirs, ours = Actor.online(asha.user, asha), Actor.staff(dev)
    for name in ("a", "b"):
        write_message(case, actor=theirs, text=name, file=clean(pdf()))
    with pytest.raises(MoveRefusedError, match="2 files were sent"):
        write_message(case, actor=theirs, text="c", file=clean(pdf()))
    answer = as_(asha.user).post(address(case), {"text": "My long words", "file": photo()})
    assert answer.status_code == 409
    assert "My long words" in answer.text
    write_message(case, actor=ours, text="c", file=clean(photo()))
    settings.ATTACHMENT_FILES_MOST = 1
    attach_file(case, actor=theirs, file=clean(SimpleUploadedFile("b.docx", samples.docx())))


def test_nothing_is_kept_when_the_request_is_over(case, asha, dev):
    resolve_case(case, actor=Actor.staff(dev), outcome="collected", public_reason="We came back.")
    assert as_(asha.user).post(address(case), {"text": "", "file": pdf()}).status_code == 409
    assert not Attachment.objects.exists()


def test_new_files_come_by_events(case, asha):
    own = as_(asha.user)
    write_message(case, actor=Actor.online(asha.user, asha), text="Here", file=clean(photo()))
    found, _last = events_of(own.get(address(case, "chat_live")))
    assert file_of(case, Attachment.objects.get().pk) in found[0][1]


def test_an_erased_file_leaves_the_words_and_no_bytes(case, asha, dev, django_capture_on_commit_callbacks):
    write_message(case, actor=Actor.online(asha.user, asha), text="", file=clean(pdf()))
    sent = Attachment.objects.get()
    path = Path(sent.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        erase_file(sent, actor=Actor.staff(dev), why="Sent by mistake")
    assert not path.exists()
    assert [(line.text, line.files) for line in lines(case)] == [("A file.", [])]


@pytest.mark.django_db(transaction=True)
def test_the_files_go_with_the_request(case, asha):
    write_message(case, actor=Actor.online(asha.user, asha), text="Here", file=clean(photo()))
    path = Path(Attachment.objects.get().file.path)
    long_ago = timezone.now() - dt.timedelta(days=4 * 365)
    Case.objects.update(state="resolved", outcome="done", public_reason="Done", resolved_at=long_ago)
    [report] = retention.apply_all(keys=["closed-requests"])
    assert (report.done, report.error) == (1, "")
    assert not path.exists()
    assert not SentFile.objects.exists()


def test_a_staff_message_at_the_request_is_the_same_conversation(case, asha, dev):
    page = as_(dev)
    address_of_act = f"/staff/cases/{case.reference}/message/"
    form = page.get(address_of_act).context["form"]
    seen = {name: form[name].value() for name in ("version", "last_entry")}
    for _press in range(2):
        page.post(address_of_act, {"text": "Read this", "file": pdf(), **seen})
    [line] = lines(case)
    assert (line.text, [sent.name for sent in line.files]) == ("Read this", ["letter.pdf"])


def test_the_conversation_costs_the_same_for_one_file_and_three(case, asha, django_assert_num_queries):
    own, actor = as_(asha.user), Actor.online(asha.user, asha)
    write_message(case, actor=actor, text="1", file=clean(pdf()))
    own.get(address(case))
    with CaptureQueriesContext(connection) as one:
        own.get(address(case))
    for content, name in ((samples.docx(), "a.docx"), (samples.picture(), "a.jpg")):
        write_message(case, actor=actor, text=name, file=clean(ContentFile(content, name)))
    with django_assert_num_queries(len(one)):
        own.get(address(case))
