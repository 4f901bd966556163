"""When bins are collected."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from barnet.customers.acting_for.serving import Party, party_for
from barnet.customers.permissions import resident_required
from barnet.customers.services import change_details
from barnet.gazetteer.models import Address
from barnet.gazetteer.picker import pick_address
from barnet.gazetteer.working_days import bank_holidays
from portal.waste import calendar_feed, months, selectors
from portal.waste.assisted.selectors import arrangements_shown
from portal.waste.calendar_feed import Reminder
from portal.waste.models import RoundNotice
from portal.waste.notices import announced_notices
from portal.waste.schedule import WEEK, CollectionDay
from portal.waste.views.door import property_page

_WEEKS_LISTED = 4
_WEEKS_FED = 52
_WEEKS_FED_BACK = 4


@require_safe
def bins(request: HttpRequest) -> HttpResponse:
    picked = pick_address(request, outside=_("If you live outside Barnet, your own council collects your bins."))
    if picked.address:
        return redirect("collection_days", uprn=picked.address.pk)
    if picked.typed:
        return render(request, "waste/not_listed.html", {"typed": picked.typed})
    known = party_for(request).customer
    context = {
        "picked": picked,
        "form": picked.form,
        "own_address": known.address if known else None,
        "notices": announced_notices(timezone.localdate()),
    }
    return render(request, "waste/bins.html", context)


@require_safe
@property_page
def collection_days(request: HttpRequest, address: Address) -> HttpResponse:
    tours = selectors.rounds_of(address)
    if not tours:
        return render(request, "waste/no_collections.html", {"address": address})
    today = timezone.localdate()
    month = months.chosen_month(request.GET.get("month", ""), today)
    start, end = months.span(month)
    days = selectors.days_of(address, tours, min(start, today), max(end, today + _WEEKS_LISTED * WEEK))
    listed = [day for day in days if today <= day.on < today + _WEEKS_LISTED * WEEK]
    streams = {tour.stream for tour in tours}
    return render(
        request,
        "waste/collection_days.html",
        {
            "address": address,
            "next_days": group_by_day(listed, today),
            "notices": _notices_of(listed),
            "month": months.lay_out(month, [day for day in days if start <= day.on < end], today, streams),
            "containers": selectors.containers_of(address),
            "feeds": _feeds(request, address),
            "weeks_listed": _WEEKS_LISTED,
            "may_save": _may_save(party_for(request), address),
            "assisted": arrangements_shown(party_for(request)).filter(address=address).first(),
        },
    )


def _acts_for_themselves(party: Party) -> bool:
    return not (party.is_served or party.is_delegated or party.is_visiting)


def _may_save(party: Party, address: Address) -> bool:
    """Somebody who acts for themselves, somewhere else than where they live."""
    return _acts_for_themselves(party) and party.customer is not None and party.customer.address_id != address.pk


def group_by_day(days: list[CollectionDay], today: dt.date) -> list[dict[str, object]]:
    """One entry a date: what is collected, how people call the day, and whether it is unusual."""
    grouped: dict[dt.date, list[CollectionDay]] = {}
    for day in days:
        grouped.setdefault(day.on, []).append(day)
    names = {0: _("Today"), 1: _("Tomorrow")}
    return [
        {
            "on": on,
            "called": names.get((on - today).days, ""),
            "collections": collected,
            "is_bank_holiday": on in bank_holidays(on.year)
            and not any(day.is_moved or day.notice for day in collected),
        }
        for on, collected in grouped.items()
    ]


def _notices_of(days: list[CollectionDay]) -> list[RoundNotice]:
    """What staff said about the listed collections, each once, in the order of the days."""
    return list(dict.fromkeys(day.notice for day in days if day.notice))


def _feeds(request: HttpRequest, address: Address) -> list[dict[str, str]]:
    feeds = []
    for reminder in Reminder:
        path = reverse("collections_feed", args=[address.pk]) + (f"?reminder={reminder}" if reminder else "")
        url = request.build_absolute_uri(path)
        feeds.append(
            {
                "label": str(reminder.label),
                "path": path,
                "url": url,
                "subscribe": f"webcal:{url.split(':', 1)[1]}",
            }
        )
    return feeds


@require_safe
@property_page
def collections_feed(request: HttpRequest, address: Address) -> HttpResponse:
    today = timezone.localdate()
    # From a Monday: the feed has the same bytes all week, and programs fetch it once.
    start = today - dt.timedelta(days=today.weekday()) - _WEEKS_FED_BACK * WEEK
    days = selectors.collections_between(address, start, start + (_WEEKS_FED_BACK + _WEEKS_FED) * WEEK)
    reminder = _reminder(request.GET.get("reminder", ""))
    etag = f'"{calendar_feed.fingerprint(address, days, reminder)}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        content = calendar_feed.feed(address, days, reminder)
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="bin-collections-{address.pk}.ics"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _reminder(text: str) -> Reminder:
    return Reminder(text) if text in list(Reminder) else Reminder.NONE


@require_POST
@resident_required
@property_page
def save_address(request: HttpRequest, address: Address) -> HttpResponse:
    """Makes the property the address of the person who is signed in, never of somebody for whom they act."""
    party = party_for(request)
    if party.customer is None or not _acts_for_themselves(party):
        messages.warning(request, _("You are acting for somebody else. Stop that to save your own address."))
    else:
        change_details(party.customer, name=party.customer.name, phone=party.customer.phone, address=address)
        messages.success(request, _("We have saved this as your address."))
    return redirect("collection_days", uprn=address.pk)
