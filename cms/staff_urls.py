"""Addresses of Wagtail's admin that are closed: included before Wagtail's own, below /staff/content/."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path


def gone(request: HttpRequest, **kwargs: str) -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern] = [
    # Bulk actions on users reach residents, too: accounts of staff are changed one by one.
    path("bulk/customers/user/<str:action>/", gone),
    path("failwhale/", gone),
]
