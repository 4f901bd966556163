"""The address of the visitor's own page: not below the back office, for they have nothing to do with it."""

from django.urls import path

from portal.workbench.views import visits

urlpatterns = [path("", visits.visit, name="visit")]
