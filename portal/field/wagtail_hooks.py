"""Administrators say which services crews do, among the content of the back office."""

from django.forms import Select
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.field.models import FieldService


class FieldServiceViewSet(SnippetViewSet):
    model = FieldService
    icon = "site"
    menu_label = _("Services of crews")
    menu_order = 646
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("__str__", "shows_contact", "shows_photos")
    list_select_related = ("service",)
    panels = (
        FieldPanel("service", widget=Select),
        FieldPanel("shows_contact"),
        FieldPanel("shows_photos"),
        InlinePanel(
            "reasons",
            panels=[FieldPanel("label"), FieldPanel("told"), FieldPanel("outcome")],
            heading=_("Why a job could not be done"),
            label=_("reason"),
        ),
    )


register_snippet(FieldServiceViewSet)
