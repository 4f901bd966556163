"""Staff read reports before everybody does: what of the words and pictures may be shown."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.cases.errors import StaleCaseError
from portal.reports.forms import ReleaseForm
from portal.reports.pictures import pictures_of
from portal.reports.selectors import report_for_staff, to_check
from portal.reports.services import release

RELEASE = "reports.release_publicreport"
VIEW_CASES = "cases.view_case"
PAGE_SIZE = 50


@require_safe
@never_cache
@staff_required(VIEW_CASES, RELEASE)
def check_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(to_check(cast(User, request.user)), PAGE_SIZE).get_page(request.GET.get("page", "1"))
    return render(request, "reports/staff_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW_CASES, RELEASE)
def check(request: HttpRequest, reference: str) -> HttpResponse:
    user = cast(User, request.user)  # `staff_required` let nobody else in
    report = report_for_staff(user, reference)
    pictures = pictures_of(report.case)
    form = ReleaseForm(request.POST if request.method == "POST" else None, report=report, pictures=pictures)
    if form.is_valid():
        said = form.cleaned_data
        try:
            release(
                report,
                actor=user,
                words=said["words"],
                pictures=form.chosen(),
                shows_media=said.get("shows_media", False),
                version=said["version"],
            )
        except StaleCaseError as stale:
            form.add_error(None, str(stale))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Everybody sees it so now."))
            return redirect("staff_reports")
    context = {"report": report, "case": report.case, "form": form, "pictures": pictures}
    return render(request, "reports/staff_check.html", context)
