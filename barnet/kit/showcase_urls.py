"""Development only: every element and field to look at, at /kit/."""

from django.urls import path

from barnet.kit import showcase

urlpatterns = [
    path("", showcase.elements, name="kit_elements"),
    path("staff/", showcase.staff_elements, name="kit_staff_elements"),
    path("errors/<int:status>/", showcase.error_page, name="kit_error_page"),
]
