"""Editors keep the catalogue in the Wagtail admin."""

from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from barnet.catalogue.models import Service


class ServiceViewSet(SnippetViewSet):
    model = Service
    icon = "clipboard-list"
    menu_label = "Services"
    add_to_admin_menu = True
    list_display = ["name", "category", "owner_unit", "is_live"]
    list_filter = ["category", "is_live"]
    search_fields = ["name", "summary", "search_words"]
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("summary"),
        FieldPanel("category"),
        MultiFieldPanel([FieldPanel("owner_unit"), FieldPanel("standard_working_days")], heading="Standard"),
        FieldPanel("start_path"),
        FieldPanel("search_words"),
        FieldPanel("is_live"),
    ]


register_snippet(ServiceViewSet)
