"""Save and go on later: a link by e-mail, and the way back through it."""

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.smartforms.models import SmartForm
from portal.smartforms.running import door, saving
from portal.smartforms.running.forms import SaveForm
from portal.smartforms.running.returning import is_good, link_of, send_link, use_link
from portal.smartforms.running.run import Run
from portal.smartforms.running.views import run_page

_LIMIT = "30/h/ip"  # a library has one address for many people; five a day for each form beside it


@require_safe
@run_page
def back(request: HttpRequest, run: Run) -> HttpResponse:
    if run.asked and not run.draft.seen:
        return redirect("form_more", slug=run.draft.form.slug, draft_id=run.draft.pk)
    return redirect(run.here_url)


@require_http_methods(["GET", "HEAD", "POST"])
@run_page
def save(request: HttpRequest, run: Run) -> HttpResponse:
    form = SaveForm(request.POST if request.method == "POST" else None, initial={"email": _known_email(run)})
    if form.is_valid():
        if not ratelimit.consume(request, action="form_link", config={"form_link": _LIMIT}, app="smartforms"):
            return ratelimit.respond_429(request)
        saving.keep_email(run, form.cleaned_data["email"])
        if send_link(run.draft):
            return render(request, "smartforms/run/saved.html", run.context())
        form.add_error("email", _("We have sent as many links today as we may. Use the latest, or try again tomorrow."))
    return render(request, "smartforms/run/save.html", run.context(form=form))


def _known_email(run: Run) -> str:
    return run.draft.email or (run.party.customer.email if run.party.customer else "")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def come_back(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The link is used up by a button: programs that look at links in mail do not press it."""
    form = get_object_or_404(SmartForm, slug=slug)
    link = link_of(slug, token)
    good = is_good(link)
    if request.method == "POST" and link and good:
        secret = door.new_secret()
        draft = use_link(link, secret)
        if draft:
            way_back = redirect("form_back", slug=slug, draft_id=draft.pk)
            door.keep_secret(request, way_back, draft, secret)
            return way_back
        good = False
    response = render(request, "smartforms/run/return.html", {"smart_form": form, "is_good": good, "token": token})
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


@require_POST
@never_cache
def link_again(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """A used link leads to a new one, by e-mail only: whoever found the old one in a mailbox learns nothing here."""
    form = get_object_or_404(SmartForm, slug=slug)
    if len(token) > 100:
        raise Http404
    link = link_of(slug, token)
    if link:
        send_link(link.draft)
    return render(request, "smartforms/run/link_again.html", {"smart_form": form})
