"""Authors build forms in the Wagtail admin, with history, lock, draft and a second pair of eyes."""

import json
from typing import Any

from django.forms import Select
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.panels import FieldPanel, ObjectList, PublishingPanel, TabbedInterface
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from barnet.catalogue.two_eyes import may_publish
from barnet.catalogue.wagtail_hooks import NeverDeletedPolicy
from portal.smartforms.authoring.admin_forms import SmartFormForm
from portal.smartforms.authoring.admin_views import FormCreateView, TryView
from portal.smartforms.authoring.gate import REFUSED
from portal.smartforms.figures import admin_views as figures
from portal.smartforms.kinds.registry import YES_NO
from portal.smartforms.models import SmartForm
from portal.smartforms.reviewing.admin import ReviewedViewSet, TouchedPanel
from portal.smartforms.reviewing.approving import may_decide
from portal.smartforms.reviewing.approving_views import ReviewMenuItem
from portal.smartforms.rules_in_words import FACT_LABELS


class SmartFormViewSet(ReviewedViewSet):
    model = SmartForm
    icon = "form"
    menu_label = _("Forms")
    menu_order = 260
    add_to_admin_menu = True
    list_display = ["title", "service", LiveStatusTagColumn()]
    list_select_related = ["service"]
    search_fields = ["title", "summary"]
    ordering = ["title"]
    inspect_view_enabled = False
    add_view_class = FormCreateView

    @property
    def try_view(self) -> Any:
        return self.construct_view(TryView, form_class=self.get_form_class(for_update=True))

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("try/<int:pk>/", self.try_view, name="try")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *(FieldPanel(name) for name in ("title", "slug", "summary")),
                    FieldPanel("service", widget=Select),  # Wagtail's chooser is an inline script, which we forbid
                    FieldPanel("needs_account"),
                ],
                heading=_("Form"),
            ),
            ObjectList([FieldPanel("steps"), FieldPanel("declaration")], heading=_("Pages and questions")),
            ObjectList([FieldPanel("calculations"), FieldPanel("ends")], heading=_("Calculations and ends")),
            ObjectList([FieldPanel("outcomes"), FieldPanel("destinations")], heading=_("Outcomes")),
            ObjectList([TouchedPanel(), PublishingPanel()], heading=_("Publishing")),
        ],
        base_form_class=SmartFormForm,
    )


@hooks.register("construct_snippet_action_menu")
def offer_publishing_to_others(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    if context.get("model") is not SmartForm:
        return
    form = context.get("instance")
    user = request.user
    is_offered = context["view"] == "edit" and form and user.is_authenticated and may_publish(form, user)
    if not is_offered:
        menu_items[:] = [item for item in menu_items if item.name != "action-publish"]
    if context["view"] == "edit" and form and may_decide(form, user):
        menu_items.insert(0, ReviewMenuItem())


@hooks.register("insert_editor_js")
def help_with_rules() -> SafeString:
    """Harmless in other editors: it looks for the fields of forms."""
    facts = {key: str(label) for key, label in FACT_LABELS.items()}
    yes_no = [{"key": option.value, "label": str(option.label)} for option in YES_NO]
    return format_html(
        '<script src="{}" data-facts="{}" data-yes-no="{}" data-or="{}"></script>',
        static("smartforms/editor.js"),
        json.dumps(facts),
        json.dumps(yes_no),
        _("or"),
    )


@hooks.register("register_log_actions")
def register_refusals(actions: LogActionRegistry) -> None:
    @actions.register_action(REFUSED)
    class RefusedFormatter(LogFormatter):
        label = _("Refuse scheduled publishing")

        def format_message(self, log_entry: Any) -> str:
            return _("Not published at its time: %(findings)s") % {
                "findings": " ".join(log_entry.data.get("findings", [])[:5])
            }


@hooks.register("register_admin_urls")
def figures_urls() -> list[URLPattern]:
    return [
        path("form-figures/<int:pk>/", figures.figures, name="smartform_figures"),
        path("form-figures/<int:pk>/file/", figures.figures_file, name="smartform_figures_file"),
    ]


@hooks.register("register_snippet_listing_buttons")
def figures_in_list(snippet: Any, user: Any, next_url: str | None = None) -> list[Button]:
    return [figures.button(snippet)] if isinstance(snippet, SmartForm) else []


register_permission_policy(SmartForm, NeverDeletedPolicy(SmartForm))
register_snippet(SmartFormViewSet)
