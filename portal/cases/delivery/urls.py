"""What back offices tell us, at /api/v1/back-offices/."""

from django.urls import path

from portal.cases.delivery import views

urlpatterns = [path("<slug:slug>/updates/", views.updates, name="api_back_office_updates")]
