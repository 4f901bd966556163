from django.urls import path

from portal.smartforms.asking import staff_views

urlpatterns = [path("<str:reference>/ask/", staff_views.ask, name="staff_forms_ask")]
