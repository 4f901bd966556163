"""What was reported: the list with its map, one report, and following it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.acting_for.serving import party_for
from portal.cases.enums import CaseState
from portal.cases.errors import MoveRefusedError
from portal.reports.following import ask_to_follow, follow, read_proof
from portal.reports.forms import FollowForm, LookForm
from portal.reports.models import PublicReport
from portal.reports.places import map_of, map_of_one
from portal.reports.selectors import Looking, history, public_sentence, report_named, reports

PAGE_SIZE = 20


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    form = LookForm(request.GET)
    is_valid = form.is_valid()
    looking = form.looking() if is_valid else Looking()
    page = Paginator(reports(looking), PAGE_SIZE).get_page(request.GET.get("page", "1")) if is_valid else None
    rows = list(page.object_list) if page else []
    context = {"form": form, "page": page, "rows": rows, "map": map_of(rows, _("Where the reports of this page are"))}
    return render(request, "reports/list.html", context, status=200 if is_valid else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report_page(request: HttpRequest, reference: str) -> HttpResponse:
    report = report_named(reference)
    customer = party_for(request, service=report.case.service).customer
    form = FollowForm(
        request.POST if request.method == "POST" else None, request=request, is_known=customer is not None
    )
    if not (report.case.is_open and form.is_valid()):
        return _report_page(request, report, form)
    try:
        if customer:
            follow(report, customer=customer)
            messages.success(request, _("We tell you what becomes of it."))
            return redirect("report", reference=report.case.reference)
    except MoveRefusedError as refusal:
        form.add_error(None, str(refusal))
        return _report_page(request, report, form)
    key = form.cleaned_data["submission_key"]
    ask_to_follow(report, form.cleaned_data["email"], submission_key=key)
    return render(request, "reports/follow_asked.html", {"report": report, "email": form.cleaned_data["email"]})


def _report_page(request: HttpRequest, report: PublicReport, form: FollowForm) -> HttpResponse:
    context = {
        "report": report,
        "case": report.case,
        "sentence": public_sentence(CaseState(report.case.state)),
        "state": CaseState(report.case.state),
        "photos": list(report.photos.all()),
        "history": list(reversed(history(report.case))),
        "map": map_of_one(report),
        "form": form if report.case.is_open else None,
        "is_known": "email" not in form.fields,
    }
    return render(request, "reports/report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow_confirm(request: HttpRequest, proof: str) -> HttpResponse:
    """A button, not the mere visit: programs that look at links before people do confirm nothing."""
    read = read_proof(proof)
    if read is None:
        return render(request, "reports/follow_old_link.html", status=404)
    report, email = read
    problem = ""
    if request.method == "POST":
        try:
            follow(report, email=email)
        except MoveRefusedError as refusal:
            problem = str(refusal)
    context = {"report": report, "is_done": request.method == "POST" and not problem, "problem": problem}
    return render(request, "reports/follow_confirm.html", context)


@require_safe
def photo(request: HttpRequest, reference: str, pk: int) -> FileResponse:
    """One that staff let everybody see."""
    report = report_named(reference)
    found = report.photos.filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-cache"
    return response
