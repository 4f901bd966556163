"""One back office for administrators: what it is told, how, with which secret, and whether it answers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.customers.permissions import staff_required
from portal.cases.delivery import setting
from portal.cases.delivery.kinds import RefusedError, kind_named
from portal.cases.models import BackOffice, OfficeChange
from portal.cases.selectors.offices import changes_of, ending_secrets_of, pauses_of
from portal.workbench.forms.office_settings import AT_ONCE, NewOfficeForm, OfficeForm, SecretForm, TryForm
from portal.workbench.views.common import staff_of
from portal.workbench.views.offices import ADD, SET, VIEW

_SHOWN = 50


@require_safe
@never_cache
@staff_required(VIEW, SET)
def office_page(request: HttpRequest, slug: str) -> HttpResponse:
    office = get_object_or_404(BackOffice, slug=slug)
    context = {
        "office": office,
        "kind": kind_named(office.kind),
        "test": TryForm(request=request),
        "ending": ending_secrets_of(office),
        "changes": changes_of(office)[:_SHOWN],
        "pauses": pauses_of(office)[:_SHOWN],
    }
    return render(request, "workbench/office.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW, ADD)
def new_office(request: HttpRequest) -> HttpResponse:
    office = BackOffice(is_active=True, kind="webhook")
    answers = request.POST if request.method == "POST" else None
    form = NewOfficeForm(answers, office=office, initial=OfficeForm.initial_of(office), request=request)
    key = form.cleaned_data.get("submission_key") if form.is_bound and not form.is_valid() else None
    if key and (made := OfficeChange.objects.filter(submission_key=key).select_related("office").first()):
        return redirect("staff_office", made.office.slug)  # this form was sent before
    return _save(request, form) or render(request, "workbench/office_set.html", {"form": form, "is_new": True})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW, SET)
def set_office(request: HttpRequest, slug: str) -> HttpResponse:
    office = get_object_or_404(BackOffice, slug=slug)
    answers = request.POST if request.method == "POST" else None
    form = OfficeForm(answers, office=office, initial=OfficeForm.initial_of(office))
    return _save(request, form) or render(request, "workbench/office_set.html", {"form": form, "office": office})


def _save(request: HttpRequest, form: OfficeForm) -> HttpResponse | None:
    """Nothing, when something is wrong: the form says what."""
    if not (form.is_bound and form.is_valid()):
        return None
    said = form.cleaned_data
    try:
        done = setting.set_office(
            form.wanted(),
            said["services"],
            by=staff_of(request),
            key_of_theirs=said["key_of_theirs"],
            version=said["version"],
            submission_key=said.get("submission_key"),
        )
    except ValidationError as wrong:
        form.refuse(wrong)
        return None
    except IntegrityError:  # another was given this name, or the same form was sent, at the same moment
        form.add_error(None, _("Somebody made a back office at the same moment. Look at the list, then send it again."))
        return None
    except setting.StaleOfficeError as stale:
        _say_what_changed(form, stale.office)
        return None
    if done.secret:
        return _show(request, done.office, done.secret)
    if done.changes:
        messages.success(request, _("%(office)s is set.") % {"office": done.office})
    else:
        messages.info(request, _("Nothing was changed: it stands so already."))
    return redirect("staff_office", done.office.slug)


def _say_what_changed(form: OfficeForm, now: BackOffice) -> None:
    """Sent again, what is in the form counts."""
    latest = changes_of(now).first()
    words = _("Somebody set this back office after you opened the page. Look at what is below, and send it again.")
    form.add_error(None, [words, *(latest.words.splitlines() if latest else [])])  # type: ignore[arg-type]
    answers = form.data.copy() if isinstance(form.data, QueryDict) else dict(form.data)
    answers["version"] = str(now.version)
    form.data = answers


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW, SET)
def secret(request: HttpRequest, slug: str) -> HttpResponse:
    office = get_object_or_404(BackOffice, slug=slug)
    if not _signs(office):
        raise Http404
    form = SecretForm(request.POST if request.method == "POST" else None, request=request)
    if not form.is_valid():
        return render(request, "workbench/office_secret_new.html", {"form": form, "office": office})
    said = form.cleaned_data
    at_once, key = said["ends"] == AT_ONCE, said["submission_key"]
    if made := setting.make_secret(office, by=staff_of(request), at_once=at_once, submission_key=key):
        return _show(request, office, made)
    messages.info(
        request, _("This form has made a secret already, and it was shown. If you have not kept it, make another.")
    )
    return redirect("staff_office", office.slug)


def _signs(office: BackOffice) -> bool:
    try:
        return kind_named(office.kind).signs
    except RefusedError:
        return False


def _show(request: HttpRequest, office: BackOffice, made: str) -> HttpResponse:
    """It is in this answer and nowhere afterwards."""
    context = {"office": office, "secret": made, "ending": ending_secrets_of(office)}
    return render(request, "workbench/office_secret.html", context)


@require_POST
@never_cache
@staff_required(VIEW, SET)
def send_test(request: HttpRequest, slug: str) -> HttpResponse:
    office = get_object_or_404(BackOffice, slug=slug)
    form = TryForm(request.POST, request=request)
    if not form.is_valid():
        messages.warning(request, str(next(iter(form.errors.values()))[0]))
        return redirect("staff_office", office.slug)
    answer = setting.try_office(office, by=staff_of(request), submission_key=form.cleaned_data["submission_key"])
    if answer is None:
        messages.info(request, _("This test was sent already."))
    elif answer[0]:
        messages.success(request, answer[1])
    else:
        messages.warning(
            request, _("The test was not taken. %(office)s said: %(words)s") % {"office": office, "words": answer[1]}
        )
    return redirect("staff_office", office.slug)
