from typing import Any

from django import template

from barnet.customers.acting_for.serving import party_for
from portal.cases.claim_forms import MakeCodeForm
from portal.cases.models import Case
from portal.cases.services import may_have_code

register = template.Library()


@register.inclusion_tag("cases/_claim_offer.html", takes_context=True)
def claim_offer(context: dict[str, Any], case: Case) -> dict[str, Any]:
    """On the page that says that a request was sent: nothing, unless somebody is helped who has no account."""
    request = context["request"]
    party = party_for(request)
    is_helped = party.is_served or party.is_visiting
    is_offered = is_helped and party.customer is not None and party.customer.pk == case.customer_id
    if not is_offered or not may_have_code(case):
        return {}
    return {"case": case, "form": MakeCodeForm(request=request), "csrf_token": context["csrf_token"]}
