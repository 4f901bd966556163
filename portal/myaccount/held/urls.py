from django.urls import URLPattern, path

from portal.myaccount.held import views

urlpatterns: list[URLPattern] = [
    path("details/needs/", views.needs, name="account_needs"),
    path("what-we-hold/", views.held, name="account_held"),
    path("what-we-hold/readings/", views.readings, name="account_held_readings"),
    path("what-we-hold/file/", views.download, name="account_held_download"),
    path("what-we-hold/ask/", views.ask, name="account_held_ask"),
    path("what-we-hold/agree/", views.agree, name="account_consent"),
]
