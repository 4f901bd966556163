"""Order containers: choose → why, and about you → check your answers → sent.

What was chosen is part of the address; the other answers travel in the forms, and nothing is kept on the way. Nothing
that a form says is believed: the rules are asked again when the order is written.
"""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.catalogue.models import Service
from barnet.customers.acting_for.serving import Party, party_for
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import address_by_uprn
from portal.waste import browser
from portal.waste.orders import selectors
from portal.waste.orders.forms import REASON, ChooseContainersForm, OrderForm
from portal.waste.orders.models import SERVICE_SLUG
from portal.waste.orders.rules import KindChoice
from portal.waste.orders.services import NotOrderableError, Order, order_containers
from portal.waste.views.door import property_page, which_home

Chosen = list[tuple[KindChoice, int]]


@require_safe
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    return which_home(
        request,
        title=_("Order a bin or caddy"),
        back="/services/new-bin/",
        leads_to="containers_choose",
        outside=_("If you live outside Barnet, your own council brings your bins."),
    )


@require_safe
@never_cache
@property_page
def choose(request: HttpRequest, address: Address) -> HttpResponse:
    choices = selectors.orderable(address, timezone.localdate())
    initial = {code: number for code, number in request.GET.items() if isinstance(number, str) and number.isdecimal()}
    form = ChooseContainersForm(choices=choices, by_staff=_party(request).is_served, initial=initial)
    return _choose_page(request, address, choices, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@property_page
def tell(request: HttpRequest, address: Address) -> HttpResponse:
    """GET with what was chosen; POST from "check your answers", to change what was answered."""
    party = _party(request)
    choices = selectors.orderable(address, timezone.localdate())
    chosen = _chosen(request.POST or request.GET, choices, party)
    if isinstance(chosen, ChooseContainersForm):
        return _choose_page(request, address, choices, chosen)
    browser.mark_browser(request)
    answers = {**_known(party), **({key: request.POST[key] for key in request.POST} if request.POST else {})}
    answers.pop("submission_key", None)
    form = OrderForm(request=request, chosen=chosen, by_staff=party.is_served, initial=answers)
    return _tell_page(request, address, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@property_page
def check(request: HttpRequest, address: Address) -> HttpResponse:
    if request.method != "POST":
        return redirect("containers_choose", uprn=address.pk)
    party = _party(request)
    choices = selectors.orderable(address, timezone.localdate())
    chosen = _chosen(request.POST, choices, party)
    if isinstance(chosen, ChooseContainersForm):
        return _choose_page(request, address, choices, chosen, is_refused=True)
    if _answered(request.POST) - {choice.kind.code for choice, _number in chosen}:
        again = ChooseContainersForm(choices=choices, by_staff=party.is_served)
        return _choose_page(request, address, choices, again, is_refused=True)
    form = OrderForm(request.POST, request=request, chosen=chosen, by_staff=party.is_served)
    if not form.is_valid():
        return _tell_page(request, address, form)
    if "send" not in request.POST:
        return _check_page(request, address, form)
    return _send(request, address, form, party)


def _send(request: HttpRequest, address: Address, form: OrderForm, party: Party) -> HttpResponse:
    order = Order(
        address=address,
        lines=form.lines,
        actor=party.actor,
        submission_key=form.cleaned_data["submission_key"],
        customer=party.customer,
        contact=form.contact,
        note=form.cleaned_data["note"],
        receipt=form.cleaned_data.get("receipt", ""),
        is_by_staff=party.is_served,
    )
    try:
        receipts = order_containers(order)
    except NotOrderableError:
        choices = selectors.orderable(address, timezone.localdate())
        again = ChooseContainersForm(choices=choices, by_staff=party.is_served)
        return _choose_page(request, address, choices, again, is_refused=True)
    except ValidationError as error:
        form.add_error(None, error)
        return _tell_page(request, address, form)
    is_told = bool(order.contact.email or (party.customer and (party.customer.user_id or party.customer.email)))
    proof = browser.prove(request, address.pk, receipts, is_told=is_told)
    return redirect("containers_ordered", proof=proof)


@require_safe
@never_cache
def ordered(request: HttpRequest, proof: str) -> HttpResponse:
    """Only in the browser session that sent the order."""
    read = browser.read_proof(request, proof)
    if read is None:
        raise Http404
    uprn, results, is_told = read
    orders = selectors.orders_of([case_id for case_id, _result in results])
    if not orders:
        raise Http404
    context = {
        "address": address_by_uprn(str(uprn)),
        "receipts": [
            {"order": orders[case_id], "case": orders[case_id].case, "result": result}
            for case_id, result in results
            if case_id in orders
        ],
        "is_told": is_told,
        "party": party_for(request),
    }
    return render(request, "waste/orders/ordered.html", context)


# --- Pages ------------------------------------------------------------------------------------------------------------


def _choose_page(
    request: HttpRequest,
    address: Address,
    choices: list[KindChoice],
    form: ChooseContainersForm,
    *,
    is_refused: bool = False,
) -> HttpResponse:
    offered = {choice.kind.code for choice in form.choices}
    others = [choice for choice in choices if choice.kind.code not in offered]
    charged = [choice for choice in choices if choice.needs_payment and not _party(request).is_served]
    context = {
        "address": address,
        "form": form,
        "charged": charged,
        "others": [choice for choice in others if choice not in charged],
        "ways": selectors.ways_to_order() if charged else [],
        "is_refused": is_refused,
        "party": _party(request),
    }
    return render(request, "waste/orders/choose.html", context)


def _tell_page(request: HttpRequest, address: Address, form: OrderForm) -> HttpResponse:
    context = {
        "address": address,
        "form": form,
        "reasons": [form[name] for name in form.reason_names],
        "party": _party(request),
        "back": _choose_url(address, form),
    }
    return render(request, "waste/orders/tell.html", context)


def _check_page(request: HttpRequest, address: Address, form: OrderForm) -> HttpResponse:
    answers = form.cleaned_data
    change = _choose_url(address, form)
    rows = [
        (_("Address"), address.one_line),
        *(
            (f"{number} × {choice.kind.name}", line.reason.label, change)
            for (choice, number), line in zip(form.chosen, form.lines, strict=True)
        ),
        *([(_("Receipt"), answers["receipt"])] if "receipt" in answers else []),
        (_("Name"), answers["name"] or _("Not given")),
        (_("E-mail address"), answers["email"] or _("Not given")),
        (_("Telephone number"), answers["phone"] or _("Not given")),
        (_("For the driver"), answers["note"] or _("Nothing")),
    ]
    return render(request, "waste/orders/check.html", {"address": address, "form": form, "rows": rows, "back": change})


# --- Parts ------------------------------------------------------------------------------------------------------------


def _party(request: HttpRequest) -> Party:
    """Who orders, and for whom: an authority that does not reach this service is refused."""
    return party_for(request, service=get_object_or_404(Service, slug=SERVICE_SLUG))


def _known(party: Party) -> dict[str, str]:
    customer = party.customer
    return {"name": customer.name, "email": customer.email, "phone": customer.phone} if customer else {}


def _chosen(answers: QueryDict, choices: list[KindChoice], party: Party) -> Chosen | ChooseContainersForm:
    """What was chosen, or the form that says what is wrong with it."""
    form = ChooseContainersForm(answers, choices=choices, by_staff=party.is_served)
    if not form.is_valid() or not form.numbers:
        return form
    return [(choice, form.numbers[choice.kind.code]) for choice in form.choices if choice.kind.code in form.numbers]


def _answered(answers: QueryDict) -> set[str]:
    """The kinds that somebody told a reason for: one that may not be ordered any more is not left out silently."""
    return {name.removeprefix(REASON) for name in answers if name.startswith(REASON)}


def _choose_url(address: Address, form: OrderForm) -> str:
    numbers = {choice.kind.code: number for choice, number in form.chosen}
    return f"{reverse('containers_choose', args=[address.pk])}?{urlencode(numbers)}"
