"""Administrators keep the kinds of documents among the content of the back office."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from barnet.customers.models import User
from portal.documents.enums import Proof
from portal.documents.models import DocumentKind


class DocumentKindForm(WagtailAdminModelForm):
    proves = forms.MultipleChoiceField(
        label=_("What it proves"), choices=Proof.choices, widget=forms.CheckboxSelectMultiple
    )


class NobodyDeletesPolicy(ModelPermissionPolicy):
    """Documents name their kind for ever: one that is not wanted any more is not offered."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class DocumentKindViewSet(SnippetViewSet):
    model = DocumentKind
    icon = "doc-full"
    menu_label = _("Kinds of documents")
    menu_order = 657
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("name", "months", "has_expiry", "is_offered", "position")
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("proves"),
            FieldRowPanel([FieldPanel("months"), FieldPanel("has_expiry")]),
            FieldRowPanel([FieldPanel("is_offered"), FieldPanel("position")]),
        ],
        base_form_class=DocumentKindForm,
    )


register_permission_policy(DocumentKind, NobodyDeletesPolicy(DocumentKind))
register_snippet(DocumentKindViewSet)
