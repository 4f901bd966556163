"""Catalogues of other languages fit the English that they are of."""

import re

import pytest

from ops import catalogues

FILES = catalogues.sources()
FILLED = re.compile(r"%(?:\(\w+\))?[sdif]")


def language(path) -> str:
    return path.parent.parent.name


def test_there_is_a_catalogue():
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=language)
def test_what_is_filled_in_stays(path):
    """A placeholder that a translation invents would end in an error; one that it forgets leaves a fact out."""
    for entry in catalogues.entries(path.read_text()):
        if not entry["msgid"]:
            continue
        allowed = [set(FILLED.findall(entry[name])) for name in ("msgid", "msgid_plural") if name in entry]
        for name in [name for name in entry if name.startswith("msgstr") and entry[name]]:
            assert set(FILLED.findall(entry[name])) in allowed, entry["msgid"]


@pytest.mark.parametrize("path", FILES, ids=language)
def test_lines_begin_and_end_alike(path):
    for key, value in catalogues.texts(path.read_text()).items():
        english = key.split("\4")[-1].split("\0")[0]
        if english:
            assert english.startswith("\n") == value.startswith("\n"), english
            assert english.endswith("\n") == value.endswith("\n"), english
