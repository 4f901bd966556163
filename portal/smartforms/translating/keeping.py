"""Translations are kept, told how complete they are, and travel with the JSON of a form.

    "translations": {"pl": {"step.child.title": "Twoje dziecko"}}

A text alone was made from the English of the same file; one from another English says so: {"english": …, "text": …}.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any as Anything

from django.db import transaction

from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import Finding, UnreadableFormError, can_be_kept
from portal.smartforms.models import FormWording, SmartForm
from portal.smartforms.translating.texts import texts_of

PART = "translations"
LONGEST, LONGEST_KEY, LONGEST_CODE, MOST = 8000, 250, 10, 20_000
MISSING, CHANGED, DONE = "missing", "changed", "done"


@dataclass(frozen=True, slots=True)
class Wording:
    language: str
    key: str
    english: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of a form as a translator sees it. `text` of a changed one is what was said for `before`."""

    key: str
    english: str
    text: str = ""
    state: str = MISSING
    before: str = ""


def entries(form: SmartForm, definition: Definition, language: str) -> list[Entry]:
    kept: dict[str, list[FormWording]] = {}
    for row in FormWording.objects.filter(form=form, language=language).order_by("changed_at"):
        kept.setdefault(row.key, []).append(row)
    return [_entry(key, english, kept.get(key, [])) for key, english in texts_of(definition).items()]


def _entry(key: str, english: str, rows: list[FormWording]) -> Entry:
    for row in rows:
        if row.english == english:
            return Entry(key, english, row.text, DONE)
    return Entry(key, english, rows[-1].text, CHANGED, rows[-1].english) if rows else Entry(key, english)


def still_english(form: SmartForm, definition: Definition, languages: Iterable[str]) -> dict[str, int]:
    """How many texts of the form have no translation, by language; in one query."""
    texts = set(texts_of(definition).items())
    done = set(FormWording.objects.filter(form=form).values_list("language", "key", "english"))
    return {code: sum((code, *text) not in done for text in texts) for code in languages}


@transaction.atomic
def keep(form: SmartForm, wordings: Iterable[Wording]) -> int:
    """How many are other than before. An empty text takes the translation away."""
    changed = 0
    for said in wordings:
        name: dict[str, Anything] = {"form": form, "language": said.language, "key": said.key, "english": said.english}
        row = FormWording.objects.select_for_update().filter(**name).first()
        if not said.text.strip():
            changed += FormWording.objects.filter(**name).delete()[0]
        elif row is None or row.text != said.text:
            FormWording.objects.update_or_create(**name, defaults={"text": said.text})
            changed += 1
    return changed


# --- In the JSON of a form --------------------------------------------------------------------------------------------


def read_translations(source: str | Mapping[str, Anything], definition: Definition) -> list[Wording]:
    """Of a form that `reading.read` could read. Raises UnreadableFormError."""
    whole = json.loads(source) if isinstance(source, str) else source
    found: list[Finding] = []
    texts = texts_of(definition)
    wordings = list(_read(whole.get(PART, {}), texts, found))
    if found:
        raise UnreadableFormError(found)
    return wordings


def _read(source: Anything, texts: Mapping[str, str], found: list[Finding]) -> Iterable[Wording]:
    place = f"form.{PART}"
    if not isinstance(source, Mapping):
        found.append(Finding(place, "An object in braces is needed here."))
        return
    for language, rows in source.items():
        here = f"{place}.{language}"
        if len(language) > LONGEST_CODE or not isinstance(rows, Mapping) or len(rows) > MOST:
            found.append(Finding(here, "A short code of a language with its texts is needed here."))
            continue
        for key, said in rows.items():
            made: Anything = {"english": texts.get(key), "text": said} if isinstance(said, str) else said
            if not isinstance(made, Mapping) or not all(_is_text(made.get(name)) for name in ("english", "text")):
                found.append(Finding(f"{here}.{key}", "The form has no such text, or this is no translation of one."))
            elif not _is_text(key) or len(key) > LONGEST_KEY:
                found.append(Finding(here, "A key is longer than any key of a form."))
            else:
                yield Wording(language, key, made["english"], made["text"])


def _is_text(value: Anything) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and can_be_kept(value)


def written(form: SmartForm, definition: Definition) -> dict[str, Anything]:
    """The part of the JSON; empty where nothing was translated."""
    texts = texts_of(definition)
    by_language: dict[str, dict[str, Anything]] = {}
    for row in FormWording.objects.filter(form=form, key__in=texts).order_by("language", "key", "changed_at"):
        rows = by_language.setdefault(row.language, {})
        if row.english == texts[row.key]:
            rows[row.key] = row.text
        elif not isinstance(rows.get(row.key), str):
            rows[row.key] = {"english": row.english, "text": row.text}
    return {PART: by_language} if by_language else {}
