"""Draws a template of `barnet/templates/kit/` from named values alone: an element never sees the page's context."""

from typing import Any

from django.template import Context, engines
from django.utils.safestring import SafeString


def draw(element: str, **values: Any) -> SafeString:
    template = engines["django"].get_template(f"kit/{element}.html")
    return template.template.render(Context(values))  # type: ignore[attr-defined]
