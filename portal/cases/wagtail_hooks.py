"""Administrators keep the teams and crews, and who is in them, among the content of the back office."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from barnet.customers.models import User
from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import Area
from portal.cases.models import ContactReason, Team
from portal.cases.promise_viewsets import PromiseViewSetGroup
from portal.cases.reply_viewsets import ReadyReplyViewSet


class TeamForm(WagtailAdminModelForm):
    """Only staff can be members; areas are wards of today."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        members = self.fields["members"]
        assert isinstance(members, forms.ModelMultipleChoiceField)
        members.queryset = User.objects.filter(is_staff=True, is_active=True).order_by("first_name", "email")
        wards = self.fields["wards"]
        assert isinstance(wards, forms.ModelMultipleChoiceField)
        wards.queryset = Area.objects.filter(kind=AreaKind.WARD).defer("geometry")


class NobodyDeletesPolicy(ModelPermissionPolicy):
    """Nobody deletes a team or a reason: requests and contacts name it for ever."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class TeamViewSet(SnippetViewSet):
    model = Team
    icon = "group"
    menu_label = _("Teams and crews")
    menu_order = 650
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("name", "kind")
    list_filter = ("kind",)
    search_fields = ("name",)
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("slug"),
            FieldPanel("kind"),
            FieldPanel("members", widget=forms.CheckboxSelectMultiple),
            FieldPanel("services", widget=forms.CheckboxSelectMultiple),
            FieldPanel("wards", widget=forms.CheckboxSelectMultiple),
        ],
        base_form_class=TeamForm,
    )


class ContactReasonViewSet(SnippetViewSet):
    model = ContactReason
    icon = "comment"
    menu_label = _("Reasons of contacts")
    menu_order = 655
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ("name", "is_avoidable", "is_offered", "position")
    panels = (FieldPanel("name"), FieldPanel("is_avoidable"), FieldPanel("is_offered"), FieldPanel("position"))


register_permission_policy(Team, NobodyDeletesPolicy(Team))
register_permission_policy(ContactReason, NobodyDeletesPolicy(ContactReason))
register_snippet(TeamViewSet)
register_snippet(ContactReasonViewSet)
register_snippet(PromiseViewSetGroup)
register_snippet(ReadyReplyViewSet)
