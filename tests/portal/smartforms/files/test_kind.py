"""Files are taken, kept, shown, taken back, and never those of somebody else."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.smartforms.definition.model import Question
from portal.smartforms.files.keeping import ids_in
from portal.smartforms.kinds import kind_of
from portal.smartforms.models import FormFile
from tests.barnet.kit.files import samples
from tests.portal.smartforms.kinds.asking import Page

pytestmark = pytest.mark.django_db
QUESTION = Question("home", "files", "Proof of where you live")
KIND = kind_of(QUESTION)


def upload(name="letter.pdf", content=samples.PDF):
    return SimpleUploadedFile(name, content)


def send(draft, *uploads, ids=(), question=QUESTION, **buttons):
    sent = {"home-kept": list(ids), **{f"home-{name}": value for name, value in buttons.items()}}
    return Page(question, sent, {"home": list(uploads)}, draft_id=draft.pk)


def keep(draft, page, place="home", before=None):
    return KIND.keep(draft, place, page.value, before)


def test_what_was_sent_is_kept_with_its_row(draft):
    kept = keep(draft, send(draft, upload(), upload("flat.jpg", samples.picture())))
    rows = {str(row.pk): row for row in FormFile.objects.filter(draft=draft)}
    assert [item["name"] for item in kept] == ["letter.pdf", "flat.jpg"]
    assert ids_in(kept) == rows.keys()
    row = rows[kept[0]["id"]]
    assert (row.question, row.content_type, row.size) == ("home", "application/pdf", len(samples.PDF))
    assert row.file.read() == samples.PDF
    assert "letter" not in row.file.name


def test_kept_files_are_shown_and_come_back_with_the_next_page(draft):
    kept = keep(draft, send(draft, upload()))
    assert send(draft, ids=[kept[0]["id"]]).value == kept
    assert f'name="home-kept" value="{kept[0]["id"]}"' in Page(QUESTION, given=kept, draft_id=draft.pk).html
    assert KIND.in_words(QUESTION, kept).startswith("letter.pdf (")


def test_the_same_file_twice_is_kept_once(draft):
    first = keep(draft, send(draft, upload(), upload("copy.pdf")))
    again = keep(draft, send(draft, upload()), before=first)
    assert again == first
    assert FormFile.objects.count() == 1


def test_one_bad_file_does_not_lose_the_good_one(draft):
    page = send(draft, upload(), upload("virus.exe", b"MZ\x90"))
    assert "virus.exe: This is a program" in page.summary
    assert 'href="#id_home"' in page.summary
    page.form.fields["home"].store(draft.pk, "home")
    [row] = FormFile.objects.all()
    assert row.name == "letter.pdf"
    assert f'name="home-kept" value="{row.pk}"' in page.html


def test_a_file_can_be_taken_back(draft, django_capture_on_commit_callbacks):
    kept = keep(draft, send(draft, upload(), upload("flat.jpg", samples.picture())))
    stored = FormFile.objects.get(pk=kept[0]["id"]).file
    page = send(draft, ids=[item["id"] for item in kept], remove=kept[0]["id"])
    assert page.asks_more
    assert not page.summary
    with django_capture_on_commit_callbacks(execute=True):
        left = KIND.keep(draft, "home", page.form.fields["home"].answer, kept)
        assert stored.storage.exists(stored.name)  # until the change is committed
    assert left == kept[1:]
    assert not stored.storage.exists(stored.name)
    assert [str(row.pk) for row in FormFile.objects.all()] == [kept[1]["id"]]


def test_files_of_another_draft_or_question_are_not_there(draft, new_draft):
    other = keep(new_draft(), send(draft, upload()))
    elsewhere = keep(draft, send(draft, upload("b.jpg", samples.picture())), place="income")
    for forged in (other[0]["id"], elsewhere[0]["id"], str(uuid.uuid4()), "forged", "null\x00", "9" * 500):
        page = send(draft, ids=[forged])
        assert page.codes == {"too_few"}
    assert FormFile.objects.count() == 2


def test_a_thing_of_a_group_has_its_own_files(draft):
    first = keep(draft, send(draft, upload()), place="children.home")
    second = keep(draft, send(draft, upload("b.jpg", samples.picture())), place="children.home")
    assert send(draft, ids=[second[0]["id"]]).value == second
    KIND.keep(draft, "children.home", [], first)
    assert [str(row.pk) for row in FormFile.objects.all()] == [second[0]["id"]]


def test_limits_of_the_question_and_of_the_draft(draft, settings):
    two = Question("home", "files", "Proof", least=2, most=2)
    assert "at least 2 files" in send(draft, upload(), question=two).summary
    three = [upload(f"{n}.pdf", samples.PDF + b"\n" * n) for n in range(3)]
    full = send(draft, *three, question=two)
    assert "at most 2 files" in full.summary
    settings.FORM_FILES_OF_DRAFT = 1
    keep(draft, send(draft, upload()))
    assert send(draft, upload("b.jpg", samples.picture())).codes == {"too_many"}


def test_an_optional_question_may_have_none(draft):
    question = Question("home", "files", "Proof", required=False)
    assert send(draft, question=question).value == []
    assert KIND.keep(draft, "home", [], None) == []
    assert KIND.keep(draft, "home", None, None) is None


def test_a_row_that_cannot_be_written_leaves_no_file(draft, monkeypatch, tmp_path):
    page = send(draft, upload())
    assert page.value
    field = FormFile._meta.get_field("file")
    deleted = []
    monkeypatch.setattr(FormFile, "save", lambda row: 1 / 0)
    monkeypatch.setattr(field.storage, "delete", deleted.append)
    with pytest.raises(ZeroDivisionError):
        KIND.keep(draft, "home", page.value, None)
    assert len(deleted) == 1
