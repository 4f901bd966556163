"""Pages at /staff/reports/."""

from django.urls import path

from portal.reports.views import staff

urlpatterns = [
    path("", staff.check_list, name="staff_reports"),
    path("<str:reference>/", staff.check, name="staff_report"),
]
