from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.smartforms import wording

register = template.Library()


@register.simple_tag
def words_language(words: str) -> SafeString | str:
    """The attributes of what holds an author's words: English, where they have no translation."""
    return "" if wording.is_of_the_page(words) else mark_safe('lang="en-GB" dir="ltr"')


@register.filter
def author_text(text: str) -> SafeString:
    return wording.author_text(text)
