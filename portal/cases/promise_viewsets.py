"""Administrators keep how soon we answer, and who hears of it, among the content of the back office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from barnet.customers.staff.roles import ROLES
from portal.cases.models import Escalation, PromiseStandard


class EscalationForm(WagtailAdminModelForm):
    """Roles by the names that people know."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ModelChoiceField)
        role.queryset = role.queryset.filter(name__in=ROLES)  # type: ignore[union-attr]
        role.label_from_instance = _label  # type: ignore[method-assign]


def _label(obj: Any) -> str:
    return str(ROLES[obj.name].label)


class PromiseStandardViewSet(SnippetViewSet):
    model = PromiseStandard
    icon = "time"
    menu_label = _("Times that we promise")
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("__str__", "response_hours", "update_days", "resolve_days", "delay_days")
    list_select_related = ("service",)
    panels = (
        FieldRowPanel([FieldPanel("service", widget=forms.Select), FieldPanel("urgency")]),
        FieldRowPanel([FieldPanel("response_hours"), FieldPanel("update_days")]),
        FieldRowPanel([FieldPanel("resolve_days"), FieldPanel("delay_days")]),
    )


class EscalationViewSet(SnippetViewSet):
    model = Escalation
    icon = "warning"
    menu_label = _("Escalations")
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("clock", "hours", "service", "tells_assignee", "role", "since")
    list_select_related = ("service", "role")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("clock"), FieldPanel("hours")]),
            FieldPanel("service", widget=forms.Select),
            FieldPanel("tells_assignee"),
            FieldPanel("role"),
            FieldPanel("since"),
        ],
        base_form_class=EscalationForm,
    )


class PromiseViewSetGroup(SnippetViewSetGroup):
    menu_label = _("Promises")
    menu_icon = "time"
    menu_order = 640
    items = (PromiseStandardViewSet, EscalationViewSet)
