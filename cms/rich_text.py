"""Links to pages in rich text."""

from typing import Any

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler


class LivePageLinkHandler(PageLinkHandler):
    """One query for all links of a text; a page that is not public is not linked."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        wanted = [attrs.get("id", "") for attrs in attrs_list]
        found = {
            str(page.pk): page for page in Page.objects.filter(pk__in=[pk for pk in wanted if pk.isdigit()]).live()
        }
        return [found.get(pk) for pk in wanted]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        return [f'<a href="{escape(page.url)}">' if page and page.url else "<a>" for page in cls.get_many(attrs_list)]
