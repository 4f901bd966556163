"""Start → a page for each step → check your answers → sent. Each page can be left, gone back to and sent again.

What somebody may see follows from their answers: a step that is hidden or still ahead leads to where they stand.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any as Anything

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.customers.acting_for.serving import party_for
from barnet.customers.consent.agreeing import StaleTextError
from portal.smartforms.asking.pages import over_page, sent_page
from portal.smartforms.definition.model import StepKind
from portal.smartforms.evaluating import ShownStep
from portal.smartforms.figures.counting import refusals_of
from portal.smartforms.kinds import Asking
from portal.smartforms.models import DraftState, SmartForm, Submission
from portal.smartforms.results.submitting import NotCompleteError
from portal.smartforms.running import door, saving
from portal.smartforms.running.beginning import begin
from portal.smartforms.running.checking import check_together
from portal.smartforms.running.forms import AnotherForm, SendForm, StartForm
from portal.smartforms.running.keeping_up import bring_up_to_date
from portal.smartforms.running.known import known_of_thing, known_on_page
from portal.smartforms.running.linking import answers_in
from portal.smartforms.running.pages import answered, asked, thing_url, things_of, unfinished_thing
from portal.smartforms.running.prefilling import Prefilled
from portal.smartforms.running.reusing import offer_rows, offer_to, say_yes
from portal.smartforms.running.run import FROM_CHECK, Run
from portal.smartforms.running.sending import REFUSALS, send
from portal.smartforms.running.starting import drafts_of
from portal.smartforms.running.step_form import StepForm
from portal.smartforms.running.visiting import own_page
from portal.smartforms.translating.spoken import spoken

_READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])


def run_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Through the door, with the draft brought to the live version. What was sent leads to its last page."""

    @wraps(view)
    def with_run(request: HttpRequest, slug: str, draft_id: uuid.UUID, **kwargs: Anything) -> HttpResponse:
        try:
            run = door.draft_for(request, slug, draft_id)
        except Http404:
            left = door.left_open(request, slug, draft_id)
            if left is None:
                raise
            return _sign_in_again(request, left, **kwargs)
        if over := over_page(request, run):
            return _private(over)
        if run.draft.state == DraftState.SENT:
            return redirect("form_done", slug=slug, draft_id=draft_id)
        bring_up_to_date(run)
        return _private(view(request, run, **kwargs))

    return never_cache(with_run)


def _sign_in_again(request: HttpRequest, run: Run, step_key: str = "", number: int = 0) -> HttpResponse:
    """After a session that ended: the page that was sent is kept, then they sign in and find it."""
    shown = run.shown(step_key)
    if request.method == "POST" and shown and shown.questions and run.draft.state == DraftState.OPEN:
        is_thing = shown.step.kind is StepKind.GROUP
        if is_thing == bool(number):
            form = _read(request, run, shown)
            if is_thing and form.is_valid():
                saving.save_thing(run, shown, number - 1, form.answers)
            elif not is_thing:
                saving.save_step(run, shown, form.answers, good=form.good)
    messages.info(request, _("You were signed out. What you typed is kept: sign in to go on."))
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")


def _read(request: HttpRequest, run: Run, shown: ShownStep, given: Anything = None) -> StepForm:
    asking = run.asking
    form = StepForm(request.POST, request.FILES, questions=shown.questions, asking=asking, given=given)
    if form.is_valid() or form.errors:
        form.store_files(run.draft.pk, shown.step.key if shown.step.kind is StepKind.GROUP else "")
    return form


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


@_READ_AND_WRITE
def start(request: HttpRequest, slug: str) -> HttpResponse:
    form = get_object_or_404(SmartForm.objects.select_related("service", "live_version"), slug=slug)
    if form.live_version is None:
        raise Http404
    party = party_for(request, service=form.service)
    definition = spoken(form.live_version)
    offer = offer_to(party, definition, Asking(timezone.localdate()))
    sent = request.POST if request.method == "POST" else None
    button = StartForm(sent, request=request, text=offer.text if offer else None)
    if button.is_valid() and (party.customer or not definition.needs_account):
        try:
            earlier = say_yes(offer, party) if offer and button.cleaned_data.get("again") else None
        except StaleTextError as error:
            messages.info(request, str(error))
            return redirect(request.get_full_path())
        return begin(
            request,
            form,
            form.live_version,
            party=party,
            key=button.cleaned_data["submission_key"],
            answers=answers_in(definition, request.GET, timezone.localdate()),
            earlier=earlier,
        )
    context = {
        "smart_form": form,
        "definition": definition,
        "form": button,
        "party": party,
        "offer": offer,
        "offer_rows": offer_rows(offer) if offer else [],
        "under_way": list(drafts_of(party.customer).filter(form=form)[:5]) if party.customer else [],
    }
    return render(request, "smartforms/run/start.html", context)


