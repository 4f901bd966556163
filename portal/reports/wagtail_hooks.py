"""Administrators say which services are public, among the content of the back office."""

from django.forms import Select
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.reports.models import PublicService


class PublicServiceViewSet(SnippetViewSet):
    model = PublicService
    icon = "site"
    menu_label = _("Public services")
    menu_order = 645
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("__str__", "service", "about", "group", "form")
    list_select_related = ("service", "form")
    panels = (
        FieldPanel("service", widget=Select),
        FieldPanel("about"),
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("form", widget=Select), FieldPanel("answers")],
            heading=_("Reporting it on the map"),
        ),
        MultiFieldPanel([FieldPanel("group"), FieldPanel("keywords")], heading=_("For other systems")),
    )


register_snippet(PublicServiceViewSet)
