"""/staff/rounds/assisted/: the homes whose bins the crews fetch; granting, reviewing and ending. Readings are kept."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.customers.services import record_readings
from barnet.kit.wording import date_long
from portal.cases.models import Case
from portal.cases.selectors import case_for_staff
from portal.cases.services import MoveRefusedError, StaleCaseError
from portal.waste.assisted.forms import ConfirmForm, EndForm, GrantForm, MoveBinsForm
from portal.waste.assisted.selectors import CHANGE, VIEW, arrangement_for_staff, crew_list, request_of
from portal.waste.assisted.services import REVIEW_AFTER, confirm_need, end_assistance, grant_assistance, move_bins
from portal.waste.models import AssistedCollection, Round

_PAGE_SIZE = 50
_PURPOSE = "assisted collections"


@require_safe
@staff_required(VIEW)
def crew_sheet(request: HttpRequest) -> HttpResponse:
    """The homes of a round, or of all rounds, in the order of the streets."""
    chosen = request.GET.get("round", "")[:30].replace("\x00", "")
    page = Paginator(crew_list(chosen), _PAGE_SIZE).get_page(request.GET.get("page", "1"))
    held = list(page.object_list)
    record_readings(
        actor=_user(request),
        read=[(one.customer, f"assisted collection {one.pk}") for one in held],
        purpose=f"list of assisted collections {chosen}".strip(),
    )
    context = {
        "page": page,
        "held": held,
        "rounds": Round.objects.filter(collections__address__in=_homes()).distinct().order_by("code"),
        "chosen": chosen,
        "today": timezone.localdate(),
    }
    return render(request, "waste/staff/assisted_list.html", context)


def _homes() -> Any:
    return AssistedCollection.objects.not_over(timezone.localdate()).values("address")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("cases.view_case", VIEW, CHANGE)
def grant(request: HttpRequest, reference: str) -> HttpResponse:
    case = case_for_staff(_user(request), reference, purpose=_PURPOSE)
    asked = request_of(case)
    if asked is None or not (case.is_open or request.method == "POST"):
        messages.warning(request, _("There is nothing to grant here."))
        return redirect("staff_case", case.reference)
    today = timezone.localdate()
    initial = {
        "version": case.version,
        "from_on": today,
        "until": asked.until,
        "review_on": today + REVIEW_AFTER,
        "stands": asked.stands,
        "place": asked.place,
        "gate_code": asked.gate_code,
    }
    form = GrantForm(_posted(request), request=request, initial=initial)
    if form.is_valid() and (held := _granted(case, request, form)):
        messages.success(request, _("Granted. The customer is told now, and the crew’s list has it."))
        return redirect("staff_assisted", pk=held.pk)
    return render(request, "waste/staff/assisted_grant.html", {"case": case, "form": form})


def _granted(case: Case, request: HttpRequest, form: GrantForm) -> AssistedCollection | None:
    try:
        return grant_assistance(
            case,
            form.terms,
            actor=Actor.staff(_user(request)),
            public_reason=form.cleaned_data["public_reason"],
            version=form.cleaned_data["version"],
        )
    except ValidationError as error:
        for name, problems in error.message_dict.items():
            form.add_error(name, problems)
    except StaleCaseError as stale:
        form.add_error(None, str(stale))
        form.data = {**{name: request.POST[name] for name in request.POST}, "version": str(stale.case.version)}
    except MoveRefusedError as refusal:
        form.add_error(None, str(refusal))
    return None


@require_safe
@staff_required(VIEW)
def arrangement(request: HttpRequest, pk: int) -> HttpResponse:
    held = arrangement_for_staff(_user(request), pk, purpose=_PURPOSE)
    rows = [
        (_("Home"), held.address.one_line),
        (_("Customer"), held.customer or held.case.contact_name or held.email or _("Not given")),
        (_("From"), date_long(held.from_on)),
        (_("Last day"), date_long(held.last_on) if held.last_on else _("As long as it is needed")),
        (_("Where the bins stand"), held.where),
        (_("Code of the gate"), held.gate_code or _("None")),
        (_("Review by"), date_long(held.review_on)),
        (_("Asked whether it is still needed"), date_long(held.review_asked_at) if held.review_asked_at else _("No")),
    ]
    context = {
        "held": held,
        "rows": rows,
        "is_over": held.is_over(timezone.localdate()),
        "may_change": _user(request).has_perm(CHANGE),
        "may_see_case": _user(request).has_perm("cases.view_case"),
    }
    return render(request, "waste/staff/assisted.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, CHANGE)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    held = arrangement_for_staff(_user(request), pk, purpose=_PURPOSE)
    form = ConfirmForm(_posted(request), initial={"review_on": timezone.localdate() + REVIEW_AFTER})

    def save() -> object:
        return confirm_need(held, actor=Actor.staff(_user(request)), review_on=form.cleaned_data["review_on"])

    return _act(request, held, form, save, title=_("They still need it"), button=_("Save"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, CHANGE)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    held = arrangement_for_staff(_user(request), pk, purpose=_PURPOSE)
    initial = {"stands": held.stands, "place": held.place, "gate_code": held.gate_code}
    form = MoveBinsForm(_posted(request), initial=initial)

    def save() -> object:
        return move_bins(held, form.where, actor=Actor.staff(_user(request)))

    return _act(request, held, form, save, title=_("Where the bins stand"), button=_("Save"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(VIEW, CHANGE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    held = arrangement_for_staff(_user(request), pk, purpose=_PURPOSE)
    form = EndForm(_posted(request))

    def save() -> object:
        return end_assistance(held, actor=Actor.staff(_user(request)), why=form.cleaned_data["why"])

    return _act(request, held, form, save, title=_("End the assisted collection"), button=_("End it today"))


def _act(
    request: HttpRequest, held: AssistedCollection, form: Form, save: Callable[[], object], *, title: str, button: str
) -> HttpResponse:
    if not form.is_valid():
        context = {"held": held, "form": form, "title": title, "button": button}
        return render(request, "waste/staff/assisted_act.html", context)
    try:
        save()
    except MoveRefusedError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("staff_assisted", pk=held.pk)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
