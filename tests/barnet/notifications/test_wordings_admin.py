"""Staff edit wordings in the Wagtail admin."""

import pytest
from django.urls import reverse

from barnet.notifications.models import MessageTemplate
from barnet.notifications.services import ensure_templates
from tests import factories

NAMESPACE = "wagtailsnippets_notifications_messagetemplate"


@pytest.fixture
def row(kind, db):
    ensure_templates()
    return MessageTemplate.objects.get(key=kind.key)


@pytest.fixture
def editor(client, db):
    client.force_login(factories.StaffFactory(email="editor@example.com", roles=["editor"]))
    return client


def url(view: str, *args) -> str:
    return reverse(f"{NAMESPACE}:{view}", args=args)


def edit(client, row, **words):
    return client.post(url("edit", row.pk), {"subject": "Bin ((reference))", "body": "By ((promise)).", **words})


def test_the_list_names_every_kind_and_whether_it_was_edited(editor, row):
    html = editor.get(url("list")).content.decode()
    assert "Bin missed" in html
    assert "How to reach us (the end of every message)" in html
    assert "First wording" in html


def test_the_page_lists_what_can_be_filled_in(editor, row):
    html = editor.get(url("edit", row.pk)).content.decode()
    for words in ("((promise))", "for example Tuesday", "((reference))", "(must stay)"):
        assert words in html


def test_an_edit_is_kept_with_its_history(editor, row):
    edit(editor, row)
    row.refresh_from_db()
    assert (row.subject, row.body, row.is_edited) == ("Bin ((reference))", "By ((promise)).", True)
    assert row.revisions.count() == 1
    assert row.revisions.get().user.email == "editor@example.com"


def test_going_back_to_the_first_wording_is_no_edit(editor, row):
    edit(editor, row)
    edit(editor, row, subject=row.first_subject, body=row.first_body.replace("\n", "\r\n"))
    row.refresh_from_db()
    assert not row.is_edited


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            {"body": "By ((promis))."},
            "We cannot fill in ((promis)) here. You can use: ((reference)), ((name))",
        ),
        ({"body": "By ((promise)."}, "A placeholder starts with (( but does not end."),
        ({"subject": "Your bin"}, "Put ((reference)) back"),
        ({"body": ""}, "This field is required."),
        ({"subject": "x" * 151}, "at most 150 characters"),
        ({"body": "x" * 10_001}, "at most 10000 characters"),
    ],
)
def test_a_wording_that_cannot_work_is_refused_with_what_to_do(editor, row, words, sentence):
    answer = edit(editor, row, **words)
    assert sentence in answer.content.decode()
    row.refresh_from_db()
    assert not row.is_edited


def test_a_secret_keeps_its_code_and_its_subject_has_none(editor, secret_kind, db):
    ensure_templates()
    row = MessageTemplate.objects.get(key=secret_kind.key)
    assert "Put ((code)) back" in edit(editor, row, subject="Code", body="No code").content.decode()
    assert "We cannot fill in ((code)) here" in edit(editor, row, subject="((code))", body="((code))").content.decode()


def test_the_preview_shows_the_samples_in_our_look(editor, row):
    address = url("preview_on_edit", row.pk)
    words = {"subject": "Dustbin ((reference))", "body": "Come ((promise))"}
    assert editor.post(address, words).json()["is_valid"]
    html = editor.get(address).content.decode()
    assert "Dustbin BAR-7K3M-29QD" in html
    assert "Come Tuesday" in html
    assert "govuk-template" in html


@pytest.mark.parametrize("view", ["add", "delete"])
@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_nobody_adds_or_deletes_a_kind_by_hand(client, row, view, who):
    roles = {"editor": {"roles": ["editor"]}, "superuser": {"is_superuser": True}}[who]
    client.force_login(factories.StaffFactory(email="somebody@example.com", **roles))
    client.post(url(view, *([row.pk] if view == "delete" else [])), {"subject": "x", "body": "y"})
    assert MessageTemplate.objects.filter(pk=row.pk).exists()
    assert not MessageTemplate.objects.filter(subject="x").exists()


def test_who_may_not_change_wordings_does_not_reach_them(client, row, dev, asha):
    for user in (dev, asha.user):
        client.force_login(user)
        assert client.get(url("edit", row.pk)).status_code in {302, 403, 404}
        edit(client, row)
    row.refresh_from_db()
    assert not row.is_edited
