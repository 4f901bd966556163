"""How staff edit the things of the search, with the history of each."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.waste.models import WasteItem


class WasteItemViewSet(SnippetViewSet):
    model = WasteItem
    icon = "search"
    menu_label = _("What goes where")
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("name", "goes_to", "prepare")
    list_filter = ("goes_to",)
    search_fields = ("name", "other_words")
    search_backend_name = None  # the database compares: the things are not in the index of the website's pages
    ordering = ("name",)
    panels = (
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldPanel("other_words"),
        FieldPanel("goes_to"),
        FieldPanel("prepare"),
        FieldPanel("warning"),
    )
