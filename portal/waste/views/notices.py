"""/staff/rounds/: what is not as usual, and how staff say so."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from portal.waste.enums import NoticeKind
from portal.waste.models import RoundNotice
from portal.waste.notice_forms import NoticeForm, RewordForm
from portal.waste.notices import StaleNoticeError, give_notice, reword_notice, withdraw_notice
from portal.waste.orders.deliveries import MAY_LIST

VIEW, ADD, CHANGE = "waste.view_roundnotice", "waste.add_roundnotice", "waste.change_roundnotice"
_PAGE_SIZE = 30


@require_safe
@staff_required(VIEW)
def notice_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    notices = RoundNotice.objects.select_related("round", "area").prefetch_related("wards")
    past = notices.exclude(last_on__gte=today, withdrawn_at=None).order_by("-last_on", "-id")
    context = {
        "current": notices.standing().filter(last_on__gte=today).order_by("first_on", "id"),
        "past": Paginator(past, _PAGE_SIZE).get_page(request.GET.get("page", "1")),
        "kinds": NoticeKind,
        "may_see_performance": request.user.has_perm("waste.view_roundrun"),  # type: ignore[union-attr]
        "may_see_assisted": request.user.has_perm("waste.view_assistedcollection"),  # type: ignore[union-attr]
        "may_see_deliveries": request.user.has_perms(MAY_LIST),  # type: ignore[union-attr]
        "may_see_fees": request.user.has_perm("waste.view_containerorder"),  # type: ignore[union-attr]
        "may_give": request.user.has_perm(ADD),  # type: ignore[union-attr]
    }
    return render(request, "waste/staff/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, ADD)
def new_notice(request: HttpRequest, kind: str) -> HttpResponse:
    """First the questions, then what the notice reaches, then it is given."""
    if kind not in NoticeKind.values:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = NoticeForm(posted, kind=NoticeKind(kind), request=request)
    if not form.is_valid() or "change" in request.POST:
        return render(request, "waste/staff/notice_new.html", {"form": form, "kind": NoticeKind(kind)})
    draft = form.draft()
    if "confirm" not in request.POST:
        return render(
            request,
            "waste/staff/notice_check.html",
            {
                "posted": [(name, request.POST[name]) for name in request.POST if name != "csrfmiddlewaretoken"],
                "kind": NoticeKind(kind),
                "notice": draft.unsaved(),
                "home_count": draft.home_count(),
                "wards": draft.wards(),
                "rounds": draft.rounds,
            },
        )
    try:
        notice = give_notice(draft, source_key=f"form:{form.cleaned_data['submission_key']}", by=_user(request))
    except ValidationError as error:
        form.add_problems(error.message_dict)
        return render(request, "waste/staff/notice_new.html", {"form": form, "kind": NoticeKind(kind)})
    messages.success(request, _("The notice stands. Residents see it now."))
    return redirect("staff_notice", pk=notice.pk)


@require_safe
@staff_required(VIEW)
def notice_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _notice(pk), None)


@require_POST
@staff_required(VIEW, CHANGE)
def reword(request: HttpRequest, pk: int) -> HttpResponse:
    notice = _notice(pk)
    form = RewordForm(request.POST, notice=notice)
    if not notice.is_standing:
        messages.warning(request, _("This notice was withdrawn. Give a new one instead."))
        return redirect("staff_notice", pk=pk)
    if not form.is_valid():
        return _page(request, notice, form)
    answers = form.cleaned_data
    try:
        reword_notice(
            notice,
            words=answers["words"],
            advice=answers["advice"],
            expected_at=form.expected_at(),
            seen_at=answers["seen_at"],
        )
    except StaleNoticeError:
        return _stale(request, pk)
    messages.success(request, _("Changed. Residents see it now."))
    return redirect("staff_notice", pk=pk)


@require_POST
@staff_required(VIEW, CHANGE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    withdraw_notice(_notice(pk))
    messages.success(request, _("Withdrawn. Collections are as usual again."))
    return redirect("staff_notice", pk=pk)


def _stale(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person wrote stays; what the colleague wrote is beside it."""
    notice = _notice(pk)
    answers = request.POST.copy()
    answers["seen_at"] = notice.changed_at.isoformat()
    form = RewordForm(answers, notice=notice)
    form.add_error(None, _("Somebody else changed this notice while you had it open. Read it, then decide again."))
    return _page(request, notice, form, status=409)


def _page(request: HttpRequest, notice: RoundNotice, form: RewordForm | None, status: int = 200) -> HttpResponse:
    may_change = notice.is_standing and request.user.has_perm(CHANGE)  # type: ignore[union-attr]
    context = {"notice": notice, "form": form or RewordForm(notice=notice), "may_change": may_change}
    return render(request, "waste/staff/notice.html", context, status=status)


def _notice(pk: int) -> RoundNotice:
    found = RoundNotice.objects.select_related("round", "area", "given_by").prefetch_related("wards")
    return get_object_or_404(found, pk=pk)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
