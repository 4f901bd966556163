"""What we hold and why. Theirs alone: whoever acts for somebody does not see it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from barnet.catalogue.models import Service
from barnet.customers.consent import agreeing
from barnet.customers.consent.agreeing import StaleTextError
from barnet.customers.keeping.holdings import holdings
from barnet.customers.models import Customer, PurposeText
from barnet.customers.reaching.needs_form import NeedsForm
from barnet.customers.selectors import needs_of, readings_of
from barnet.customers.services import set_needs
from barnet.kit.languages import in_english
from portal.cases.services import receive_case
from portal.myaccount.access import person, theirs_alone
from portal.myaccount.held.forms import AskForm
from portal.myaccount.held.telling import reading_in_words

READINGS_SHOWN = 5
PAGE = 20
ENQUIRY = "general-enquiry"


@require_http_methods(["GET", "HEAD", "POST"])
@theirs_alone
def needs(request: HttpRequest) -> HttpResponse:
    user, _party, customer = person(request)
    form = NeedsForm(request.POST if request.method == "POST" else None, held=needs_of(customer))
    if form.is_valid():
        set_needs(customer, form.told, by=user)
        messages.success(request, _("We have saved what you need."))
        return redirect("account_details")
    return render(request, "myaccount/held/needs.html", {"form": form})


@require_safe
@never_cache
@theirs_alone
def held(request: HttpRequest) -> HttpResponse:
    _user, _party, customer = person(request)
    newest = list(readings_of(customer)[: READINGS_SHOWN + 1])
    context = {
        "panels": [(holding, list(holding.rows(customer))) for holding in holdings()],
        "asked": agreeing.asked_of(customer),
        "readings": [reading_in_words(record) for record in newest[:READINGS_SHOWN]],
        "has_more": len(newest) > READINGS_SHOWN,
    }
    return render(request, "myaccount/held/held.html", context)


@require_safe
@never_cache
@theirs_alone
def readings(request: HttpRequest) -> HttpResponse:
    _user, _party, customer = person(request)
    page = Paginator(readings_of(customer), PAGE).get_page(request.GET.get("page"))
    shown = [reading_in_words(record) for record in page.object_list]
    return render(request, "myaccount/held/readings.html", {"page": page, "readings": shown})


@require_safe
@never_cache
@theirs_alone
def download(request: HttpRequest) -> HttpResponse:
    _user, _party, customer = person(request)
    response = JsonResponse(everything_on(customer), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="what-we-hold-{timezone.localdate()}.json"'
    return response


def everything_on(customer: Customer) -> dict[str, Any]:
    return {
        "made_at": timezone.now().isoformat(),
        "held": {
            holding.key: {
                "what": str(holding.title),
                "why": str(holding.why),
                "how_long": str(holding.how_long),
                "data": holding.everything(customer),
            }
            for holding in holdings()
        },
        "agreed": [
            {
                "purpose": consent.text.purpose.slug,
                "version": consent.text.version,
                "text": consent.text.wording,
                "is_given": consent.is_given,
                "at": consent.at.isoformat(),
            }
            for consent in customer.consents.select_related("text__purpose").order_by("at", "pk")
        ],
        "read_by_staff": [
            dict(zip(("when", "role", "what"), reading_in_words(record), strict=True))
            for record in readings_of(customer)
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@theirs_alone
def ask(request: HttpRequest) -> HttpResponse:
    """A wish about one's data becomes a request like any other, with a reference and a promise."""
    _user, party, customer = person(request)
    form = AskForm(request.POST if request.method == "POST" else None, request=request)
    if not form.is_valid():
        return render(request, "myaccount/held/ask.html", {"form": form})
    wanted = dict(AskForm.WHAT)[form.cleaned_data["what"]]
    with in_english():
        receipt = receive_case(
            get_object_or_404(Service, slug=ENQUIRY),
            actor=party.actor,
            submission_key=form.cleaned_data["submission_key"],
            title=_("What we hold: %(what)s") % {"what": wanted},
            details=[(_("What"), str(wanted)), (_("In their words"), form.cleaned_data["words"])],
            customer=customer,
        )
    messages.success(request, _("We have your request %(case)s.") % {"case": receipt.case.reference})
    return redirect(receipt.case)


@require_POST
@theirs_alone
def agree(request: HttpRequest) -> HttpResponse:
    user, party, customer = person(request)
    typed = request.POST.get("text", "")
    pk = int(typed) if typed.isdecimal() and len(typed) <= 9 else 0
    text = get_object_or_404(PurposeText.objects.select_related("purpose"), pk=pk, published_at__isnull=False)
    say = agreeing.agree if request.POST.get("answer") == "agree" else agreeing.withdraw
    try:
        said = say(customer, text, actor=party.actor, by=user)
    except StaleTextError as stale:
        messages.error(request, str(stale))
    else:
        messages.success(request, _("You agreed.") if said.is_given else _("You withdrew. We stop from now on."))
    return redirect("account_held")
