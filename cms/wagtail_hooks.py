"""Our changes to Wagtail's admin: fewer doors, and approval from the page that waits for it."""

from collections.abc import Mapping
from typing import Any

from django.forms import Media, Script
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem, PageLockedMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.rich_text.feature_registry import FeatureRegistry

from cms.rich_text import LivePageLinkHandler

# Roles are laid by the code (`barnet.customers.staff.roles`) and the host by BASE_URL: changes here would not last.
HIDDEN_SETTINGS = {"groups", "sites"}
ICONS = {"approve": "success", "reject": "edit"}


@hooks.register("construct_settings_menu")
def hide_settings_that_would_not_last(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_SETTINGS]


@hooks.register("register_rich_text_features", order=10)  # after Wagtail's own
def link_to_public_pages(features: FeatureRegistry) -> None:
    features.register_link_type(LivePageLinkHandler)


class ReviewMenuItem(ActionMenuItem):
    """Approve, or send back, a page that is locked while it waits: at once, without saving it."""

    template_name = "cms/admin/review_menu_item.html"

    def __init__(self, name: str, label: str, *, asks_for_comment: bool) -> None:
        super().__init__(order=-1)
        self.name = name
        self.label = label
        self.icon_name = ICONS.get(name, "")
        self.asks_for_comment = asks_for_comment

    def is_shown(self, context: Mapping[str, Any]) -> bool:
        return True

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context["asks_for_comment"] = self.asks_for_comment
        context["task_state"] = parent_context["page"].current_workflow_task_state
        return context

    @property
    def media(self) -> Media:
        script = Script("wagtailadmin/js/workflow-action.js", **{"data-activate": "dashboard"})
        return Media(js=[script])  # type: ignore[list-item]


@hooks.register("construct_page_action_menu")
def offer_review(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    page = context.get("page")
    task = page.current_workflow_task if page and context["view"] == "edit" else None
    if not task or not context["locked_for_user"]:
        return
    actions = sorted(task.get_actions(page, request.user), key=lambda action: action[0] != "approve")
    reviews = [ReviewMenuItem(name, label, asks_for_comment=modal) for name, label, modal in actions]
    locked = [item for item in menu_items if isinstance(item, PageLockedMenuItem)]
    others = [item for item in menu_items if not isinstance(item, PageLockedMenuItem)]
    menu_items[:] = [*(reviews or locked), *others]
