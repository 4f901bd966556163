"""Who may act for me: the list, inviting, ending and prolonging; the same for the people of a business."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.customers import selectors
from barnet.customers.acting_for import business, delegating, inviting
from barnet.customers.acting_for.delegating import AuthorityRefusedError
from barnet.customers.acting_for.serving import Party
from barnet.customers.enums import AuthorityKind, BusinessRole, CustomerKind, EndedBy
from barnet.customers.models import Customer, Delegation, User
from portal.myaccount.access import own_account, person
from portal.myaccount.people.doors import recorded
from portal.myaccount.people.forms import BusinessForm, ColleagueForm, EndForm, InviteForm, LastDayForm


@require_safe
@own_account
def people(request: HttpRequest) -> HttpResponse:
    user, party, customer = person(request)
    if party.is_delegated:
        return _of_somebody_else(request, user, customer)
    today = timezone.localdate()
    context = {
        "given": _marked(selectors.authorities_given(customer), today),
        "held": _marked(selectors.authorities_held(customer), today),
        "invitations": selectors.invitations_of(customer),
        "received": selectors.invitations_to(user),
    }
    return render(request, "myaccount/people/people.html", context)


def _of_somebody_else(request: HttpRequest, user: User, customer: Customer) -> HttpResponse:
    """Of a business its people are shown; who else acts for a person is theirs alone."""
    if customer.kind != CustomerKind.BUSINESS:
        return render(request, "myaccount/people/not_yours.html", {"customer": customer})
    context = {
        "business": customer,
        "people": business.people_of(customer),
        "invitations": selectors.invitations_of(customer),
        "manages": business.manages(user, customer),
        "user_id": user.pk,
    }
    return render(request, "myaccount/people/business.html", context)


def _marked(authorities: Any, today: Any) -> list[tuple[Delegation, str]]:
    """Each with its state: in force, ran out, or not begun."""
    return [
        (one, _("Ran out") if one.is_over(today) else _("From later") if one.starts_on > today else "")
        for one in authorities
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@own_account
def invite(request: HttpRequest) -> HttpResponse:
    user, party, customer = person(request)
    form = _invite_form(request, user, party, customer)
    if form.is_valid():
        try:
            made = inviting.invite(customer, form.offer, by=user, submission_key=form.cleaned_data["submission_key"])
        except AuthorityRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _invited(request, made)
    return render(request, "myaccount/people/invite.html", {"form": form, "party": party, "customer": customer})


def _invite_form(request: HttpRequest, user: User, party: Party, customer: Customer) -> Any:
    posted = request.POST if request.method == "POST" else None
    if not party.is_delegated:
        return InviteForm(posted, request=request)
    role = business.role_in(user, customer)
    roles = [role_ for role_ in BusinessRole if business.may_give(role, role_)]
    if not roles:
        raise PermissionDenied
    return ColleagueForm(posted, request=request, roles=roles)


def _invited(request: HttpRequest, made: inviting.Made) -> HttpResponse:
    """The code is in this answer and nowhere else: the page comes from the form itself, not from an address."""
    if made.invitation.email:
        messages.success(request, _("We have written to %(email)s.") % {"email": made.invitation.email})
        return redirect("account_people")
    context = {
        "invitation": made.invitation,
        "code": inviting.spaced(made.code) if made.code else "",
        "code_address": settings.BASE_URL + reverse("account_invitation_code"),
    }
    return render(request, "myaccount/people/letter.html", context)


@require_POST
@own_account
@recorded("invitation")
def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    user, _party, _customer = person(request)
    invitation, _may_answer = selectors.invitation_for(user, pk)
    if not selectors.stands_for(user, invitation.principal):
        raise Http404
    if inviting.withdraw(invitation, by=user):
        messages.success(request, _("You withdrew the invitation. It no longer works."))
    else:
        messages.info(request, _("The invitation was answered or had ended before."))
    return redirect("account_people")


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
@recorded("authority")
def authority(request: HttpRequest, pk: int) -> HttpResponse:
    """One authority, seen from one of its sides, and how to end it."""
    user, _party, _customer = person(request)
    found, side = selectors.authority_for(user, pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _check_may_take(user, found, side)
        try:
            delegating.end_authority(found, by=user, side=side, reason=form.cleaned_data["reason"])
        except AuthorityRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It ended now. We have told both sides."))
            return redirect("account_people")
    return render(request, "myaccount/people/authority.html", _about(found, side) | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
@recorded("authority")
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Only the side that gave it prolongs it."""
    user, _party, _customer = person(request)
    found, side = selectors.authority_for(user, pk)
    if side != EndedBy.PRINCIPAL:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = LastDayForm(posted, initial={"ends_on": found.ends_on})
    if form.is_valid():
        _check_may_take(user, found, side)
        try:
            delegating.renew_authority(found, ends_on=form.cleaned_data["ends_on"])
        except AuthorityRefusedError as refusal:
            form.add_error("ends_on", str(refusal))
        else:
            messages.success(request, _("We have saved the last day, and told both sides."))
            return redirect("account_people")
    return render(request, "myaccount/people/renew.html", _about(found, side) | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def new_business(request: HttpRequest) -> HttpResponse:
    user, party, _customer = person(request)
    if party.is_delegated:
        return redirect("account_people")
    form = BusinessForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        answers = form.cleaned_data
        made = business.found_business(name=answers["name"], owner=user, submission_key=answers["submission_key"])
        messages.success(request, _("%(name)s is registered, and you are its owner.") % {"name": made})
        return redirect("account_acting_for")
    return render(request, "myaccount/people/new_business.html", {"form": form})


def _check_may_take(user: User, found: Delegation, side: EndedBy) -> None:
    """A manager does not touch owners."""
    if side != EndedBy.PRINCIPAL or found.kind != AuthorityKind.BUSINESS:
        return
    if not business.may_give(business.role_in(user, found.principal), found.role):
        raise PermissionDenied


def _about(found: Delegation, side: EndedBy) -> dict[str, Any]:
    return {
        "authority": found,
        "scope": delegating.scope_of(found.covers_everything, list(found.services.all())),
        "is_giver": side == EndedBy.PRINCIPAL,
        "is_over": found.is_over(timezone.localdate()),
        "is_ended": found.revoked_at is not None,
    }
