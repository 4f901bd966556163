from django.urls import path

from barnet.catalogue import views

urlpatterns = [
    path("", views.services, name="services"),
    path("<slug:slug>/", views.service, name="service"),
]
