"""What the portal would have sent, for whoever tries it out. Open to all, and therefore in development only."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from barnet.notifications.forms import MailboxSearchForm
from barnet.notifications.models import MailboxMail

PER_PAGE = 25


def development_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: int) -> HttpResponse:
        if not settings.DEVELOPMENT:
            raise Http404
        return view(request, **kwargs)

    return guarded


@require_safe
@never_cache
@development_only
def mail_list(request: HttpRequest) -> HttpResponse:
    form = MailboxSearchForm(request.GET)
    to = form.cleaned_data["to"].strip() if form.is_valid() else ""
    mails = MailboxMail.objects.filter(to__icontains=to) if to else MailboxMail.objects.all()
    page = Paginator(mails.defer("body"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/mailbox.html", {"form": form, "page": page, "to": to})


@require_safe
@never_cache
@development_only
def mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "notifications/mailbox_mail.html", {"mail": get_object_or_404(MailboxMail, pk=pk)})
