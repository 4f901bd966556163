"""The kit's words in templates. They are builtins: no template loads them."""

import json
import secrets
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

from barnet.kit import elements, languages, navigation, wording
from barnet.kit.drawing import draw
from barnet.kit.fields import draw_field, draw_fields

register = template.Library()
_JSON_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

register.filter("day", wording.day)
register.filter("date_long", wording.date_long)
register.filter("moment", wording.moment)
register.filter("money", wording.money)

register.simple_tag(elements.button, name="button")
register.simple_tag(elements.error_summary, name="error_summary")
register.simple_tag(elements.summary_list, name="summary_list")
register.simple_tag(elements.table, name="table")
register.simple_tag(elements.task_list, name="task_list")
register.simple_tag(elements.timeline, name="timeline")


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    return draw_field(bound, **options)


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    return draw_fields(form)


@register.simple_tag
def back_link(url: str, text: str = "") -> SafeString:
    return draw("back_link", url=url, text=text or _("Back"))


@register.simple_tag
def breadcrumbs(items: list[tuple[str, str]]) -> SafeString:
    return draw("breadcrumbs", items=items)


@register.simple_tag
def warning(text: str) -> SafeString:
    return draw("warning", text=text)


@register.simple_tag
def panel(title: str, body: str = "", strong: str = "", level: int = 1) -> SafeString:
    return draw("panel", title=title, body=body, strong=strong, level=level)


@register.simple_tag
def tag_label(text: str, colour: str = "") -> SafeString:
    return draw("tag_label", text=text, colour=colour)


@register.simple_tag
def locator_map(map: Any) -> SafeString | str:
    return map.draw() if map else ""


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page, **options: Any) -> SafeString | str:
    return elements.pagination(page, context["request"].GET, **options)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    return draw("inset", content=content)


@register.simple_block_tag
def details(content: str, summary: str, is_open: bool = False) -> SafeString:
    return draw("details", content=content, summary=summary, is_open=is_open)


@register.simple_block_tag
def banner(content: str, title: str = "", kind: str = "important") -> SafeString:
    return elements.banner(content, title, kind=kind)


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    return conditional_escape(elements.page_title_prefix(context.get("form")))


@register.simple_tag(takes_context=True)
def message_banners(context: Context) -> SafeString | str:
    messages = context.get("messages")
    return elements.message_banners(messages) if messages else ""


@register.simple_tag
def page_language() -> SafeString:
    """The attributes of a whole page."""
    direction = "rtl" if get_language_bidi() else "ltr"
    return format_html('lang="{}" dir="{}"', languages.language_tag(), direction)


@register.simple_tag
def english_words() -> SafeString | str:
    """The attributes of a part that is English whatever the page's language is."""
    return "" if languages.is_english() else mark_safe('lang="en-GB" dir="ltr"')


@register.simple_tag(takes_context=True)
def site_navigation(context: Context) -> SafeString:
    return draw("site_navigation", items=navigation.site_menu(context.get("request")))


@register.simple_tag(takes_context=True)
def staff_navigation(context: Context) -> list[navigation.MenuItem]:
    request = context.get("request")
    return navigation.staff_menu(request) if request else []


@register.simple_tag
def page_key() -> str:
    """Of the page as it is loaded: what is sent from it twice counts once."""
    return secrets.token_urlsafe(24)


@register.simple_tag(takes_context=True)
def staff_may_search(context: Context) -> bool:
    request = context.get("request")
    return navigation.may_search(request) if request else False


@register.simple_tag(takes_context=True)
def json_ld(context: Context, described: dict[str, Any]) -> SafeString:
    """What a page is about, for search engines. No word in it can end the script or open another."""
    text = json.dumps(described, ensure_ascii=False, default=str).translate(_JSON_ESCAPES)
    return format_html(
        '<script type="application/ld+json" nonce="{}">{}</script>',
        context.get("CSP_NONCE", ""),
        mark_safe(text),  # noqa: S308  escaped above
    )
