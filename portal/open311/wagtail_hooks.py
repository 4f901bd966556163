"""Administrators say which services a key reaches, beside the services that are public."""

from django.forms import Select
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.open311.models import ServiceAllowance


class ServiceAllowanceViewSet(SnippetViewSet):
    model = ServiceAllowance
    icon = "key"
    menu_label = _("Keys of Open311")
    menu_order = 646
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("api_key", "service", "may_read", "may_report")
    list_filter = ("api_key", "service")
    list_select_related = ("api_key", "service")
    panels = (
        FieldPanel("api_key"),
        FieldPanel("service", widget=Select),
        FieldPanel("may_read"),
        FieldPanel("may_report"),
    )


register_snippet(ServiceAllowanceViewSet)
