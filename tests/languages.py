"""Catalogues for tests: the words that a test brings, on top of nothing of the house's own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ops import catalogues

Laid = Callable[..., None]


@pytest.fixture
def translations(settings, tmp_path) -> Laid:
    """`translations(pl={"Bins": "Śmieci"})`: from then on these are the translations and the languages."""
    folder = tmp_path / "locale"

    def lay(**languages: dict[str, str]) -> None:
        for code, words in languages.items():
            _write(folder / code / "LC_MESSAGES" / "django.po", words)
        catalogues.compile_all(tmp_path)
        settings.LOCALE_PATHS = [folder]
        settings.LANGUAGES = [("en-gb", "English"), *((code, code) for code in languages)]

    return lay


def _write(path: Path, words: dict[str, str]) -> None:
    path.parent.mkdir(parents=True)
    entries = [f"msgid {_quoted(english)}\nmsgstr {_quoted(other)}\n" for english, other in words.items()]
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    path.write_text("\n".join([head, *entries]))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
