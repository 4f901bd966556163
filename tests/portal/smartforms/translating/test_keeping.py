"""Every text of a form has a key; translations travel with its JSON."""

import json

import pytest

from portal.smartforms import library
from portal.smartforms.definition.reading import UnreadableFormError, read
from portal.smartforms.definition.writing import write
from portal.smartforms.models import FormWording
from portal.smartforms.publishing import import_form
from portal.smartforms.translating.keeping import (
    CHANGED,
    DONE,
    MISSING,
    Wording,
    entries,
    keep,
    read_translations,
    still_english,
    written,
)
from portal.smartforms.translating.texts import Translated, texts_of, translated
from tests.factories import ServiceFactory

NAME = "cancel-school-transport"


@pytest.fixture
def form(db):
    ServiceFactory(slug="school-transport")
    return import_form((library.FOLDER / f"{NAME}.json").read_text(), by=None).form


@pytest.mark.parametrize("name", library.names())
def test_every_text_of_the_library_is_translated_and_nothing_else_changes(name):
    definition = library.form(name)
    texts = texts_of(definition)
    words = {item: f"«{item[1]}»" for item in texts.items()}
    other = translated(definition, words)
    assert texts_of(other) == {key: f"«{text}»" for key, text in texts.items()}
    back = translated(other, {(key, f"«{text}»"): text for key, text in texts.items()})
    assert json.loads(write(back)) == json.loads(write(definition))
    assert isinstance(other.title, Translated)
    assert other.title.english == definition.title


def test_a_form_with_translations_is_read_and_its_version_is_without(form):
    assert "translations" not in form.live_version.definition
    assert FormWording.objects.filter(form=form, language="pl").count() == len(texts_of(library.form(NAME)))
    assert import_form((library.FOLDER / f"{NAME}.json").read_text(), by=None) == form.live_version


def test_what_is_written_is_read_again(form):
    definition = library.form(NAME)
    keep(form, [Wording("ro", "form.title", "As it was once", "Cum era odată")])
    part = written(form, definition)
    assert part["translations"]["ro"] == {"form.title": {"english": "As it was once", "text": "Cum era odată"}}
    wordings = read_translations(json.loads(write(definition)) | part, definition)
    before = set(FormWording.objects.values_list("language", "key", "english", "text"))
    FormWording.objects.all().delete()
    assert keep(form, wordings) == len(before)
    assert set(FormWording.objects.values_list("language", "key", "english", "text")) == before
    assert keep(form, wordings) == 0


def test_states_of_the_texts(form):
    definition = library.form(NAME)
    keep(form, [Wording("fa", "step.child.school.hint", "Or the college.", "یا کالج")])
    found = {entry.key: entry for entry in entries(form, definition, "fa")}
    assert found["form.title"].state == DONE
    assert found["step.why.title"].state == MISSING
    changed = found["step.child.school.hint"]
    assert (changed.state, changed.before, changed.text) == (CHANGED, "Or the college.", "یا کالج")
    not_done = sum(entry.state != DONE for entry in found.values())
    assert still_english(form, definition, ["pl", "fa"]) == {"pl": 0, "fa": not_done}


def test_an_empty_text_takes_a_translation_away(form):
    keep(form, [Wording("pl", "form.title", "Cancel school transport", " ")])
    assert not FormWording.objects.filter(language="pl", key="form.title").exists()


@pytest.mark.parametrize(
    "part",
    [
        [],
        {"pl": []},
        {"a-very-long-language": {}},
        {"pl": {"form.nothing": "Nic"}},
        {"pl": {"form.title": 5}},
        {"pl": {"form.title": "\x00"}},
        {"pl": {"form.title": {"english": "x"}}},
        {"pl": {"k" * 300: {"english": "x", "text": "y"}}},
        {"pl": {"form.title": "x" * 9000}},
    ],
)
def test_translations_that_cannot_be_read_are_refused_and_nothing_changes(db, part):
    ServiceFactory(slug="school-transport")
    source = json.loads((library.FOLDER / f"{NAME}.json").read_text()) | {"translations": part}
    with pytest.raises(UnreadableFormError):
        import_form(source, by=None)
    assert read(source) == library.form(NAME)
    assert not FormWording.objects.exists()
