from django.urls import path

from portal.field.views import planning

urlpatterns = [
    path("", planning.plan, name="staff_crews"),
    path("ward/", planning.plan_ward, name="staff_crews_ward"),
]
