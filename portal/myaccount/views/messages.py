"""The inbox: what we told the resident. Theirs alone, also while they act for somebody."""

import uuid
from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from barnet.customers.models import User
from barnet.notifications.selectors import inbox_for, message_for
from barnet.notifications.services import mark_read
from portal.cases.selectors import cases_for
from portal.myaccount.access import own_account

PAGE = 20


@require_safe
@own_account
def inbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(inbox_for(request.user).defer("body"), PAGE).get_page(request.GET.get("page"))
    return render(request, "myaccount/messages.html", {"page": page})


@require_safe
@own_account
def message(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Opening it is reading it."""
    user = cast(User, request.user)
    found = message_for(user, pk)
    mark_read(found)
    is_theirs = bool(found.about) and cases_for(user).filter(reference=found.about).exists()
    return render(request, "myaccount/message.html", {"message": found, "is_about_own_request": is_theirs})
