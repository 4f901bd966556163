"""Calls at /api/v1/waste/."""

from django.urls import path

from portal.waste import api
from portal.waste.assisted.api import AssistedHomesView

urlpatterns = [
    path("rounds/", api.RoundsView.as_view(), name="api_waste_rounds"),
    path("collections/", api.CollectionsView.as_view(), name="api_waste_collections"),
    path("holiday-shifts/", api.ShiftsView.as_view(), name="api_waste_holiday_shifts"),
    path("notices/", api.NoticesView.as_view(), name="api_waste_notices"),
    path("crew-log/", api.CrewLogView.as_view(), name="api_waste_crew_log"),
    path("assisted-homes/", AssistedHomesView.as_view(), name="api_waste_assisted_homes"),
]
