"""The slip with the claim code of a request, for whoever helps somebody without an account."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from barnet.customers.acting_for.serving import party_for
from barnet.customers.actors import Actor
from portal.cases.claim_forms import MakeCodeForm
from portal.cases.models import Case
from portal.cases.selectors.residents import canonical
from portal.cases.services import MoveRefusedError, make_claim_code, may_have_code

CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def claim_code(request: HttpRequest, reference: str) -> HttpResponse:
    """For a request of whoever is served in this browser; 404 for everybody else."""
    party = party_for(request)
    if not ((party.is_served or party.is_visiting) and party.customer):
        raise Http404
    theirs = Case.objects.filter(reference=canonical(reference), customer=party.customer)
    case = theirs.select_related("customer", "service", "claim_code").first()
    if case is None:
        raise Http404
    return slip_page(request, case, party.actor)


def slip_page(request: HttpRequest, case: Case, actor: Actor) -> HttpResponse:
    """The code is in the answer to the form, and nowhere afterwards."""
    form = MakeCodeForm(request.POST if request.method == "POST" else None, request=request)
    held = getattr(case, "claim_code", None)
    context = {"case": case, "form": form, "is_possible": may_have_code(case), "held": held}
    if not form.is_valid():
        return render(request, "cases/claim_code.html", context)
    try:
        slip = make_claim_code(case, actor=actor, submission_key=form.cleaned_data["submission_key"])
    except MoveRefusedError as refusal:
        form.add_error(None, str(refusal))
        return render(request, "cases/claim_code.html", context | {"is_possible": False}, status=CONFLICT)
    where = settings.BASE_URL + reverse("account_claim")
    return render(request, "cases/claim_slip.html", {"case": case, "slip": slip, "claim_address": where})
