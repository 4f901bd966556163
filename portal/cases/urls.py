from django.urls import path

from portal.cases import views

urlpatterns = [
    path("photos/<int:pk>/", views.photo, name="case_photo"),
    path("following/<str:token>/", views.follow_end, name="follow_end"),
]
