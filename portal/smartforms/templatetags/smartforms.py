from django import template
from django.utils.safestring import SafeString

from portal.smartforms import wording

register = template.Library()


@register.filter
def author_text(text: str) -> SafeString:
    return wording.author_text(text)
