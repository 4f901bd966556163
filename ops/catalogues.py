#!/usr/bin/env python3
"""Write what gettext reads (`django.mo`) beside each catalogue (`locale/<language>/LC_MESSAGES/django.po`).

`msgfmt` does the same, but is not on every machine that runs the portal. Standard library only: it runs before
anything is installed, and while an image is built. A translation marked as fuzzy is left out: the English stands.
"""

from __future__ import annotations

import ast
import os
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_MAGIC = 0x950412DE
_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+(".*")$')


class CatalogueError(Exception):
    """What is wrong, and in which line."""


def entries(text: str) -> Iterator[dict[str, str]]:
    """`msgctxt`, `msgid`, `msgid_plural`, `msgstr` or `msgstr[0]`…, and `fuzzy` where it is."""
    entry: dict[str, str] = {}
    keyword = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        begins = line.startswith(("#", "msgctxt")) or (line.startswith("msgid ") and "msgid" in entry)
        if begins and "msgid" in entry:
            yield entry
            entry, keyword = {}, ""
        if line.startswith("#,") and "fuzzy" in line:
            entry["fuzzy"] = "yes"
        if not line or line.startswith("#"):
            continue
        found = _KEYWORD.match(line)
        if found:
            keyword, quoted = found.groups()
            entry[keyword] = ""
        elif line.startswith('"') and keyword:
            quoted = line
        else:
            raise CatalogueError(f"line {number}: {line[:60]!r} is neither a text nor a comment")
        try:
            entry[keyword] += ast.literal_eval(quoted)
        except (SyntaxError, ValueError) as error:
            raise CatalogueError(f"line {number}: the text is not quoted as it should be") from error
    if "msgid" in entry:
        yield entry


def texts(po: str) -> dict[str, str]:
    """As gettext looks them up: context, singular and plural in one key, the forms in one value."""
    found: dict[str, str] = {}
    for entry in entries(po):
        forms = [entry[name] for name in sorted(entry, key=_form_number) if name.startswith("msgstr")]
        if "fuzzy" in entry and entry["msgid"]:
            continue
        if not all(forms):
            continue
        key = entry["msgid"] + (f"\0{entry['msgid_plural']}" if "msgid_plural" in entry else "")
        if "msgctxt" in entry:
            key = f"{entry['msgctxt']}\4{key}"
        if key in found:
            raise CatalogueError(f"{entry['msgid'][:60]!r} is there twice")
        found[key] = "\0".join(forms)
    return found


def _form_number(keyword: str) -> int:
    return int(re.sub(r"\D", "", keyword) or 0)


def compiled(po: str) -> bytes:
    """The format is described in the manual of GNU gettext, "The Format of GNU MO Files"."""
    pairs = sorted((key.encode(), value.encode()) for key, value in texts(po).items())
    keys, values = [key for key, _value in pairs], [value for _key, value in pairs]
    header = struct.calcsize("<7I")
    start = header + 16 * len(pairs)
    tables, body = b"", b""
    for column in (keys, values):
        for text in column:
            tables += struct.pack("<2I", len(text), start + len(body))
            body += text + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), header, header + 8 * len(pairs), 0, start)
    return head + tables + body


def sources(root: Path = ROOT) -> list[Path]:
    return sorted((root / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_all(root: Path = ROOT) -> list[Path]:
    written = []
    for source in sources(root):
        try:
            made = compiled(source.read_text(encoding="utf-8"))
        except CatalogueError as error:
            raise CatalogueError(f"{source}: {error}") from error
        target = source.with_suffix(".mo")
        beside = target.with_suffix(f".{os.getpid()}")  # nobody reads half a file
        beside.write_bytes(made)
        beside.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    try:
        for path in compile_all():
            print(path.relative_to(ROOT))
    except CatalogueError as problem:
        sys.exit(str(problem))
