"""/bins/…/assisted/: what it is → why → where and how long → contact → check → sent; and the arrangement afterwards.

Answers wait in the session of the browser, for a few homes at most, and travel in the last form, too. No page tells
whether the home has an assisted collection, or whether somebody asked for one.
"""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.catalogue.models import Service
from barnet.customers.acting_for.serving import Party, party_for
from barnet.customers.actors import Actor
from barnet.customers.consent.agreeing import StaleTextError
from barnet.customers.enums import Power
from barnet.customers.models import User
from barnet.customers.permissions import resident_required
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import address_by_uprn
from barnet.kit.wording import date_long
from portal.cases.services import MoveRefusedError
from portal.waste import browser
from portal.waste.assisted.enums import Need, Standing
from portal.waste.assisted.forms import STEPS, ApplicationForm, MoveBinsForm, answers_of
from portal.waste.assisted.purpose import text_of_today
from portal.waste.assisted.selectors import arrangement_for, arrangements_shown, sent_case
from portal.waste.assisted.services import (
    SERVICE_SLUG,
    Application,
    apply_for_assistance,
    confirm_need,
    end_assistance,
    move_bins,
)
from portal.waste.models import AssistedCollection
from portal.waste.views.door import property_page, which_home

_ANSWERS = "assisted"
_KEPT = 3
_AFTER = {"need": "place", "place": "contact", "contact": "check"}


@require_safe
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    return which_home(
        request,
        title=_("Help with putting your bins out"),
        back="/services/assisted-collection/",
        leads_to="assisted",
        outside=_("If you live outside Barnet, your own council collects your bins."),
    )


@require_safe
@never_cache
@property_page
def about(request: HttpRequest, address: Address) -> HttpResponse:
    party = _party(request)
    held = arrangements_shown(party).filter(address=address).first()
    is_asked = text_of_today() is not None
    return render(request, "waste/assisted/about.html", {"address": address, "held": held, "is_asked": is_asked})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@property_page
