"""Saving and publishing in the editor: a draft gets advice, publishing is refused with the places.

Whoever wrote any of a draft does not publish it: the rule of services (`barnet.catalogue.two_eyes`).
"""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import PreviewOnEditView
from wagtail.utils.decorators import xframe_options_sameorigin_override

from barnet.catalogue.admin_views import PUBLISH, ServiceCreateView, ServiceEditView
from portal.smartforms.authoring import gate, places
from portal.smartforms.authoring.compiling import PARTS
from portal.smartforms.authoring.trying import trying_page
from portal.smartforms.definition.reading import Finding
from portal.smartforms.figures import admin_views as figures
from portal.smartforms.models import SmartForm

MOST_TOLD = 20
SUBMIT = "submit"
SAVES_WITHIN = dt.timedelta(minutes=2)


class _GatedMixin:
    """Before Wagtail's view."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        except MultiValueDictKeyError as missing:  # from Wagtail's lists, whose browser part always sends their counts
            raise BadRequest(str(missing)) from None

    def is_valid(self, form: Any) -> bool:
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        if self.action not in {PUBLISH, SUBMIT}:  # type: ignore[attr-defined]
            return True
        found = gate.findings(form.instance)
        if found:
            self.produced_error_message = _refuse(form, found, self.action)  # type: ignore[attr-defined]
            if self.action == PUBLISH:  # type: ignore[attr-defined]
                # Saved by itself, the page would make an author of the reader, who could not publish it once mended.
                self.autosave_enabled = False
        return not found

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        if self.saving_as_draft and not self.expects_json_response:  # type: ignore[attr-defined]
            found = gate.advice(form.instance)
            if found:
                messages.info(self.request, _told(_not_ready(len(found)), found, _streams(form)))  # type: ignore[attr-defined]
        return response


class FormCreateView(_GatedMixin, ServiceCreateView):
    """The editor saves by itself while somebody writes. What they send before it knows that the form is there now goes
    on to the form (307: the browser sends it once more), instead of being refused because the short name is taken."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if saved := self._saved_by_itself():
            return self._to(saved)
        try:
            return super().post(request, *args, **kwargs)
        except IntegrityError:  # in the middle of that very saving
            saved = self._saved_by_itself()
            return self._to(saved) if saved else super().post(request, *args, **kwargs)

    def _saved_by_itself(self) -> SmartForm | None:
        lately = timezone.now() - SAVES_WITHIN
        mine = SmartForm.objects.filter(latest_revision__user=self.request.user, live=False)
        new = mine.filter(latest_revision__created_at__gte=lately, first_published_at=None)
        found = new.filter(slug=self.request.POST.get("slug", "")).first()
        return found if found and found.revisions.count() == 1 else None

    def _to(self, form: SmartForm) -> HttpResponse:
        return HttpResponseRedirect(reverse(self.edit_url_name, args=[form.pk]), preserve_request=True)


class FormEditView(_GatedMixin, ServiceEditView):
    def get_available_actions(self) -> list[str]:
        """A step of a workflow is decided where the form can be read (`reviewing.approving_views`)."""
        return [action for action in super().get_available_actions() if action != "workflow-action"]

    def submit_action(self) -> HttpResponse | None:
        """What waits is what was saved just now: Wagtail read the form before, and would name the last revision."""
        self.__dict__.pop("workflow_state", None)
        answer: HttpResponse | None = super().submit_action()
        return answer

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [*super().header_more_buttons, figures.button(self.object)]


@method_decorator(xframe_options_sameorigin_override, name="post")
class TryView(PreviewOnEditView):
    """The pages of the preview behind the first: of the draft as it stands in the editor, saved or not."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kept := self._get_form_state():
            form = self.get_form(self._get_form_data(kept))
            if self.validate_form(form):
                form.save(commit=False)
        return trying_page(request, self.object, action=request.path)


def _refuse(form: Any, found: list[Finding], action: str) -> SafeString:
    """Puts each finding at its block; the summary of all."""
    streams = _streams(form)
    for name, errors in places.errors_of(found, streams).items():
        for error in errors:
            form.add_error(name if name in form.fields else None, error)
    if action == SUBMIT:
        count = ngettext("Not submitted: %d thing to put right.", "Not submitted: %d things to put right.", len(found))
    else:
        count = ngettext("Not published: %d thing to put right.", "Not published: %d things to put right.", len(found))
    return _told(count % len(found), found, streams)


def _streams(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in PARTS}


def _not_ready(count: int) -> str:
    return ngettext("Not ready to publish: %d thing.", "Not ready to publish: %d things.", count) % count


def _told(title: str, found: list[Finding], streams: dict[str, Any]) -> SafeString:
    """Each finding leads to its block; `editor.js` opens the tab and whatever is folded around it."""
    rows = format_html_join(
        "",
        '<li><a href="#:w:contentpath={0}" data-finding="{0}">{1}</a></li>',
        ((places.path_of(finding, streams), places.in_words(finding)) for finding in found[:MOST_TOLD]),
    )
    more = _("And %d more.") % (len(found) - MOST_TOLD) if len(found) > MOST_TOLD else ""
    return format_html("{}<ul>{}</ul>{}", title, rows, more)
