"""Report a missed bin: choose bins → tell us about it → check your answers → confirmation.

Every step can be opened, gone back to and sent again. Choosing is part of the address; the other answers wait in the
session and travel in the last form, too (`browser.py`). Nothing that a form says is believed: bins must be of the
property, the rules are asked again when the report is written.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.catalogue.models import Service
from barnet.customers.acting_for.serving import Party, party_for
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import address_by_uprn
from portal.waste import browser, selectors
from portal.waste.assisted.selectors import knows_of_help
from portal.waste.forms import ChooseBinsForm, ReportForm
from portal.waste.reporting import ReportChoice
from portal.waste.services import SERVICE_SLUG, NotReportableError, Report, keep_draft_photo, photo_of
from portal.waste.services import report_missed_bins as report_bins
from portal.waste.views.door import property_page


@require_safe
@never_cache
@property_page
def choose(request: HttpRequest, address: Address) -> HttpResponse:
    choices = selectors.reportable(address, timezone.now())
    answers = browser.kept_answers(request, address.pk, _report_name(request)) or {}
    chosen = request.GET.getlist("bin") or answers.get("bin", [])
    return _choose_page(request, address, choices, ChooseBinsForm(choices=choices, initial={"bin": chosen}))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@property_page
def tell(request: HttpRequest, address: Address) -> HttpResponse:
    party = _party(request)
    if request.method == "POST":
        return _told(request, address)
    choices = selectors.reportable(address, timezone.now())
    chosen = ChooseBinsForm(request.GET, choices=choices)
    if not chosen.is_valid():
        return _choose_page(request, address, choices, chosen)
    browser.mark_browser(request)
    name = _report_name(request)
    answers = browser.kept_answers(request, address.pk, name) or browser.latest_answers(request, address.pk)
    initial = {name: values[0] for name, values in answers.items() if values} if answers else _known(party)
    initial.pop("submission_key", None)
    initial["bin"] = chosen.cleaned_data["bin"]
    containers = [choice.container for choice in choices]
    return _tell_page(request, address, ReportForm(request=request, containers=containers, initial=initial))


def _told(request: HttpRequest, address: Address) -> HttpResponse:
    form = ReportForm(request.POST, request.FILES, request=request, containers=selectors.containers_of(address))
    is_valid = form.is_valid()
    form = _with_kept_photo(form)
    if not is_valid:
        return _tell_page(request, address, form)
    name = browser.keep_answers(request, address.pk, form.kept_answers(), _report_name(request))
    return redirect(f"{reverse('missed_bin_check', args=[address.pk])}?{urlencode({'report': name})}")


def _with_kept_photo(form: ReportForm) -> ReportForm:
    """A good photo is kept even when other answers are wrong: nobody has to find it again."""
    if form.new_photo:
        form.keep_photo(keep_draft_photo(form.new_photo))
    return form


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@property_page
def check(request: HttpRequest, address: Address) -> HttpResponse:
    _party(request)
    name = _report_name(request)
    if request.method == "POST":
        return _send(request, address, name)
    answers = browser.kept_answers(request, address.pk, name)
    if answers is None:
        messages.warning(request, _("We no longer have the answers that you gave. Start again."))
        return redirect("missed_bin_choose", uprn=address.pk)
    form = ReportForm(MultiValueDict(answers), request=request, containers=selectors.containers_of(address))
    if not form.is_valid() and form.errors.keys() - {"submission_key"}:
        return _tell_page(request, address, form)
    return _check_page(request, address, form, name)


def _send(request: HttpRequest, address: Address, name: str) -> HttpResponse:
    party = _party(request)
    form = ReportForm(request.POST, request=request, containers=selectors.containers_of(address))
    if not form.is_valid():
        return _tell_page(request, address, form)
    photo = form.cleaned_data["kept_photo"]
    report = Report(
        address=address,
        container_ids=form.container_ids,
        actor=party.actor,
        submission_key=form.cleaned_data["submission_key"],
        customer=party.customer,
        contact=form.contact,
        note=form.cleaned_data["note"],
        is_told_of_help=knows_of_help(party, address),
        photos=[photo_of(photo)] if photo else [],
    )
    try:
        receipts = report_bins(report)
    except NotReportableError:
        return _refused(request, address, form)
    except ValidationError as error:
        form.add_error(None, error)
        return _tell_page(request, address, form)
    is_told = bool(report.contact.email or (party.customer and (party.customer.user_id or party.customer.email)))
    proof = browser.prove(request, address.pk, receipts, is_told=is_told)
    browser.forget_answers(request, name)
    return redirect("missed_bin_reported", proof=proof)


def _refused(request: HttpRequest, address: Address, form: ReportForm) -> HttpResponse:
    """Something changed since the bins were chosen: the page that says what, with the others still chosen."""
    choices = selectors.reportable(address, timezone.now())
    still = {str(choice.container.pk) for choice in choices if choice.may_choose}
    chosen = ChooseBinsForm(choices=choices, initial={"bin": [pk for pk in form.cleaned_data["bin"] if pk in still]})
    browser.keep_answers(request, address.pk, form.kept_answers(), _report_name(request))
    return _choose_page(request, address, choices, chosen, is_refused=True)


@require_safe
@never_cache
def reported(request: HttpRequest, proof: str) -> HttpResponse:
    """Only in the browser session that sent the report."""
    read = browser.read_proof(request, proof)
    if read is None:
        raise Http404
    uprn, results, is_told = read
    receipts = selectors.receipts(results)
    if not receipts:
        raise Http404
    party = party_for(request)
    return render(
        request,
        "waste/missed_reported.html",
        {
            "address": address_by_uprn(str(uprn)),
            "receipts": [{"missed": missed, "case": missed.case, "result": result} for missed, result in receipts],
            "is_told": is_told,
            "party": party,
        },
    )


# --- Pages ------------------------------------------------------------------------------------------------------------


def _choose_page(
    request: HttpRequest,
    address: Address,
    choices: list[ReportChoice],
    form: ChooseBinsForm,
    *,
    is_refused: bool = False,
) -> HttpResponse:
    return render(
        request,
        "waste/missed_choose.html",
        {
            "address": address,
            "form": form,
            "may_choose": any(choice.may_choose for choice in choices),
            "others": [choice for choice in choices if not choice.may_choose],
            "report": _report_name(request),
            "is_refused": is_refused,
        },
    )


def _tell_page(request: HttpRequest, address: Address, form: ReportForm) -> HttpResponse:
    kept = form["kept_photo"].value()
    return render(
        request,
        "waste/missed_tell.html",
        {
            "address": address,
            "form": form,
            "party": _party(request),
            "kept_photo": selectors.draft_photo_by_text(kept) if kept else None,
            "report": _report_name(request),
            "choose_url": _url("missed_bin_choose", address, _bins_of(form), _report_name(request)),
        },
    )


def _check_page(request: HttpRequest, address: Address, form: ReportForm, name: str) -> HttpResponse:
    answers = form.cleaned_data
    change_bins = _url("missed_bin_choose", address, answers["bin"], name)
    change = _url("missed_bin_tell", address, answers["bin"], name)
    photo = answers["kept_photo"]
    rows = [
        (_("Address"), address.one_line),
        *((_("Bin"), bin_name, change_bins) for bin_name in form.bin_names),
        (_("Name"), answers["name"] or _("Not given"), f"{change}#id_name"),
        (_("E-mail address"), answers["email"] or _("Not given"), f"{change}#id_email"),
        (_("Telephone number"), answers["phone"] or _("Not given"), f"{change}#id_phone"),
        (_("For the crew"), answers["note"] or _("Nothing"), f"{change}#id_note"),
        (_("Photo"), photo.name if photo else _("None"), f"{change}#id_photo"),
    ]
    return render(
        request,
        "waste/missed_check.html",
        {"address": address, "form": form, "rows": rows, "back": change, "report": name, "party": _party(request)},
    )


# --- Parts ------------------------------------------------------------------------------------------------------------


def _party(request: HttpRequest) -> Party:
    """Who reports, and for whom: an authority that does not reach this service is refused."""
    return party_for(request, service=get_object_or_404(Service, slug=SERVICE_SLUG))


def _known(party: Party) -> dict[str, object]:
    customer = party.customer
    return {"name": customer.name, "email": customer.email, "phone": customer.phone} if customer else {}


def _report_name(request: HttpRequest) -> str:
    return (request.POST.get("report") or request.GET.get("report") or "")[:40]


def _bins_of(form: ReportForm) -> list[str]:
    value = form["bin"].value() or []
    return [str(pk) for pk in value]


def _url(name: str, address: Address, bins: list[str], report: str) -> str:
    query = urlencode({"bin": bins, **({"report": report} if report else {})}, doseq=True)
    return f"{reverse(name, args=[address.pk])}?{query}"