def step(request: HttpRequest, address: Address, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    party, kept = _party(request), _kept(request, address)
    if request.method != "POST":
        return _step_page(request, address, _opened(request, party, kept, step), step)
    form = _form(request, party, request.POST, step=step)
    if not form.is_valid():
        return _step_page(request, address, form, step)
    if form.cleaned_data.get("somebody_can") == "yes":
        return render(request, "waste/assisted/not_for_you.html", {"address": address})
    _keep(request, address, answers_of(request.POST, step=step), step)
    return redirect(_url(address, _AFTER[step]))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@property_page
def check(request: HttpRequest, address: Address) -> HttpResponse:
    party = _party(request)
    if request.method == "POST":
        return _send(request, address, party)
    kept = _kept(request, address)
    form = _form(request, party, kept)
    wrong = set() if form.is_valid() else form.errors.keys() - {"submission_key"}
    if wrong:
        return redirect(_url(address, _step_of(wrong)))
    return _check_page(request, address, form, kept)


def _send(request: HttpRequest, address: Address, party: Party) -> HttpResponse:
    form = _form(request, party, request.POST)
    if not form.is_valid() or form.cleaned_data["somebody_can"] == "yes":
        wrong = form.errors.keys() - {"submission_key"} or {"need"}
        if "submission_key" in form.errors and wrong == {"need"}:
            return _check_page(request, address, form, answers_of(request.POST))
        _keep(request, address, answers_of(request.POST))
        first = _step_of(wrong)
        return _step_page(request, address, _form(request, party, request.POST, step=first), first)
    answers = form.cleaned_data
    application = Application(
        address=address,
        actor=party.actor,
        submission_key=answers["submission_key"],
        need=answers["need"],
        need_words=answers["need_words"],
        place=form.where,
        text=form.today_text,  # type: ignore[arg-type]  # `clean_text` saw to it
        until=answers["until"],
        customer=party.customer,
        contact=form.contact,
    )
    try:
        receipt = apply_for_assistance(application)
    except StaleTextError as error:
        messages.warning(request, str(error))
        return redirect(_url(address, "need"))
    _forget(request, address)
    is_told = bool(form.contact.email or (party.customer and (party.customer.user_id or party.customer.email)))
    proof = browser.prove(request, address.pk, [receipt], is_told=is_told)
    return redirect("assisted_sent", proof=proof)


@require_safe
@never_cache
def sent(request: HttpRequest, proof: str) -> HttpResponse:
    """Only in the browser session that sent it."""
    read = browser.read_proof(request, proof)
    if read is None:
        raise Http404
    uprn, results, is_told = read
    case = sent_case(results)
    if case is None:
        raise Http404
    party = party_for(request)
    context = {"address": address_by_uprn(str(uprn)), "case": case, "is_told": is_told, "party": party}
    return render(request, "waste/assisted/sent.html", context)


# --- The arrangement --------------------------------------------------------------------------------------------------


@require_safe
@never_cache
@resident_required
def arrangement(request: HttpRequest, pk: int) -> HttpResponse:
    return _arrangement_page(request, arrangement_for(request.user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@resident_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    held = arrangement_for(request.user, pk, Power.ACT)
    if held.is_over(timezone.localdate()):
        return redirect("assisted_arrangement", pk=pk)
    initial = {"stands": held.stands, "place": held.place, "gate_code": held.gate_code}
    form = MoveBinsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        return _done(request, held, lambda: move_bins(held, form.where, actor=_actor(request, held)), _("We saved it."))
    return render(request, "waste/assisted/change.html", {"held": held, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@resident_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    held = arrangement_for(request.user, pk, Power.ACT)
    if request.method != "POST":
        return render(request, "waste/assisted/end.html", {"held": held})
    told = _("We have ended it. From tomorrow on, put your bins at the edge of your property.")
    return _done(request, held, lambda: end_assistance(held, actor=_actor(request, held)), told)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@resident_required
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A button, not the mere visit: programs look at links before people do."""
    held = arrangement_for(request.user, pk, Power.ACT)
    if request.method != "POST":
        return redirect("assisted_arrangement", pk=pk)
    told = _("Thank you. Our crew goes on fetching your bins.")
    return _done(request, held, lambda: confirm_need(held, actor=_actor(request, held)), told)


def _done(request: HttpRequest, held: AssistedCollection, act: Callable[[], object], told: str) -> HttpResponse:
    try:
        act()
    except MoveRefusedError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect("assisted_arrangement", pk=held.pk)


def _actor(request: HttpRequest, held: AssistedCollection) -> Actor:
    return Actor.online(cast(User, request.user), held.customer)


def _arrangement_page(request: HttpRequest, held: AssistedCollection) -> HttpResponse:
    today = timezone.localdate()
    rows = [
        (_("Home"), held.address.one_line),
        (_("Our crew fetches the bins"), _days(held)),
        (_("Where the bins stand"), held.where),
        (_("Code of the gate"), held.gate_code or _("None")),
        *([] if held.last_on else [(_("Next review"), date_long(held.review_on))]),
        (_("Request"), held.case.reference),
    ]
    context = {"held": held, "rows": rows, "is_over": held.is_over(today), "is_asked": held.review_asked_at is not None}
    return render(request, "waste/assisted/arrangement.html", context)


def _days(held: AssistedCollection) -> str:
    first = _("From %(day)s") % {"day": date_long(held.from_on)}
    return f"{first}, {_('until %(day)s') % {'day': date_long(held.last_on)}}" if held.last_on else first


# --- Pages and parts --------------------------------------------------------------------------------------------------


def _step_page(request: HttpRequest, address: Address, form: ApplicationForm, step: str) -> HttpResponse:
    before = {after: name for name, after in _AFTER.items()}.get(step)
    back = _url(address, before) if before else reverse("assisted", args=[address.pk])
    context = {"address": address, "form": form, "step": step, "party": _party(request), "back": back}
    return render(request, f"waste/assisted/step_{step}.html", context)


def _check_page(request: HttpRequest, address: Address, form: ApplicationForm, kept: dict[str, str]) -> HttpResponse:
    answers = form.cleaned_data
    need, place, contact = (_url(address, step) for step in STEPS)
    until = answers["until"]
    rows = [
        (_("Address"), address.one_line),
        (_("Why you cannot bring your bins out"), Need(answers["need"]).label, need),
        (_("What else we must know"), answers["need_words"] or _("Nothing"), f"{need}#id_need_words"),
        (_("Somebody over 16 at home who can do it"), _("No"), need),
        (_("Where the bins stand"), Standing(answers["stands"]).label, place),
        (_("How the crew finds them"), answers["place"] or _("Not given"), f"{place}#id_place"),
        (_("Code of a gate"), answers["gate_code"] or _("None"), f"{place}#id_gate_code"),
        (_("For how long"), date_long(until) if until else _("For as long as I need it"), place),
        (_("Name"), answers["name"], f"{contact}#id_name"),
        (_("E-mail address"), answers["email"] or _("Not given"), f"{contact}#id_email"),
        (_("Telephone number"), answers["phone"] or _("Not given"), f"{contact}#id_phone"),
    ]
    context = {"address": address, "form": form, "rows": rows, "kept": kept.items(), "back": contact}
    return render(request, "waste/assisted/check.html", context)


def _form(request: HttpRequest, party: Party, data: object, **more: object) -> ApplicationForm:
    customer = party.customer
    has_way = customer is not None and bool(customer.user_id or customer.email or customer.phone)
    return ApplicationForm(data, request=request, today_text=text_of_today(), has_way=has_way, **more)  # type: ignore[arg-type]


def _opened(request: HttpRequest, party: Party, kept: dict[str, str], step: str) -> ApplicationForm:
    """With what was given before, or what we know, and without complaints."""
    initial = _known(party) if step == "contact" else {}
    if _names(step) & kept.keys():
        bound = _form(request, party, kept, step=step)
        initial = {name: bound[name].value() for name in STEPS[step] if name != "text"}
    return _form(request, party, None, step=step, initial=initial)


def _step_of(wrong: set[str]) -> str:
    return next((step for step, names in STEPS.items() if wrong & set(names)), "need")


def _party(request: HttpRequest) -> Party:
    """Who asks, and for whom: an authority that does not reach this service is refused."""
    return party_for(request, service=get_object_or_404(Service, slug=SERVICE_SLUG))


def _known(party: Party) -> dict[str, object]:
    customer = party.customer
    return {"name": customer.name, "email": customer.email, "phone": customer.phone} if customer else {}


def _url(address: Address, step: str) -> str:
    if step == "check":
        return reverse("assisted_check", args=[address.pk])
    return reverse("assisted_step", args=[address.pk, step])


def _kept(request: HttpRequest, address: Address) -> dict[str, str]:
    return request.session.get(_ANSWERS, {}).get(str(address.pk), {})


def _keep(request: HttpRequest, address: Address, answers: dict[str, str], step: str = "") -> None:
    """The answers of a step take the place of all that it said before: a box that was emptied is empty."""
    browser.mark_browser(request)
    kept = request.session.get(_ANSWERS, {})
    mine = kept.pop(str(address.pk), {})
    others = {name: value for name, value in mine.items() if step and name not in _names(step)}
    newest = dict(list(kept.items())[1 - _KEPT :])
    request.session[_ANSWERS] = {**newest, str(address.pk): {**others, **answers}}


def _names(step: str) -> set[str]:
    return {*STEPS[step], *(f"until_{part}" for part in ("day", "month", "year") if step == "place")}


def _forget(request: HttpRequest, address: Address) -> None:
    kept = request.session.get(_ANSWERS, {})
    if kept.pop(str(address.pk), None) is not None:
        request.session[_ANSWERS] = kept
