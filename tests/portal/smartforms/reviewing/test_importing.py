"""A form from a file becomes a draft; what is no form is told in a sentence, and nothing changes."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import ModelLogEntry

from portal.cases.models import Team
from portal.smartforms import library
from portal.smartforms.authoring import gate
from portal.smartforms.definition.reading import read
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.publishing import import_form
from tests.factories import ServiceFactory
from tests.portal.smartforms.reviewing.conftest import address, latest
from tests.portal.smartforms.reviewing.forms import club

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(db):
    Team.objects.create(slug="youth", name="Youth work")
    return ServiceFactory(slug="club", name="Clubs")


def key_of(client):
    page = client.get(address("import"))
    return page.context["form"]["submission_key"].value() if page.status_code == 200 else ""


def send(client, content, **more):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    sent = {"file": SimpleUploadedFile("form.json", content), "submission_key": key_of(client), **more}
    return client.post(address("import"), sent)


def test_a_file_becomes_a_draft_that_nobody_sees_yet(dev, service):
    answer = send(dev, club())
    form = SmartForm.objects.get()
    assert answer.url == address("edit", form.pk)
    assert (form.live, form.live_version, form.slug) == (False, None, "club")
    assert gate.definition_of(latest(form)) == read(club())
    assert "‘Join the club’ is here as a draft." in dev.get(answer.url).text
    assert "Do you bring children?" in dev.get(answer.url).text
    assert ModelLogEntry.objects.filter(action="wagtail.create", object_id=str(form.pk)).count() == 1


def test_sent_twice_makes_one_form_and_leads_there_both_times(dev, service):
    key = key_of(dev)
    first, second = (send(dev, club(), submission_key=key) for _time in range(2))
    form = SmartForm.objects.get()
    assert first.url == second.url == address("edit", form.pk)
    assert form.revisions.count() == 1


def test_another_file_of_the_same_name_asks_first(dev, service):
    send(dev, club())
    assert "There is a form with the short name club already" in send(dev, club()).text
    assert SmartForm.objects.get().revisions.count() == 1


@pytest.mark.parametrize("key", ["", "forged", "x" * 300])
def test_a_page_that_is_none_of_ours_makes_nothing(dev, service, key):
    answer = send(dev, club(), submission_key=key)
    assert "We could not tell whether this form was already sent." in answer.text
    assert not SmartForm.objects.exists()
    again = answer.context["form"]["submission_key"].value()
    assert send(dev, club(), submission_key=again).status_code == 302


def test_a_form_that_is_there_gets_a_new_draft_when_asked_for(dev, form):
    asked = send(dev, club(title="Join us"))
    assert "There is a form with the short name club already" in asked.text
    assert SmartForm.objects.get().revisions.count() == 0
    again = asked.context["form"]
    sent = {name: again[name].value() for name in ("source", "onto_existing", "submission_key")}
    done = dev.post(address("import"), sent, follow=True)
    assert "The file is now the draft of ‘Join us’." in done.text
    assert latest(form).title == "Join us"
    form.refresh_from_db()
    assert (form.title, form.has_unpublished_changes, form.live_version.number) == ("Join the club", True, 1)
    once_more = dev.post(address("import"), sent, follow=True)
    assert "Nothing changed: the draft of ‘Join us’ says the same as the file." in once_more.text
    assert form.revisions.count() == 1
    assert FormVersion.objects.count() == 1


def test_whoever_imported_a_draft_does_not_publish_it(dev, form):
    send(dev, club(title="Join us"), onto_existing="True")
    assert "action-publish" not in dev.get(address("edit", form.pk)).text


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize("name", library.names())
def test_what_is_exported_is_imported_as_it_was(dev, name):
    form = import_form(json.loads((library.FOLDER / f"{name}.json").read_text()), by=None).form
    for query in ({}, {"version": "1"}):
        exported = dev.get(address("export", form.pk), query)
        assert exported["Content-Disposition"] == f'attachment; filename="{name}.json"'
        assert read(exported.text) == library.form(name)
    assert "Nothing changed" in dev.get(send(dev, exported.content, onto_existing="True").url).text


def deep(levels):
    rule = {"about": "brings", "one_of": ["yes"]}
    for _level in range(levels):
        rule = {"not": {"all": [rule]}}
    form = club()
    form["steps"][1]["show_when"] = rule
    return form


def without(name):
    form = club()
    del form[name]
    return form


BAD = {
    "nothing": (b"", "The submitted file is empty."),
    "not json": (b"Dear council,", "This is not JSON"),
    "half": (b'{"slug": "club"', "This is not JSON"),
    "a list": (b"[]", "An object in braces is needed here."),
    "not utf-8": ("é".encode("latin-1"), "The file is no text in UTF-8"),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\x00", "The file is no text in UTF-8"),
    "too large": (b" " * (1024 * 1024 + 1), "The file is larger than 1 MB"),
    "spaces": (b" " * 1024, "Choose a file."),
    "brackets without an end": (b"[" * 100_000, "This is nested too deep to be a form."),
    "nested rules": (deep(20), "A condition in braces is needed here."),
    "rules that the editor has no room for": (deep(3), ""),
    "a part is missing": (without("title"), "This is missing."),
    "a part that there is not": (club(colour="red"), "There is no such part."),
    "a service that there is not": (club(service="rockets"), "There is no service rockets."),
    "a service of a destination that there is not": (
        club(destinations=[{"service": "rockets", "case_title": "Up"}]),
        "There is no service rockets.",
    ),
    "a team that there is not": (
        club(destinations=[{"service": "club", "case_title": "Up", "team": "Rocket crew"}]),
        "There is no team ‘Rocket crew’.",
    ),
    "an urgency that there is not": (
        club(destinations=[{"service": "club", "case_title": "Up", "urgency": "at-once"}]),
        "‘at-once’ is no urgency",
    ),
    "a long title": (club(title="x" * 201), "at most 200 characters"),
    "a null byte": (club(title="a\x00b"), "A text is needed here."),
    "half a character": (json.dumps(club(title="a\ud800b")).encode(), "A text is needed here."),
    "a number of thousands of digits": (b'{"slug": ' + b"1" * 9000 + b"}", "This is not JSON"),
    "not a number": (b'{"slug": NaN, "steps": Infinity}', "A text is needed here."),
    "a slug with spaces": (club(slug="the club"), "Use small letters"),
}


@pytest.mark.parametrize(("content", "sentence"), BAD.values(), ids=BAD)
def test_what_is_no_form_is_told_and_nothing_changes(dev, service, content, sentence):
    answer = send(dev, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert sentence in answer.text
    assert not SmartForm.objects.exists()


def test_nothing_was_chosen(dev):
    assert "Choose a file." in dev.post(address("import"), {"submission_key": key_of(dev)}).text


def test_many_mistakes_are_cut_off(dev, service):
    answer = send(dev, {f"part_{number}": 1 for number in range(400)})
    assert "more." in answer.text
    assert len(answer.context["form"].errors["file"]) == 51


def test_a_locked_form_is_left_alone(dev, client_of, form):
    SmartForm.objects.filter(pk=form.pk).update(locked=True)
    answer = send(dev, club(title="Join us"), onto_existing="True")
    assert "is locked: nobody changes it until it is unlocked." in answer.text
    assert form.revisions.count() == 0


@pytest.mark.parametrize("role", ["editor", "adviser", "administrator"])
def test_who_builds_no_forms_imports_none(client_of, service, role):
    send(client_of(role), club())
    assert not SmartForm.objects.exists()