@_READ_AND_WRITE
@run_page
def step(request: HttpRequest, run: Run, step_key: str) -> HttpResponse:
    shown = run.shown(step_key)
    if shown is None:
        return redirect(run.here_url)
    match shown.step.kind:
        case StepKind.GROUP:
            return _group(request, run, shown)
        case StepKind.INFORMATION:
            return _information(request, run, shown)
    return _questions(request, run, shown)


def _questions(request: HttpRequest, run: Run, shown: ShownStep) -> HttpResponse:
    own = own_page(request, run, shown)
    if own is not None:
        return own
    asking = run.asking
    given = {question.key: run.values[question.key] for question in shown.questions if question.key in run.values}
    ours = known_on_page(run, shown, asking, given)
    initial = given | {key: prefilled.value for key, prefilled in ours.items()}
    if request.method != "POST":
        form = StepForm(questions=shown.questions, asking=asking, given=initial)
        return _step_page(request, run, shown, form, prefilled=ours)
    form = _read(request, run, shown, initial)
    if "autosave" in request.POST:
        saving.save_step(run, shown, form.answers, good=form.good)
        return HttpResponse(status=204)
    if form.is_valid():
        check_together(run, shown.step, form, form.answers)
    sources = {key: kept.kept() for key, kept in ours.items() if form.answers.get(key) == kept.value}
    if form.is_valid():
        saving.save_step(run, shown, form.answers, sources=sources)
        return redirect(run.next_url(shown.step, from_check=_is_from_check(request)))
    refusals = [] if form.asks_more else refusals_of(form)
    saving.save_step(run, shown, form.answers, good=form.good, sources=sources, refusals=refusals)
    return _step_page(request, run, shown, form, prefilled=ours)


def _information(request: HttpRequest, run: Run, shown: ShownStep) -> HttpResponse:
    if request.method == "POST":
        saving.finish_step(run, shown.step)
        return redirect(run.next_url(shown.step, from_check=_is_from_check(request)))
    return _step_page(request, run, shown, None)


def _group(request: HttpRequest, run: Run, shown: ShownStep) -> HttpResponse:
    """The things that were added, and whether there is one more."""
    things = things_of(run, shown)
    if not things and shown.step.least and request.method != "POST":
        return redirect(_thing_url(request, run, shown, 1))
    posted = request.POST if request.method == "POST" else None
    form = AnotherForm(posted, item=shown.step.item_name, is_first=not things)
    is_full = len(things) >= shown.step.most
    if request.method == "POST" and (is_full or form.is_valid()):
        if not is_full and form.cleaned_data["another"] == "yes":
            return redirect(_thing_url(request, run, shown, len(things) + 1))
        if len(things) < shown.step.least:
            form.add_error("another", _("At least %(count)d must be added.") % {"count": shown.step.least})
        elif unfinished := unfinished_thing(run, shown):
            return redirect(_thing_url(request, run, shown, unfinished))
        else:
            saving.finish_step(run, shown.step)
            return redirect(run.next_url(shown.step, from_check=_is_from_check(request)))
    context = {
        "things": [(name, thing_url(run, shown, number), number) for number, name in things],
        "is_full": is_full,
        "next_told": next(iter(known_of_thing(run, shown, len(things) + 1).values()), None),
    }
    return _page(request, run, shown, "smartforms/run/group.html", form=form, **context)


