"""The desk: who waits, and the conversation with one of them."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.cases.errors import MoveRefusedError
from portal.cases.selectors import case_for_staff, cases_seen_by
from portal.chat.forms import LineForm
from portal.chat.live import event, last_seen, stream
from portal.chat.selectors import lines, waiting
from portal.chat.services import come_on_duty, go_off_duty, is_listened_to, say, still_on_duty

ANSWER = "chat.answer_chat"
VIEW_CASES = "cases.view_case"
PAGE_SIZE = 30
_SHOWN_LIVE = 30
_read_and_write = require_http_methods(["GET", "HEAD", "POST"])


@_read_and_write
@never_cache
@staff_required(VIEW_CASES, ANSWER)
def desk(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method == "POST":
        if request.POST.get("duty") == "on":
            come_on_duty(user)
            messages.success(request, _("You are on duty: customers see that they are answered now."))
        else:
            go_off_duty(user)
            messages.success(request, _("You are off duty."))
        return redirect("staff_chats")
    page = Paginator(waiting(user), PAGE_SIZE).get_page(request.GET.get("page", "1"))
    return render(request, "chat/desk.html", {"page": page, "is_on_duty": still_on_duty(user)})


@require_safe
@never_cache
@staff_required(VIEW_CASES, ANSWER)
def desk_live(request: HttpRequest) -> HttpResponse:
    """The first page of the list, as it is now."""
    user = cast(User, request.user)
    is_on_duty = still_on_duty(user)
    rows = list(waiting(user)[:_SHOWN_LIVE])
    drawn = render_to_string("chat/_waiting.html", {"rows": rows})
    return stream([event("waiting", {"count": len(rows), "html": drawn, "on_duty": is_on_duty})])


@_read_and_write
@never_cache
@staff_required(VIEW_CASES, ANSWER)
def conversation(request: HttpRequest, reference: str) -> HttpResponse:
    user = cast(User, request.user)
    case = case_for_staff(user, reference, purpose="conversation")
    still_on_duty(user)
    form = LineForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            said_now = form.cleaned_data
            say(case, actor=Actor.staff(user, Channel.WEB), text=said_now["text"], file=said_now["file"])
        except MoveRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("staff_chat", case.reference)
    said = lines(case, for_staff=True)
    context = {
        "case": case,
        "form": form,
        "lines": said,
        "last": said[-1].pk if said else 0,
        "is_there": is_listened_to(case),
    }
    return render(request, "chat/staff_conversation.html", context)


@require_safe
@never_cache
@staff_required(VIEW_CASES, ANSWER)
def live(request: HttpRequest, reference: str) -> HttpResponse:
    """More of what the page showed: the reading was recorded when it was opened."""
    user = cast(User, request.user)
    still_on_duty(user)
    case = cases_seen_by(user).select_related("customer").filter(reference=reference).first()
    if case is None:
        return stream([])
    said = lines(case, after=last_seen(request), for_staff=True)
    drawn = [event("line", render_to_string("chat/_line.html", {"line": line}), line.pk) for line in said]
    return stream([*drawn, event("state", {"live": is_listened_to(case), "open": case.is_open})])
