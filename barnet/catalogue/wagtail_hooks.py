"""Editors keep the catalogue in the Wagtail admin: services with history, draft, preview and a second pair of eyes."""

import datetime as dt
from typing import Any

import django_filters
from django.forms import Select
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from barnet.catalogue.admin_forms import FeesPanel
from barnet.catalogue.admin_views import ServiceCreateView, ServiceEditView
from barnet.catalogue.models import Category, HelpPoint, Service
from barnet.catalogue.selectors import due_for_review
from barnet.catalogue.two_eyes import may_publish

_REACH_PANELS = [
    FieldRowPanel([FieldPanel("kind"), FieldPanel("label")]),
    FieldPanel("value"),
    FieldRowPanel([FieldPanel("hours_at"), FieldPanel("note")]),
]
_DUE_WITHIN = {"0": _("Due now"), "30": _("Due within 30 days"), "90": _("Due within 90 days")}


class NeverDeletedPolicy(ModelPermissionPolicy):
    """Requests name a service for ever. What is no longer offered is taken down."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class ServiceFilterSet(WagtailFilterSet):
    due = django_filters.ChoiceFilter(
        label=_("Review"), choices=list(_DUE_WITHIN.items()), method="filter_due", empty_label=_("All")
    )

    class Meta:
        model = Service
        fields = ["category", "live", "channel_policy"]

    def filter_due(self, services: Any, _name: str, days: str) -> Any:
        due = due_for_review(timezone.localdate() + dt.timedelta(days=int(days)))
        return services.filter(pk__in=due.order_by().values("pk"))


class ServiceViewSet(SnippetViewSet):
    model = Service
    icon = "clipboard-list"
    menu_label = _("Services")
    list_display = ["name", "category", "owner_unit", "review_on", "review_owner", LiveStatusTagColumn()]
    filterset_class = ServiceFilterSet
    search_fields = ["name", "summary", "search_words"]
    ordering = ["name"]
    copy_view_enabled = False
    inspect_view_enabled = False
    add_view_class = ServiceCreateView
    edit_view_class = ServiceEditView
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("category", widget=Select),
        MultiFieldPanel(
            [FieldPanel("who_may"), FieldPanel("channel_policy"), FieldPanel("start_path")],
            heading=_("Who may use it, and how"),
        ),
        MultiFieldPanel(
            [FieldPanel("owner_unit"), FieldPanel("standard_working_days"), FieldPanel("same_within_metres")],
            heading=_("Standard"),
        ),
        FeesPanel(
            "fees",
            heading=_("Fees"),
            label=_("Fee"),
            panels=[
                FieldRowPanel([FieldPanel("label"), FieldPanel("code")]),
                FieldRowPanel([FieldPanel("amount"), FieldPanel("vat"), FieldPanel("concession")]),
                FieldRowPanel([FieldPanel("from_on"), FieldPanel("to_on")]),
            ],
            help_text=_(
                "When a fee changes, keep the old row, give it a last day, and add a row for the new amount. The page "
                "shows what is paid today, and the change that is announced."
            ),
        ),
        InlinePanel("contact_ways", heading=_("Other ways to ask for it"), label=_("Way"), panels=_REACH_PANELS),
        MultiFieldPanel([FieldPanel("search_words"), FieldPanel("lgsl")], heading=_("To be found")),
        MultiFieldPanel([FieldPanel("review_on"), FieldPanel("review_owner")], heading=_("Review")),
    ]


class CategoryViewSet(SnippetViewSet):
    model = Category
    icon = "folder-open-inverse"
    menu_label = _("Topics")
    list_display = ["name", "position"]
    ordering = ["position", "name"]
    copy_view_enabled = False
    inspect_view_enabled = False
    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("summary"), FieldPanel("position")]


class HelpPointViewSet(SnippetViewSet):
    model = HelpPoint
    icon = "help"
    menu_label = _("Where people get help")
    list_display = ["label", "kind", "value", "position"]
    ordering = ["position"]
    copy_view_enabled = False
    inspect_view_enabled = False
    panels = [*_REACH_PANELS, FieldPanel("position")]


class CatalogueViewSetGroup(SnippetViewSetGroup):
    menu_label = _("Services")
    menu_icon = "clipboard-list"
    menu_order = 250
    items = (ServiceViewSet, CategoryViewSet, HelpPointViewSet)


@hooks.register("construct_snippet_action_menu")
def offer_publishing_to_others(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    if context.get("model") is not Service:
        return
    service = context.get("instance")
    user = request.user
    is_offered = context["view"] == "edit" and service and user.is_authenticated and may_publish(service, user)
    if not is_offered:
        menu_items[:] = [item for item in menu_items if item.name != "action-publish"]


register_permission_policy(Service, NeverDeletedPolicy(Service))
register_snippet(CatalogueViewSetGroup)
