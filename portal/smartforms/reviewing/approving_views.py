"""Where somebody reads what was submitted, and approves it or asks for changes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.snippets.views.snippets import CollectWorkflowActionDataView, WorkflowActionView

from portal.smartforms.authoring import gate
from portal.smartforms.comparing import compare
from portal.smartforms.reviewing.approving import NotFinishableError, NotWaitingError, decide, may_decide
from portal.smartforms.reviewing.looked_at import LATEST, looked_at, told
from portal.smartforms.reviewing.views import FormPageView, address
from portal.smartforms.versions import definition_of

APPROVE, CHANGE = "approve", "change"
LONGEST = 2000


class DecisionForm(forms.Form):
    task_state = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    decision = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=[(APPROVE, gettext_lazy("Approve it")), (CHANGE, gettext_lazy("Ask for changes"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you decide.")},
    )
    comment = forms.CharField(
        label=gettext_lazy("What should change, or why not"),
        help_text=gettext_lazy("Whoever submitted it reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == CHANGE and not cleaned.get("comment") and "comment" not in self.errors:
            self.add_error("comment", _("Say what should change."))
        return cleaned


class ReviewView(FormPageView):
    page_title = gettext_lazy("Review")
    permission_required = "publish"
    template_name = "smartforms/reviewing/review.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_decide(self.object, request.user):
            if self.object.workflow_in_progress:
                raise PermissionDenied
            return self._too_late()
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(decision=form))
        given = form.cleaned_data
        approves = given["decision"] == APPROVE
        try:
            decide(self.object, given["task_state"], by=request.user, approves=approves, comment=given["comment"])
        except NotWaitingError:
            return self._too_late()
        except NotFinishableError:  # the page says why, with the way to each place
            form.add_error(
                "decision", _("It was not approved: somebody could not finish it. See what is to put right.")
            )
            return self.render_to_response(self.get_context_data(decision=form))
        return self._decided(approves)

    def _decided(self, approves: bool) -> HttpResponse:
        if not approves:
            said = _("You asked for changes in ‘%(form)s’. It can be edited again.")
        elif self.object.workflow_in_progress:
            said = _("You approved ‘%(form)s’. It waits for the next step.")
        else:
            said = _("You approved ‘%(form)s’. It was the last step.")
        messages.success(self.request, said % {"form": self.object.get_latest_revision_as_object()})
        return redirect(address("edit", self.object))

    def _too_late(self) -> HttpResponse:
        messages.warning(
            self.request, _("This does not wait for you any more: it was decided or taken back meanwhile.")
        )
        return redirect(address("edit", self.object))

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        looked = looked_at(self.object, LATEST)
        state = self.object.current_workflow_state
        task_state = self.object.current_workflow_task_state
        proof = gate.proof(looked.definition) if looked.definition else None
        live = self.object.live_version
        return super().get_context_data(
            **{
                "decision": DecisionForm(initial={"task_state": task_state.pk if task_state else None}),
                "state": state,
                "may_decide": may_decide(self.object, self.request.user),
                "steps": state.all_tasks_with_state() if state else [],
                "findings": told(looked, proof.findings if proof else looked.findings),
                "changes": compare(definition_of(live), looked.definition) if live and looked.definition else None,
                "ways": len(proof.paths) if proof else 0,
                **more,
            }
        )


class _ToReview:
    """Wherever Wagtail offers to decide, one is led to where the form can be read."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        url = address("review", self.object)  # type: ignore[attr-defined]
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": url})  # type: ignore[attr-defined,no-any-return]
        return redirect(url)


class ActionToReviewView(_ToReview, WorkflowActionView):
    pass


class DataToReviewView(_ToReview, CollectWorkflowActionDataView):
    pass


class ReviewMenuItem(ActionMenuItem):
    name = "action-review"
    label = gettext_lazy("Review")
    icon_name = "check"
    template_name = "wagtailsnippets/snippets/action_menu/menu_item.html"

    def is_shown(self, context: Any) -> bool:
        return True

    def get_url(self, parent_context: Any) -> str:
        return reverse("wagtailsnippets_smartforms_smartform:review", args=[parent_context["instance"].pk])
