"""How wording becomes text: `((field))` is replaced once, and a value is never read as wording again."""

import re
from collections.abc import Collection, Mapping

_PLACEHOLDER = re.compile(r"\(\(([^()]*)\)\)")


def placeholders(text: str) -> list[str]:
    """The names between double brackets, in order, each once, as `reference` for `((Reference))`."""
    return list(dict.fromkeys(_name(match.group(1)) for match in _PLACEHOLDER.finditer(text)))


def is_broken(text: str) -> bool:
    """A `((` that opens no placeholder: somebody lost a bracket."""
    return "((" in _PLACEHOLDER.sub("", text)


def unknown(text: str, known: Collection[str]) -> list[str]:
    return [name for name in placeholders(text) if name not in known]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Raises KeyError for a placeholder without a value. PostgreSQL cannot hold a null byte: it is dropped."""
    filled = _PLACEHOLDER.sub(lambda match: str(values[_name(match.group(1))]), text)
    return filled.replace("\x00", "").replace("\r\n", "\n").strip()


def fill_line(text: str, values: Mapping[str, str], *, longest: int) -> str:
    """One line, however many a value had: nothing that a person typed can add a header to a mail."""
    line = " ".join(fill(text, values).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _name(written: str) -> str:
    return "_".join(written.lower().split())
