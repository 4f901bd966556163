"""The question after a closing, and the buttons below every page. Whoever has the link may answer: it shows nothing of
the person."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from portal.cases.errors import MoveRefusedError, StaleCaseError
from portal.feedback.forms import AgainForm, SurveyForm, VoteForm, VoteWordsForm
from portal.feedback.models import PageVote, Rating, Remark, Survey
from portal.feedback.services import answer_survey, may_open_again, open_again, remark_on, survey_of, vote

CONFLICT = 409
_VOTES = "60/h/ip"  # a library has one address for many people
_SALT = "portal.feedback.vote"
_read_and_write = require_http_methods(["GET", "HEAD", "POST"])


@_read_and_write
@never_cache
def survey(request: HttpRequest, token: str) -> HttpResponse:
    found = survey_of(token)
    if found is None:
        return _private(render(request, "feedback/old_link.html", status=404))
    form = SurveyForm(request.POST if request.method == "POST" and not found.answered_at else None)
    if form.is_valid():
        answer_survey(found, rating=Rating(form.cleaned_data["rating"]), words=form.cleaned_data["words"])
        return redirect("survey", token)
    if found.answered_at:
        return _thanks(request, found, token, AgainForm(initial={"version": found.case.version}))
    return _private(render(request, "feedback/survey.html", {"survey": found, "case": found.case, "form": form}))


@require_POST
@never_cache
def again(request: HttpRequest, token: str) -> HttpResponse:
    """It is not right: opened again, by whoever was asked."""
    found = survey_of(token)
    if found is None:
        return _private(render(request, "feedback/old_link.html", status=404))
    form = AgainForm(request.POST)
    if not form.is_valid():
        return _thanks(request, found, token, form)
    try:
        open_again(found, why=form.cleaned_data["why"], version=form.cleaned_data["version"])
    except (MoveRefusedError, StaleCaseError) as refusal:
        form.add_error(None, str(refusal))
        form.data = {"why": form.cleaned_data["why"], "version": str(found.case.version)}
        return _thanks(request, found, token, form, status=CONFLICT)
    messages.success(request, _("We have opened your request again, and tell you how it goes on."))
    return redirect("survey", token)


def _thanks(request: HttpRequest, found: Survey, token: str, form: AgainForm, status: int = 200) -> HttpResponse:
    context = {
        "survey": found,
        "case": found.case,
        "token": token,
        "form": form if may_open_again(found) or form.is_bound else None,
    }
    return _private(render(request, "feedback/thanks.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


@csrf_exempt  # below every page, also for browsers without cookies; it is nobody's, and changes nothing
@require_POST
@never_cache
def vote_on_page(request: HttpRequest) -> HttpResponse:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return render(request, "feedback/not_counted.html", status=403)
    if not ratelimit.consume(request, app="feedback", action="vote", config={"vote": _VOTES}):
        return ratelimit.respond_429(request)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return render(request, "feedback/not_counted.html", status=400)
    said = form.cleaned_data
    row = vote(page=said["page"], is_useful=said["useful"] == "yes", key=said["key"])
    return redirect("page_words", token_of(row))


@_read_and_write
@never_cache
def page_words(request: HttpRequest, token: str) -> HttpResponse:
    row = _vote_of(token)
    if row is None:
        return render(request, "feedback/not_counted.html", status=404)
    is_said = Remark.objects.filter(vote=row).exists()
    form = VoteWordsForm(request.POST if request.method == "POST" and not is_said else None)
    if form.is_valid():
        remark_on(row, form.cleaned_data["words"])
        return redirect("page_words", token)
    return _private(render(request, "feedback/page_words.html", {"vote": row, "form": None if is_said else form}))


def token_of(row: PageVote) -> str:
    return signing.Signer(salt=_SALT).sign(str(row.pk))


def _vote_of(token: str) -> PageVote | None:
    try:
        return PageVote.objects.filter(pk=int(signing.Signer(salt=_SALT).unsign(token))).first()
    except (signing.BadSignature, ValueError):
        return None
