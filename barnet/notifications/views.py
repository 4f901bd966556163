"""Staff look after what could not be delivered."""

import uuid
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.customers.services import record_access
from barnet.notifications import selectors, services
from barnet.notifications.enums import MessageState
from barnet.notifications.forms import OutboxFilterForm, ResendForm
from barnet.notifications.models import Message
from barnet.notifications.paging import CappedPaginator

PER_PAGE = 25
VIEW = "notifications.view_message"
RESEND = "notifications.resend_message"


@require_safe
@never_cache
@staff_required(VIEW)
def message_list(request: HttpRequest) -> HttpResponse:
    form = OutboxFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else None
    found = selectors.outbox(**chosen) if chosen else Message.objects.none()
    page = CappedPaginator(found, PER_PAGE).get_page(request.GET.get("page"))
    state = chosen["state"] if chosen else ""
    return render(
        request,
        "notifications/message_list.html",
        {
            "form": form,
            "page": page,
            "is_given_up": state == MessageState.PARKED,
            "may_resend": state == MessageState.PARKED and request.user.has_perm(RESEND),
            "query": request.GET.urlencode(),
            "may_see_wordings": request.user.has_perm("notifications.view_messagetemplate"),
        },
    )


@require_safe
@never_cache
@staff_required(VIEW)
def message_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = cast(User, request.user)
    message = selectors.message_for_staff(user, pk)
    if not message.is_secret:
        record_access(actor=user, customer=message.customer, what=f"message {message.pk}", purpose=_("Sent messages"))
    return render(
        request,
        "notifications/message_detail.html",
        {
            "message": message,
            "attempts": message.attempts.all(),
            "is_given_up": message.state == MessageState.PARKED,
            "may_resend": user.has_perm(RESEND) and services.may_be_resent(message),
            "resend_address": services.resend_address(message),
        },
    )


@require_POST
@staff_required(VIEW, RESEND)
def message_resend(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    user = cast(User, request.user)
    message = selectors.message_for_staff(user, pk)
    _say(request, services.resend_many([message], by=user))
    return redirect("staff_message", pk=message.pk)


@require_POST
@staff_required(VIEW, RESEND)
def messages_resend(request: HttpRequest) -> HttpResponse:
    form = ResendForm(request.POST)
    if form.is_valid():
        chosen = selectors.outbox(state=MessageState.PARKED).filter(pk__in=form.cleaned_data["messages"])
        _say(request, services.resend_many(chosen, by=cast(User, request.user)))
    else:
        messages.warning(request, str(form.errors["messages"][0]))
    query = request.GET.urlencode()
    return redirect(reverse("staff_messages") + (f"?{query}" if query else ""))


def _say(request: HttpRequest, count: int) -> None:
    if count:
        text = ngettext("%(count)d message is on its way again.", "%(count)d messages are on their way again.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Nothing to do: it is on its way again already, or cannot be sent again."))
