"""Reference and address, then the code, then the request. Its own address holds the reference, and opens nothing."""

from collections.abc import Callable
from functools import wraps

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from barnet.customers.actors import Actor
from barnet.kit.act_forms import LONGEST_TEXT, VersionForm
from portal.cases import selectors as cases
from portal.cases import services
from portal.cases.enums import CaseState
from portal.cases.errors import MoveRefusedError, StaleCaseError
from portal.cases.models import Case
from portal.cases.registry import answer_links_of
from portal.tracking import proving
from portal.tracking.forms import AnswerForm, CodeForm, ReopenForm, TrackForm

# Codes that one address of the internet and one request may ask for: a library has one address for many people.
_BY_ADDRESS, _BY_REFERENCE = "60/h/ip", "5/h/key"
CONFLICT, TOO_MANY = 409, 429


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing of these pages stays in a cache or a search engine."""

    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, **kwargs: str) -> HttpResponse:
        response = view(request, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    form = TrackForm(request.POST if request.method == "POST" else None, initial=_named(request))
    if form.is_valid():
        reference = form.cleaned_data["reference"]
        if not (_may_ask(request, "track_ip", _BY_ADDRESS) and _may_ask(request, "track", _BY_REFERENCE, reference)):
            form.add_error(None, _("Too many codes were asked for. Use the newest that came, or try again in an hour."))
            return render(request, "tracking/start.html", {"form": form}, status=TOO_MANY)
        proving.ask(request.session, reference, form.cleaned_data["contact"])
        return redirect("track_code")
    return render(request, "tracking/start.html", {"form": form})


def _named(request: HttpRequest) -> dict[str, str]:
    """A link in a message names the request."""
    return {"reference": request.GET.get("reference", "")[:40]}


def _may_ask(request: HttpRequest, action: str, rate: str, key: str | None = None) -> bool:
    return bool(ratelimit.consume(request, app="tracking", action=action, config={action: rate}, key=key))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def code(request: HttpRequest) -> HttpResponse:
    if not proving.is_asked(request.session):
        messages.info(request, _("The code is used up or too old. Ask for a new one."))
        return redirect("track")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        case = proving.open_with(request.session, form.cleaned_data["code"])
        if case:
            return redirect("track_request", case.reference)
        if not proving.is_asked(request.session):
            messages.error(request, _("That was not the code, and there were too many tries. Ask for a new one."))
            return redirect("track")
        form.add_error("code", _("This is not the code that we sent. Check it, or ask for a new one."))
    return render(request, "tracking/code.html", {"form": form, "minutes": proving.CODE_MINUTES})


@require_http_methods(["GET", "HEAD", "POST"])
@private
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Whoever has not opened this request in this browser starts at the beginning."""
    case = proving.opened_case(request.session, reference)
    if case is None:
        return redirect("track")
    form_class = _form_of(case)
    if request.method != "POST":
        return _show(request, case, form_class(initial={"version": case.version}) if form_class else None)
    if form_class is None:
        return _show(request, case, None, written=request.POST.get("words", "")[:LONGEST_TEXT], status=CONFLICT)
    form = form_class(request.POST)
    if not form.is_valid():
        return _show(request, case, form)
    try:
        sentence = _act(case, form)
    except (MoveRefusedError, StaleCaseError) as refusal:
        form.add_error(None, str(refusal))
        form.data = {"words": form.cleaned_data["words"], "version": str(case.version)}
        return _show(request, case, form, status=CONFLICT)
    messages.success(request, sentence)
    return redirect("track_request", reference)


def _form_of(case: Case) -> type[VersionForm] | None:
    """What the person can say to it now: an answer, or that it is not fixed."""
    if case.state == CaseState.WAITING and not answer_links_of(case):
        return AnswerForm
    return ReopenForm if case.state == CaseState.RESOLVED else None


def _act(case: Case, form: VersionForm) -> str:
    words, version = form.cleaned_data["words"], form.cleaned_data["version"]
    if isinstance(form, AnswerForm):
        services.answer_question(case, actor=Actor.visitor(), answer=words, version=version)
        return _("Thank you. We have your answer and go on with your request.")
    services.reopen_case(case, actor=Actor.visitor(), why=words, version=version)
    return _("We have opened your request again. The page says by when we look at it.")


def _show(
    request: HttpRequest, case: Case, form: VersionForm | None, *, written: str = "", status: int = 200
) -> HttpResponse:
    """`written`: what was not sent, because the request changed meanwhile."""
    state = CaseState(case.state)
    context = {
        "case": case,
        "state": state,
        "is_late": case.is_late(timezone.localdate()),
        "question": cases.open_question(case),
        "outcome": cases.outcome_label(case) if state == CaseState.RESOLVED else "",
        "timeline": list(reversed(cases.public_timeline(case))),
        "form": form,
        "written": written,
        "has_account": case.customer is not None and case.customer.user_id is not None,
    }
    return render(request, "tracking/request.html", context, status=status)


@require_POST
@never_cache
def finish(request: HttpRequest) -> HttpResponse:
    proving.finish(request.session)
    messages.success(request, _("Nothing of your request is left in this browser."))
    return redirect("track")
