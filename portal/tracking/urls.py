"""Addresses at /track/."""

from django.urls import path

from portal.tracking import views

urlpatterns = [
    path("", views.start, name="track"),
    path("code/", views.code, name="track_code"),
    path("finish/", views.finish, name="track_finish"),
    path("<str:reference>/", views.request_page, name="track_request"),
]
