from django.urls import path

from portal.field.views import crew, telephone

urlpatterns = [
    path("", crew.today, name="field"),
    path("jobs/<int:pk>/", crew.job, name="field_job"),
    path("jobs/<int:pk>/photos/<int:photo_pk>/", crew.photo, name="field_photo"),
    path("jobs/<int:pk>/end/", telephone.end, name="field_end"),
    path("jobs.json", telephone.day, name="field_day"),
]
