"""How staff edit the catalogue of containers, with the history of each."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.waste.models import ContainerKind
from portal.waste.orders.enums import OrderReason


class ContainerKindForm(WagtailAdminModelForm):
    reasons = forms.MultipleChoiceField(
        label=_("Reasons"), choices=OrderReason.choices, widget=forms.CheckboxSelectMultiple
    )


class ContainerKindViewSet(SnippetViewSet):
    model = ContainerKind
    icon = "bin"
    menu_label = _("Containers to order")
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("name", "stream", "most_held", "handover", "offered_from", "offered_to")
    list_filter = ("stream",)
    ordering = ("position", "name")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
            FieldRowPanel([FieldPanel("stream"), FieldPanel("litres")]),
            FieldPanel("description"),
            FieldPanel("purpose"),
            FieldPanel("who_may"),
            FieldRowPanel([FieldPanel("group"), FieldPanel("is_emptied")]),
            FieldRowPanel([FieldPanel("most_held"), FieldPanel("most_ordered")]),
            FieldPanel("reasons"),
            FieldPanel("fee_code"),
            FieldRowPanel([FieldPanel("handover"), FieldPanel("promise_working_days")]),
            FieldPanel("collect_at"),
            FieldRowPanel([FieldPanel("offered_from"), FieldPanel("offered_to")]),
            FieldPanel("position"),
        ],
        base_form_class=ContainerKindForm,
    )
