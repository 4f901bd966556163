"""Calls at /api/open311/v2/."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, re_path

from portal.open311 import views

_SUFFIX = r"(?:\.(?P<suffix>xml|json))?/?$"


def _path(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    return re_path(f"^{route}{_SUFFIX}", view, name=name)


urlpatterns = [
    _path("discovery", views.discovery, "open311_discovery"),
    _path("services", views.services, "open311_services"),
    _path(r"services/(?P<code>[-\w]{1,50})", views.definition, "open311_definition"),
    _path("requests", views.requests, "open311_requests"),
    _path(r"requests/(?P<reference>[-\w]{1,40})", views.one_request, "open311_request"),
    _path(r"tokens/(?P<token>[-\w]{1,40})", views.token, "open311_token"),
    _path("servicerequestupdates", views.updates, "open311_updates"),
    _path(".*?", views.unknown, "open311_unknown"),
]
