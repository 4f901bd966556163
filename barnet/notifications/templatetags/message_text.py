"""A message's plain text on a page: paragraphs, and links to our own site only."""

import re

from django import template
from django.conf import settings
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_END_OF_SENTENCE = ".,;:!?)"


@register.filter
def message_text(body: str) -> SafeString:
    """Addresses of other sites stay text: a name that somebody typed into a form shall not become a link."""
    own = re.compile(rf"{re.escape(settings.BASE_URL)}(?:/[^\s<>\"']*)?(?![\w.:@-])")
    pieces: list[str] = []
    at = 0
    for match in own.finditer(body):
        url = match.group().rstrip(_END_OF_SENTENCE)
        pieces += [escape(body[at : match.start()]), format_html('<a class="govuk-link" href="{}">{}</a>', url, url)]
        at = match.start() + len(url)
    pieces.append(escape(body[at:]))
    html = linebreaks(mark_safe("".join(pieces)), autoescape=False)  # noqa: S308 - every piece was escaped
    return mark_safe(html.replace("<p>", '<p class="govuk-body">'))  # noqa: S308
