"""The list that somebody came from: it stays in the address of a request, so that the next one is a link away."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from barnet.customers.models import User
from portal.cases.models import Case
from portal.cases.selectors import beside
from portal.workbench.forms.filters import QueueFilterForm

_LIST = "in"
_LONGEST = 1000  # of the filters in an address


@dataclass(frozen=True)
class Trail:
    """Addresses; empty where nothing is."""

    back: str
    previous: str = ""
    following: str = ""


def trail_of(request: HttpRequest, user: User, case: Case) -> Trail:
    """A request that no longer fits the filters, because it was just dealt with, still has its place in the list."""
    if _LIST not in request.GET:
        return Trail(reverse("staff_cases"))
    filters = filters_in(request)
    form = QueueFilterForm(QueryDict(filters), user=user)
    if not form.is_valid():
        return Trail(reverse("staff_cases"))
    previous, following = beside(form.filters(), case)
    return Trail(
        list_address(request),
        request_url(request, previous) if previous else "",
        request_url(request, following) if following else "",
    )


def request_url(request: HttpRequest, reference: str) -> str:
    """The page of a request, in the list that somebody came from."""
    return in_list(request, reverse("staff_case", args=[reference]))


def in_list(request: HttpRequest, url: str) -> str:
    return of_list(url, filters_in(request)) if _LIST in request.GET else url


def of_list(url: str, filters: str) -> str:
    return f"{url}?{urlencode({_LIST: filters})}"


def list_address(request: HttpRequest) -> str:
    """Of the list that somebody came from."""
    return "?".join(filter(None, [reverse("staff_cases"), filters_in(request)]))


def list_query(request: HttpRequest) -> str:
    """What the links of a list add to the addresses of its requests."""
    filters = request.GET.copy()
    filters.pop("page", None)
    return urlencode({_LIST: filters.urlencode()})


def filters_in(request: HttpRequest) -> str:
    return request.GET.get(_LIST, "")[:_LONGEST]
