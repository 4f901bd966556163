from django.urls import path

from portal.smartforms.exporting import views

urlpatterns = [
    path("export/", views.choose_version, name="staff_forms_export"),
    path("export/<int:pk>/", views.export_version, name="staff_forms_export_version"),
]
