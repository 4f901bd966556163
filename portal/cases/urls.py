from django.urls import path

from portal.cases import claim_views, views

urlpatterns = [
    path("photos/<int:pk>/", views.photo, name="case_photo"),
    path("<str:reference>/code/", claim_views.claim_code, name="claim_code"),
    path("files/<int:pk>/", views.photo, name="case_file"),
    path("following/<str:token>/", views.follow_end, name="follow_end"),
]
