"""The first page: what waits for the resident, what is going on, when the bins are emptied."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from barnet.customers.reaching.contacts import unusable_points
from barnet.customers.selectors import principals_of
from barnet.notifications.selectors import unread_count
from portal.myaccount import selectors
from portal.myaccount.access import own_account, person
from portal.smartforms.running.starting import drafts_of
from portal.waste.assisted.selectors import arrangements_shown

SHOWN = 5


@require_safe
@own_account
def home(request: HttpRequest) -> HttpResponse:
    user, party, customer = person(request)
    requests = selectors.requests_of(user, customer)
    under_way = list(requests.open().select_related("service", "address").order_by("-opened_at", "-pk")[: SHOWN + 1])
    is_open_to_all = not party.is_delegated or selectors.has_full_authority(user, customer)
    return render(
        request,
        "myaccount/home.html",
        {
            "party": party,
            "customer": customer,
            "requests": under_way[:SHOWN],
            "has_more": len(under_way) > SHOWN,
            "questions": selectors.waiting_for_answer(requests)[:SHOWN],
            "dead_points": [] if party.is_delegated else unusable_points(customer),
            "unread": 0 if party.is_delegated else unread_count(user),
            "is_open_to_all": is_open_to_all,
            "forms": drafts_of(customer)[:SHOWN] if is_open_to_all else [],
            "collections": selectors.collections_ahead(customer.address if is_open_to_all else None),
            "assisted": arrangements_shown(party),
            "may_act_for_others": principals_of(user).exists(),
        },
    )
