"""What a telephone keeps for everybody alike: nothing personal, no door. `/field/` has one, at every address."""

from django.urls import path

from portal.field.views import telephone

urlpatterns = [
    path("offline/", telephone.offline, name="field_offline"),
    path("worker.js", telephone.worker, name="field_worker"),
    path("manifest.webmanifest", telephone.manifest, name="field_manifest"),
]
