from django.urls import URLPattern, path
from django.views.generic import RedirectView

from cms import views

urlpatterns: list[URLPattern] = [
    path("search/", views.search, name="search"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    # Wagtail brings a sign-in of its own, without our limits and second factor: it leads to ours.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
]
