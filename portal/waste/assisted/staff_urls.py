"""Below /staff/rounds/assisted/."""

from django.urls import path

from portal.waste.assisted import staff_views

urlpatterns = [
    path("", staff_views.crew_sheet, name="staff_assisted_list"),
    path("requests/<str:reference>/", staff_views.grant, name="staff_assisted_grant"),
    path("<int:pk>/", staff_views.arrangement, name="staff_assisted"),
    path("<int:pk>/review/", staff_views.review, name="staff_assisted_review"),
    path("<int:pk>/place/", staff_views.place, name="staff_assisted_place"),
    path("<int:pk>/end/", staff_views.end, name="staff_assisted_end"),
]
