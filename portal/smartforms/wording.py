"""Texts of authors as HTML: paragraphs, lists ("- " at the beginning of lines), links ("[words](/bins/)")."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from barnet.kit import languages
from portal.smartforms.translating.texts import Translated

_LINK = re.compile(r"\[([^\[\]]+)\]\(((?:https://|tel:|mailto:|/)[^\s()]*)\)")


def is_of_the_page(words: object) -> bool:
    """In the language of the page, so that nothing needs to be said about it."""
    return languages.is_english() or isinstance(words, Translated)


def in_english(words: object) -> SafeString | str:
    """An author's words on a page of another language: they are English, and say so to who reads them aloud."""
    if is_of_the_page(words):
        return str(words)
    return format_html('<span lang="en-GB" dir="ltr">{}</span>', words)


def author_text(text: str) -> SafeString:
    """As `as_html`; told to be English where the page is not."""
    html = as_html(text)
    if not html or is_of_the_page(text):
        return html
    return format_html('<div lang="en-GB" dir="ltr">{}</div>', html)


def as_html(text: str) -> SafeString:
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    return mark_safe("".join(_block(block) for block in blocks))  # noqa: S308 - each part is escaped


def _block(block: str) -> SafeString:
    lines = [line.strip() for line in block.splitlines()]
    if all(line.startswith("- ") for line in lines):
        items = format_html_join("", "<li>{}</li>", ((_linked(line[2:]),) for line in lines))
        return format_html('<ul class="govuk-list govuk-list--bullet">{}</ul>', items)
    return format_html('<p class="govuk-body">{}</p>', _linked(" ".join(lines)))


def _linked(text: str) -> SafeString:
    parts, end = [], 0
    for found in _LINK.finditer(text):
        parts.append(format_html("{}", text[end : found.start()]))
        parts.append(format_html('<a class="govuk-link" href="{}">{}</a>', found[2], found[1]))
        end = found.end()
    return mark_safe("".join([*parts, format_html("{}", text[end:])]))  # noqa: S308 - each part is escaped
