"""What was written, until somebody has dealt with it; and figures."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.kit.periods import PeriodForm
from barnet.kit.spreadsheets import csv_file, csv_lines
from portal.feedback.forms import SettleForm
from portal.feedback.selectors import BY, Satisfaction, page_votes, remarks, satisfaction
from portal.feedback.services import settle

VIEW = "feedback.view_remark"
SETTLE = "feedback.change_remark"
VIEW_FIGURES = "cases.view_figures"
PAGE_SIZE = 50
_PAGES = "page"


@require_safe
@never_cache
@staff_required(VIEW)
def remark_list(request: HttpRequest) -> HttpResponse:
    is_settled = request.GET.get("show") == "settled"
    page = Paginator(remarks(settled=is_settled), PAGE_SIZE).get_page(request.GET.get("page", "1"))
    return render(request, "feedback/staff_list.html", {"page": page, "is_settled": is_settled})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW, SETTLE)
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    found = remarks(settled=False).filter(pk=pk).first() or remarks(settled=True).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = SettleForm(request.POST if request.method == "POST" and not found.settled_at else None)
    if form.is_valid():
        settle(found, actor=cast(User, request.user), note=form.cleaned_data["note"])
        messages.success(request, _("It is off the list."))
        return redirect("staff_feedback")
    may_see_case = bool(found.survey) and cast(User, request.user).has_perm("cases.view_case")
    return render(request, "feedback/staff_remark.html", {"remark": found, "form": form, "may_see_case": may_see_case})


@require_safe
@staff_required(VIEW_FIGURES)
def figures(request: HttpRequest) -> HttpResponseBase:
    form = PeriodForm(request.GET)
    by = request.GET.get("by", "service")
    by = by if by in BY or by == _PAGES else "service"
    context = {"form": form, "by": by, "choices": [*BY.items(), (_PAGES, _("Page"))]}
    if not form.is_valid():
        return render(request, "feedback/figures.html", context, status=400)
    head, rows = _page_table(form) if by == _PAGES else _table(by, form)
    if request.GET.get("format") == "csv":
        return csv_file("satisfaction", csv_lines(head, rows))
    query = request.GET.copy()
    query.pop("format", None)
    context |= {"head": head, "rows": rows, "query": query.urlencode(), **form.cleaned_data}
    return render(request, "feedback/figures.html", context)


def _table(by: str, form: PeriodForm) -> tuple[list[str], list[list[object]]]:
    head = [str(BY[by]), _("Asked"), _("Answered"), _("Satisfied"), _("Dissatisfied"), _("Satisfied, per cent")]
    return head, [_cells(line) for line in satisfaction(by, form.first, form.end)]


def _cells(line: Satisfaction) -> list[object]:
    share = _("too few") if line.share is None else line.share
    return [str(line.name), line.asked, line.answered, line.satisfied, line.unhappy, share]


def _page_table(form: PeriodForm) -> tuple[list[str], list[list[object]]]:
    return [_("Page"), _("Useful"), _("Not useful")], [list(row) for row in page_votes(form.first, form.end)]
