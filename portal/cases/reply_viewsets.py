"""Administrators and team leaders keep the ready replies among the content of the back office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.cases.models import ReadyReply
from portal.cases.registry import all_outcomes


class ReadyReplyForm(WagtailAdminModelForm):
    """Outcomes by the words that people know."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = sorted((str(outcome.label), outcome.code) for outcome in all_outcomes().values())
        choices = [("", _("Every outcome")), *((code, label) for label, code in outcomes)]
        field = self.fields["outcome"]
        self.fields["outcome"] = forms.ChoiceField(
            label=field.label, help_text=field.help_text, required=False, choices=choices
        )


class ReadyReplyViewSet(SnippetViewSet):
    model = ReadyReply
    icon = "comment"
    menu_label = _("Ready replies")
    menu_order = 645
    add_to_admin_menu = True
    copy_view_enabled = True
    inspect_view_enabled = False
    list_display = ("name", "use", "service", "state_label", "outcome")
    list_filter = ("use", "service")
    list_select_related = ("service",)
    search_fields = ("name", "text")
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("use"), FieldPanel("service", widget=forms.Select)]),
            FieldRowPanel([FieldPanel("state"), FieldPanel("outcome")]),
            FieldPanel("text"),
        ],
        base_form_class=ReadyReplyForm,
    )
