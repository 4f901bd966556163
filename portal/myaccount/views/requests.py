"""The list of requests, one request, and what its owner can do with it."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.actors import Actor
from barnet.customers.enums import Power
from barnet.customers.models import User
from barnet.customers.selectors import may_act
from portal.cases import selectors as cases
from portal.cases import services
from portal.cases.enums import OPEN_STATES, CaseState
from portal.cases.errors import MoveRefusedError, StaleCaseError
from portal.cases.models import Case
from portal.cases.registry import answer_links_of, own_links_of
from portal.myaccount import selectors
from portal.myaccount.access import own_account, person
from portal.myaccount.forms import AnswerForm, FileForm, PhotoForm, ReopenForm, WithdrawForm

PAGE = 20
CONFLICT = 409
Act = Callable[[Case, Actor, dict[str, Any]], str]
Show = Callable[[Case, Form, int], HttpResponse]


@require_safe
@own_account
def request_list(request: HttpRequest) -> HttpResponse:
    user, party, customer = person(request)
    shown = request.GET.get("show") if request.GET.get("show") in {"closed", "all"} else "open"
    found = selectors.requests_of(user, customer).select_related("service", "address")
    if shown == "open":
        found = found.open()
    elif shown == "closed":
        found = found.exclude(state__in=OPEN_STATES)
    page = Paginator(found.order_by("-opened_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "myaccount/requests.html",
        {
            "page": page,
            "shown": shown,
            "party": party,
            "customer": customer,
            "joined": [] if party.is_delegated else cases.followed_by(user),
        },
    )


@require_safe
@own_account
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One's own request, or as much of a joined one as the person who joined may know."""
    user = cast(User, request.user)
    try:
        case = cases.case_for(user, reference)
    except Http404:
        return render(request, "myaccount/joined.html", {"joined": cases.followed_case(user, reference)})
    if reference != case.reference:
        return redirect(case)
    return _show(request, case)


def _show(request: HttpRequest, case: Case, *, answer: Form | None = None, status: int = 200) -> HttpResponse:
    user = cast(User, request.user)
    state = CaseState(case.state)
    question = cases.open_question(case)
    form = answer or (AnswerForm(initial={"version": case.version}) if question else None)
    return render(
        request,
        "myaccount/request.html",
        {
            "case": case,
            "state": state,
            "is_late": case.is_late(timezone.localdate()),
            "is_delegated": case.customer is not None and case.customer.user_id != user.pk,
            "may_act": case.customer is None or may_act(user, case.customer, case.service),
            "question": question,
            "form": form,
            "outcome": cases.outcome_label(case) if state == CaseState.RESOLVED else "",
            "timeline": list(reversed(cases.public_timeline(case))),
            "photos": cases.public_photos(case),
            "files": cases.public_files(case),
            "answer_links": answer_links_of(case) if question else [],
            "links": own_links_of(case),
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    case = cases.case_for(request.user, reference, Power.ACT)
    if request.method != "POST":
        return redirect(case)
    form = AnswerForm(request.POST, request.FILES)
    if case.state != CaseState.WAITING and not form.is_valid():
        messages.error(request, _("There is no open question. Somebody may have answered it already."))
        return redirect(case)

    def show(now: Case, form: Form, status: int) -> HttpResponse:
        return _show(request, now, answer=form, status=status)

    return _do(request, case, form, _answer, show)


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    return _form_page(request, reference, ReopenForm, "myaccount/reopen.html", _reopen, [CaseState.RESOLVED])


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    return _form_page(request, reference, WithdrawForm, "myaccount/withdraw.html", _withdraw, OPEN_STATES)


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def photo(request: HttpRequest, reference: str) -> HttpResponse:
    return _form_page(request, reference, PhotoForm, "myaccount/photo.html", _photo, OPEN_STATES)


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def file(request: HttpRequest, reference: str) -> HttpResponse:
    return _form_page(request, reference, FileForm, "myaccount/file.html", _file, OPEN_STATES)


def _form_page(
    request: HttpRequest, reference: str, form_class: type[Form], template: str, act: Act, states: list[CaseState]
) -> HttpResponse:
    """`states`: where the form makes sense; from elsewhere its address leads back to the request."""
    case = cases.case_for(request.user, reference, Power.ACT)

    def show(now: Case, form: Form, status: int) -> HttpResponse:
        return render(request, template, {"case": now, "form": form}, status=status)

    if request.method == "POST":
        return _do(request, case, form_class(request.POST, request.FILES), act, show)
    if case.state not in states:
        messages.info(request, _("This cannot be done now. Here is where your request stands."))
        return redirect(case)
    return show(case, form_class(initial={"version": case.version}), 200)


def _do(request: HttpRequest, case: Case, form: Form, act: Act, show: Show) -> HttpResponse:
    """Back to the request with what was done; else the form again, with what was typed and why it was not done."""
    if not form.is_valid():
        return show(case, form, 200)
    actor = Actor.online(cast(User, request.user), case.customer)
    try:
        sentence = act(case, actor, form.cleaned_data)
    except (MoveRefusedError, StaleCaseError) as error:
        now = cases.case_for(request.user, case.reference)
        form.add_error(None, str(error))
        form.data = {**cast(QueryDict, form.data).dict(), "version": str(now.version)}
        return show(now, form, CONFLICT)
    messages.success(request, sentence)
    return redirect(case)


def _answer(case: Case, actor: Actor, said: dict[str, Any]) -> str:
    """The photo first, so that the answer is the last act, by which a double click is known; nothing when stale."""
    is_current = case.state == CaseState.WAITING and case.version == said["version"]
    if said["photo"] and is_current:
        services.attach_photo(case, actor=actor, photo=said["photo"])
    if said["file"] and is_current:
        services.attach_file(case, actor=actor, file=said["file"])
    services.answer_question(case, actor=actor, answer=said["answer"], version=said["version"])
    return _("Thank you. We have your answer and go on with your request.")


def _reopen(case: Case, actor: Actor, said: dict[str, Any]) -> str:
    services.reopen_case(case, actor=actor, why=said["why"], version=said["version"])
    return _("We have opened your request again. The page says by when we look at it.")


def _withdraw(case: Case, actor: Actor, said: dict[str, Any]) -> str:
    services.withdraw_case(case, actor=actor, why=said["why"], version=said["version"])
    return _("You withdrew this request. We have stopped.")


def _photo(case: Case, actor: Actor, said: dict[str, Any]) -> str:
    if not case.is_open:
        raise MoveRefusedError(_("We are done with this request, so a photo would not be seen. Open it again first."))
    services.attach_photo(case, actor=actor, photo=said["photo"])
    return _("We have your photo.")


def _file(case: Case, actor: Actor, said: dict[str, Any]) -> str:
    if not case.is_open:
        raise MoveRefusedError(_("We are done with this request, so a file would not be seen. Open it again first."))
    services.attach_file(case, actor=actor, file=said["file"], caption=said["caption"])
    return _("We have your file.")
