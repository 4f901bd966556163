"""A question, then the conversation: for who is signed in, and for the browser that asked or has typed the code."""

from dataclasses import replace
from urllib.parse import urlencode

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.acting_for.serving import party_for
from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case
from portal.cases.services import ContactDetails
from portal.cases.serving import attachment_response
from portal.chat.access import conversation_of
from portal.chat.forms import BeginForm, LineForm
from portal.chat.live import event, last_seen, stream
from portal.chat.selectors import lines, sent_file_for
from portal.chat.services import begin, is_answered_now, listen, say
from portal.tracking import proving

CONFLICT, TOO_MANY = 409, 429
_BEGINS = "20/h/ip"
_read_and_write = require_http_methods(["GET", "HEAD", "POST"])


@_read_and_write
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    party = party_for(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = BeginForm(*sent, request=request, is_known=party.customer is not None)
    if form.is_valid():
        if not ratelimit.consume(request, app="chat", action="begin", config={"begin": _BEGINS}):
            form.add_error(None, _("Too many questions came from here. Yours is kept below: send it again in an hour."))
            return _start_page(request, form, status=TOO_MANY)
        said = form.cleaned_data
        contact = ContactDetails(name=said.get("name", ""), email=said.get("email", ""))
        case = begin(
            actor=_in_chat(party.actor),
            question=said["question"],
            submission_key=said["submission_key"],
            customer=party.customer,
            contact=contact,
            file=said["file"],
        )
        if party.customer is None:
            proving.open_here(request.session, case)
        return redirect("chat", case.reference)
    return _start_page(request, form)


def _start_page(request: HttpRequest, form: BeginForm, status: int = 200) -> HttpResponse:
    return render(request, "chat/start.html", {"form": form, "is_live": is_answered_now()}, status=status)


@_read_and_write
@never_cache
def conversation(request: HttpRequest, reference: str) -> HttpResponse:
    try:
        case, actor = conversation_of(request, reference)
    except Http404:
        if request.user.is_authenticated:
            raise
        return redirect(f"{reverse('track')}?{urlencode({'reference': reference[:40]})}")
    form = LineForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if not form.is_valid():
        return _page(request, case, form)
    try:
        say(case, actor=_in_chat(actor), text=form.cleaned_data["text"], file=form.cleaned_data["file"])
    except MoveRefusedError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, case, form, status=CONFLICT)
    if not is_answered_now():
        messages.success(request, _("We have your message, and tell you when we have answered."))
    return redirect("chat", case.reference)


def _page(request: HttpRequest, case: Case, form: LineForm, status: int = 200) -> HttpResponse:
    said = lines(case)
    context = {
        "case": case,
        "form": form,
        "lines": said,
        "last": said[-1].pk if said else 0,
        "is_live": is_answered_now(),
        "is_signed_in": request.user.is_authenticated,
    }
    response = render(request, "chat/conversation.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@never_cache
def file(request: HttpRequest, reference: str, pk: int) -> FileResponse:
    """Of this conversation, for who may read it: the visitor without an account, too."""
    case, _actor = conversation_of(request, reference)
    return attachment_response(sent_file_for(case, pk), is_saved=request.GET.get("download") == "1")


@require_safe
@never_cache
def live(request: HttpRequest, reference: str) -> HttpResponse:
    case, _actor = conversation_of(request, reference)
    listen(case)
    said = lines(case, after=last_seen(request))
    drawn = [event("line", render_to_string("chat/_line.html", {"line": line}), line.pk) for line in said]
    return stream([*drawn, event("state", {"live": is_answered_now(), "open": case.is_open})])


def _in_chat(actor: Actor) -> Actor:
    """While somebody answers it is a chat, else a message through the website. Staff who serve keep their channel."""
    return replace(actor, channel=Channel.CHAT) if actor.channel == Channel.WEB and is_answered_now() else actor
