"""The page of a form's translations, and its file."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.smartforms.authoring import gate
from portal.smartforms.models import FormWording
from portal.smartforms.translating.texts import texts_of
from tests.portal.smartforms.reviewing.conftest import address, latest, redraft
from tests.portal.smartforms.reviewing.forms import club


@pytest.fixture(autouse=True)
def languages(settings):
    settings.LANGUAGES = [("en-gb", "English"), ("pl", "Polski"), ("fa", "فارسی")]


def page(form, query=""):
    return address("translations", form.pk) + query


def texts(form):
    return texts_of(gate.definition_of(latest(form)))


def send(client, form, words, query="?language=pl", english=None):
    said = texts(form) | (english or {})
    posted = {f"text:{key}": text for key, text in words.items()}
    return client.post(page(form, query), posted | {f"english:{key}": said[key] for key in words}, follow=True)


def kept():
    return dict(FormWording.objects.values_list("key", "text"))


def upload(client, form, rows, *, try_it=False):
    out = io.StringIO()
    csv.writer(out).writerows([("key", "english", "translation"), *rows])
    file = SimpleUploadedFile("pl.csv", out.getvalue().encode())
    return client.post(
        page(form, "?language=pl"), {"import": "1", "file": file, **({"try_it": "on"} if try_it else {})}
    )


def test_texts_are_translated_and_counted(form, dev):
    every = len(texts(form))
    assert f"0 of {every} texts" in dev.get(page(form)).text
    answer = send(dev, form, {"form.title": "Klub", "form.summary": ""})
    assert "1 translation is kept." in answer.text
    assert f"1 of {every} texts" in answer.text
    assert kept() == {"form.title": "Klub"}
    ways = dev.get(address("ways", form.pk)).text
    assert f"Polski: {every - 1} texts are still in English" in ways


def test_a_changed_text_is_shown_beside_an_empty_field(form, dev):
    send(dev, form, {"form.title": "Klub"})
    redraft(form, club() | {"title": "Another club"})
    changed = dev.get(page(form, "?language=pl&show=changed"))
    assert "was translated as “Klub”" in changed.text
    assert [text for _entry, _state, text, _wrong in changed.context["rows"]] == [""]
    send(dev, form, {"form.title": ""})  # keeping the page passes nothing unread
    assert dev.get(page(form, "?language=pl&show=changed")).context["rows"]
    send(dev, form, {"form.title": "Inny klub"})
    assert not dev.get(page(form, "?language=pl&show=changed")).context["rows"]
    assert set(FormWording.objects.values_list("text", flat=True)) == {"Klub", "Inny klub"}  # of the public one, too


def test_english_that_changed_meanwhile_and_odd_words_are_refused_and_kept_on_the_page(form, dev):
    answer = send(dev, form, {"form.title": "Klub"}, english={"form.title": "Before"})
    assert "The English has changed since you opened the page." in answer.text
    assert ">Klub</textarea>" in answer.text
    assert "longer than 8000 characters" in send(dev, form, {"form.title": "x" * 8001}).text
    assert (
        dev.post(page(form, "?language=pl"), {"text:form.nothing": "Nic", "english:form.nothing": ""}).status_code
        == 302
    )
    assert kept() == {}


@pytest.mark.parametrize("query", ["?language=en-gb", "?language=xx"])
def test_other_languages_are_not_there(form, dev, query):
    assert dev.get(page(form, query)).status_code == 404


@pytest.mark.parametrize("query", ["?p=99999999", "?p=x", "?show=x"])
def test_odd_addresses_show_texts(form, dev, query):
    assert dev.get(page(form, query)).context["rows"]


def test_the_file_goes_out_and_comes_back(form, dev):
    send(dev, form, {"form.title": "Klub"})
    answer = dev.get(page(form, "?language=pl&file=1"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["key"]: row["english"] for row in rows} == texts(form)
    assert [row["translation"] for row in rows if row["state"] == "Done"] == ["Klub"]
    filled = [(row["key"], row["english"], f"PL {row['english']}") for row in rows]
    tried = upload(dev, form, filled, try_it=True)
    assert f"{len(rows)} translations would be kept." in tried.text
    assert kept() == {"form.title": "Klub"}
    assert f"{len(rows)} translations are new or changed." in upload(dev, form, filled).text
    assert kept() == {key: f"PL {english}" for key, english in texts(form).items()}


def test_rows_that_are_wrong_are_told_and_the_others_count(form, dev):
    title = texts(form)["form.title"]
    answer = upload(
        dev,
        form,
        [
            ("form.nothing", "?", "Nic"),
            ("form.title", "Before", "Klub"),
            ("form.title", title, "Klub"),
            ("form.title", title, "Klub"),
            ("form.summary", texts(form)["form.summary"], ""),
        ],
    ).text
    assert "Row 2: The form has no text with the key ‘form.nothing’." in answer
    assert "Row 3: The English of ‘form.title’ is another one now" in answer
    assert "Row 5: ‘form.title’ stands in the file twice" in answer
    assert kept() == {"form.title": "Klub"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"a,b\n1,2\n", "no column key, english, translation"),
        (b'key,english,translation\n"a', "not closed"),
        (b"", "empty"),
    ],
)
def test_files_that_are_none_are_refused(form, dev, content, sentence):
    file = SimpleUploadedFile("pl.csv", content)
    assert sentence in dev.post(page(form, "?language=pl"), {"import": "1", "file": file}).text
    assert kept() == {}


def test_the_page_costs_as_many_queries_for_many_translations_as_for_none(form, dev):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            dev.get(page(form))
        return len(captured)

    queries()
    before = queries()
    send(dev, form, dict.fromkeys(texts(form), "x"))
    assert queries() == before


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_other_roles_do_not_translate(form, client_of, role):
    client = client_of(role, "other")
    send(client, form, {"form.title": "Klub"})
    assert kept() == {}


def test_the_export_of_a_form_carries_its_translations(form, dev):
    send(dev, form, {"form.title": "Klub"})
    assert dev.get(address("export", form.pk)).json()["translations"] == {"pl": {"form.title": "Klub"}}


def test_an_import_brings_them(form, dev):
    source = dev.get(address("export", form.pk)).text.replace(
        '"slug": "', '"translations": {"pl": {"form.title": "Klub"}}, "slug": "other-', 1
    )
    file = SimpleUploadedFile("form.json", source.encode())
    key = dev.get(address("import")).context["form"]["submission_key"].value()
    answer = dev.post(address("import"), {"file": file, "submission_key": key})
    assert answer.status_code == 302, answer.context["form"].errors
    assert FormWording.objects.get().form.slug.startswith("other-")


def test_without_other_languages_there_is_nothing_to_translate(form, dev, settings):
    settings.LANGUAGES = [("en-gb", "English")]
    assert "no language to translate into" in dev.get(page(form)).text
