"""Staff edit the rules for missed bins and the holiday shifts among the content of the back office."""

from django.forms import Select
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from barnet.customers.models import User
from portal.waste.admin_forms import HolidayShiftForm
from portal.waste.models import CollectionPolicy, ContainerKind, HolidayShift, LogAnswer, ReportingRule
from portal.waste.orders.viewset import ContainerKindViewSet
from portal.waste.sorting.viewset import WasteItemViewSet


class KeptPolicy(ModelPermissionPolicy):
    """Nobody deletes: calendars must learn of every change, and every stream keeps its rule."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class _WasteViewSet(SnippetViewSet):
    copy_view_enabled = False
    inspect_view_enabled = False


class HolidayShiftViewSet(_WasteViewSet):
    model = HolidayShift
    icon = "calendar-alt"
    menu_label = _("Holiday shifts")
    list_display = ("due_on", "moved_to", "stream", "reason")
    list_filter = ("stream",)
    search_fields = ("reason",)
    ordering = ("-due_on", "stream")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("due_on"), FieldPanel("moved_to")]),
            FieldPanel("stream"),
            FieldPanel("reason"),
        ],
        base_form_class=HolidayShiftForm,
    )


class ReportingRuleViewSet(_WasteViewSet):
    model = ReportingRule
    icon = "time"
    menu_label = _("Time to report")
    list_display = ("stream", "window_working_days")
    panels = (FieldPanel("stream", read_only=True), FieldPanel("window_working_days"))


class LogAnswerViewSet(_WasteViewSet):
    model = LogAnswer
    icon = "comment"
    menu_label = _("Answers to crew logs")
    list_display = ("outcome", "sentence", "advice")
    panels = (FieldPanel("outcome"), FieldPanel("sentence"), FieldPanel("advice"))


class CollectionPolicyViewSet(_WasteViewSet):
    model = CollectionPolicy
    icon = "warning"
    menu_label = _("Broken promises")
    list_display = ("__str__", "leaders", "escalation_working_days", "repeat_count", "repeat_weeks")
    panels = (
        FieldPanel("leaders", widget=Select),
        FieldPanel("escalation_working_days"),
        FieldRowPanel([FieldPanel("repeat_count"), FieldPanel("repeat_weeks")]),
        FieldPanel("assisted_working_days"),
    )


class WasteViewSetGroup(SnippetViewSetGroup):
    menu_label = _("Bins")
    menu_icon = "bin"
    menu_order = 600
    items = (
        HolidayShiftViewSet,
        ReportingRuleViewSet,
        LogAnswerViewSet,
        CollectionPolicyViewSet,
        WasteItemViewSet,
        ContainerKindViewSet,
    )


for model in (ContainerKind, HolidayShift, ReportingRule, LogAnswer, CollectionPolicy):
    register_permission_policy(model, KeptPolicy(model))
register_snippet(WasteViewSetGroup)
