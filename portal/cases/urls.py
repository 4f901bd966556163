from django.urls import path

from portal.cases import views

urlpatterns = [path("photos/<int:pk>/", views.photo, name="case_photo")]
