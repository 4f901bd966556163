"""Pages of the back office about accounts."""

from django.urls import URLPattern, path

from barnet.customers.staff import staff_views

urlpatterns: list[URLPattern] = [
    path("", staff_views.security_record, name="staff_security"),
    path("kiosk/", staff_views.kiosk_switch, name="staff_kiosk"),
]
