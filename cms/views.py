"""Search, and what search engines ask for. Pages themselves are served by Wagtail."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cms import selectors
from cms.forms import SearchForm

RESULTS_PER_PAGE = 10
_LISTS = ("services", "services_a_to_z", "what_goes_where", "waste_items_a_to_z")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    hits = selectors.search(text, request) if text else []
    return render(
        request,
        "cms/search.html",
        {
            "form": form,
            "search_text": text,
            "has_own_search": True,
            "page_obj": Paginator(hits, RESULTS_PER_PAGE).get_page(request.GET.get("page")),
        },
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "cms/robots.txt", {"base_url": settings.BASE_URL}, content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    entries = [
        *((page.get_url(request) or "/", page.last_published_at) for page in selectors.sitemap_pages()),
        *((address, None) for address in map(reverse, _LISTS)),
        *((category.get_absolute_url(), None) for category in selectors.sitemap_categories()),
        *((service.get_absolute_url(), service.last_published_at) for service in selectors.sitemap_services()),
        *((item.get_absolute_url(), None) for item in selectors.sitemap_items()),
    ]
    context = {"base_url": settings.BASE_URL, "entries": entries}
    return render(request, "cms/sitemap.xml", context, content_type="application/xml; charset=utf-8")
