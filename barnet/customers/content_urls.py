"""Stands before the Wagtail admin's addresses, so that its own sign-in and reset are never reached."""

from django.urls import URLPattern, path

from barnet.customers import views

urlpatterns: list[URLPattern] = [
    path("login/", views.content_sign_in, name="content_sign_in"),
    path("logout/", views.content_sign_out, name="content_sign_out"),
    path("password_reset/", views.content_reset, name="content_reset"),
    path("password_reset/<path:path>", views.content_reset, name="content_reset_step"),
]