@_READ_AND_WRITE
@run_page
def thing(request: HttpRequest, run: Run, step_key: str, number: int) -> HttpResponse:
    """One thing of a group."""
    shown = run.shown(step_key)
    if shown is None or shown.step.kind is not StepKind.GROUP:
        return redirect(run.here_url)
    things: Anything = run.values.get(step_key) or []
    if not 1 <= number <= min(len(things) + 1, shown.step.most):
        return redirect(run.step_url(shown.step, from_check=_is_from_check(request)))
    given = things[number - 1] if number <= len(things) else {}
    ours = known_of_thing(run, shown, number) if number > len(things) else {}
    initial = given | {key: prefilled.value for key, prefilled in ours.items()}
    if request.method == "POST":
        form = _read(request, run, shown, initial)
    else:
        form = StepForm(questions=shown.questions, asking=run.asking, given=initial)
    if form.is_valid():
        sources = {key: kept.kept() for key, kept in ours.items() if form.answers.get(key) == kept.value}
        saving.save_thing(run, shown, number - 1, form.answers, sources=sources)
        return redirect(run.step_url(shown.step, from_check=_is_from_check(request)))
    if form.is_bound and not form.asks_more:
        saving.refuse_thing(run, shown, refusals_of(form, step_key))
    return _step_page(request, run, shown, form, number=number, prefilled=ours)


@require_POST
@run_page
def remove_thing(request: HttpRequest, run: Run, step_key: str, number: int) -> HttpResponse:
    shown = run.shown(step_key)
    if shown and shown.step.kind is StepKind.GROUP:
        saving.remove_thing(run, shown.step, number - 1)
        messages.success(request, _("Removed."))
        return redirect(run.step_url(shown.step, from_check=_is_from_check(request)))
    return redirect(run.here_url)


@_READ_AND_WRITE
@run_page
def check(request: HttpRequest, run: Run) -> HttpResponse:
    if not run.is_complete:
        return redirect(run.here_url)
    outcome = run.walk.outcome
    if outcome is None:
        raise Http404
    if not outcome.sends:
        return render(request, "smartforms/run/outcome.html", run.context(outcome=outcome, steps=answered(run)))
    form = SendForm(request.POST if request.method == "POST" else None, declaration=run.definition.declaration)
    if request.method == "POST" and form.is_valid():
        try:
            send(run)
        except REFUSALS as error:  # changed in another tab, or by others, meanwhile
            if isinstance(error, NotCompleteError) and error.sentence:
                messages.error(request, error.sentence)
            return redirect("form_back", slug=run.draft.form.slug, draft_id=run.draft.pk)
        return redirect("form_done", slug=run.draft.form.slug, draft_id=run.draft.pk)
    return render(request, "smartforms/run/check.html", run.context(form=form, steps=answered(run), back=run.last_url))


@require_safe
@never_cache
def done(request: HttpRequest, slug: str, draft_id: uuid.UUID) -> HttpResponse:
    run = door.draft_for(request, slug, draft_id)
    if over := over_page(request, run):
        return _private(over)
    if run.draft.state != DraftState.SENT:
        return redirect(run.here_url)
    if run.asked:
        return _private(sent_page(request, run))
    submission = get_object_or_404(Submission.objects.select_related("case", "version"), draft_id=draft_id)
    outcomes = {outcome.key: outcome for outcome in spoken(submission.version).outcomes}
    case = submission.case
    context = run.context(outcome=outcomes[submission.outcome], case=case, is_told=bool(case.contact_email))
    return _private(render(request, "smartforms/run/done.html", context))


# --- Pages ------------------------------------------------------------------------------------------------------------


def _is_from_check(request: HttpRequest) -> bool:
    return request.GET.get("from") == FROM_CHECK


def _thing_url(request: HttpRequest, run: Run, shown: ShownStep, number: int) -> str:
    return thing_url(run, shown, number) + (f"?from={FROM_CHECK}" if _is_from_check(request) else "")


def _step_page(
    request: HttpRequest,
    run: Run,
    shown: ShownStep,
    form: StepForm | None,
    *,
    prefilled: dict[str, Prefilled] | None = None,
    number: int = 0,
) -> HttpResponse:
    questions = asked(form, prefilled or {}) if form else []
    is_one = len(questions) == 1 and questions[0].can_be_heading and not shown.step.body and not number
    return _page(
        request, run, shown, "smartforms/run/step.html", form=form, questions=questions, is_one=is_one, number=number
    )


def _page(request: HttpRequest, run: Run, shown: ShownStep, template: str, **more: Anything) -> HttpResponse:
    is_thing = bool(more.get("number"))
    from_check = _is_from_check(request)
    back = (
        run.step_url(shown.step, from_check=from_check)
        if is_thing and run.values.get(shown.step.key)
        else run.back_url(shown.step, from_check=from_check)
    )
    context = run.context(
        shown=shown,
        step=shown.step,
        back=back,
        again=run.draft.ask_again.get(shown.step.key, []),
        sent_before=run.sent_before(shown),
        **more,
    )
    return render(request, template, context)
