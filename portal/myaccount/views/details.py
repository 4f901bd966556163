"""What the resident tells us about themselves. Theirs alone: whoever acts for somebody does not see it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.enums import Language
from barnet.customers.selectors import needs_of
from barnet.customers.services import change_details, choose_language
from barnet.gazetteer.picker import pick_address
from portal.myaccount.access import own_account, person
from portal.myaccount.forms import LanguageForm, NameAndPhoneForm


@require_safe
@own_account
def details(request: HttpRequest) -> HttpResponse:
    _user, party, customer = person(request)
    needs = [] if party.is_delegated else needs_of(customer)
    context = {
        "party": party,
        "customer": customer,
        "needs": needs,
        "language_name": dict(Language.choices).get(customer.language, customer.language),
    }
    return render(request, "myaccount/details.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def name_and_phone(request: HttpRequest) -> HttpResponse:
    _user, party, customer = person(request)
    if party.is_delegated:
        return redirect("account_details")
    posted = request.POST if request.method == "POST" else None
    form = NameAndPhoneForm(posted, initial={"name": customer.name, "phone": customer.phone})
    if form.is_valid():
        change_details(
            customer,
            name=form.cleaned_data["name"],
            phone=form.cleaned_data["phone"],
            address=customer.address,
            address_text=customer.address_text,
        )
        messages.success(request, _("We have saved your name and telephone number."))
        return redirect("account_details")
    return render(request, "myaccount/name.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def language(request: HttpRequest) -> HttpResponse:
    _user, party, customer = person(request)
    if party.is_delegated:
        return redirect("account_details")
    posted = request.POST if request.method == "POST" else None
    form = LanguageForm(posted, initial={"language": customer.language})
    if form.is_valid():
        choose_language(customer, form.cleaned_data["language"])
        messages.success(request, _("We have saved the language of our messages."))
        return redirect("account_details")
    return render(request, "myaccount/language.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def address(request: HttpRequest) -> HttpResponse:
    """The picker leads to one address by plain links; saving it is a form of its own."""
    _user, party, customer = person(request)
    if party.is_delegated:
        return redirect("account_details")
    picked = pick_address(request)
    if request.method == "POST" and picked.is_done:
        change_details(
            customer,
            name=customer.name,
            phone=customer.phone,
            address=picked.address,
            address_text=picked.typed,
        )
        messages.success(request, _("We have saved your address."))
        return redirect("account_details")
    return render(request, "myaccount/address.html", {"picked": picked, "form": picked.form})
