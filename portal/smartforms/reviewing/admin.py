"""Where the author's pages hang in Wagtail: addresses, buttons, and what is said before publishing."""

from functools import cached_property
from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from portal.smartforms.authoring.admin_views import FormEditView
from portal.smartforms.comparing import compare
from portal.smartforms.models import SmartForm
from portal.smartforms.reviewing.approving_views import ActionToReviewView, DataToReviewView, ReviewView
from portal.smartforms.reviewing.looked_at import LATEST, looked_at
from portal.smartforms.reviewing.taking_in_views import CopyFormView, ImportView
from portal.smartforms.reviewing.touched import under_way
from portal.smartforms.reviewing.translating_views import TranslationsView
from portal.smartforms.reviewing.views import (
    CompareRevisionsView,
    ExportView,
    TouchedView,
    VersionsView,
    WaysView,
    address,
)
from portal.smartforms.versions import definition_of

PAGES = {
    "ways": WaysView,
    "review": ReviewView,
    "translations": TranslationsView,
    "versions": VersionsView,
    "touched": TouchedView,
    "export": ExportView,
}
_LINKS = [
    ("ways", _("Every way"), "list-ul", 30),
    ("versions", _("Versions"), "history", 40),
    ("touched", _("Answers under way"), "user", 50),
    ("translations", _("Translations"), "globe", 55),
    ("export", _("Export"), "download", 60),
]


class FormIndexView(IndexView):
    def get_list_more_buttons(self, instance: SmartForm) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.user_has_permission("change"):
            buttons += [
                MenuItem(label, address(act, instance), icon_name=icon, priority=priority)
                for act, label, icon, priority in _LINKS
            ]
        return buttons

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons: list[Any] = list(super().header_buttons)
        if self.user_has_permission("add"):
            buttons.append(HeaderButton(_("Import"), url=f"{self.index_url}import/", icon_name="upload"))
        return buttons


class ReviewedEditView(FormEditView):
    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [
            *super().header_more_buttons,
            *(
                Button(label, url=address(act, self.object), icon_name=icon, priority=priority)
                for act, label, icon, priority in _LINKS
            ),
        ]


class TouchedPanel(Panel):
    """Before publishing: how many are filling the form in, and what the change means for them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "smartforms/reviewing/touched_panel.html"

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.people)

        @cached_property
        def people(self) -> int:
            form = self.instance
            return sum(count for _version, count in under_way(form)) if form.pk and form.has_unpublished_changes else 0

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            form = SmartForm.objects.select_related("live_version").get(pk=self.instance.pk)
            looked = looked_at(form, LATEST)
            if form.live_version and looked.definition:
                context["change_class"] = compare(definition_of(form.live_version), looked.definition).change_class
            return context | {"people": self.people, "url": address("touched", form)}


class ReviewedViewSet(SnippetViewSet):
    copy_view_enabled = True
    copy_view_class = CopyFormView
    index_view_class = FormIndexView
    edit_view_class = ReviewedEditView
    revisions_compare_view_class = CompareRevisionsView
    workflow_action_view_class = ActionToReviewView
    collect_workflow_action_data_view_class = DataToReviewView

    def get_urlpatterns(self) -> list[URLPattern]:
        pages = [
            path(f"{act}/<{self.pk_path_converter}:pk>/", self.construct_view(view), name=act)
            for act, view in PAGES.items()
        ]
        return [*super().get_urlpatterns(), path("import/", self.construct_view(ImportView), name="import"), *pages]
