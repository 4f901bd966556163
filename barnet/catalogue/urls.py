from django.urls import path

from barnet.catalogue import views

urlpatterns = [
    path("", views.services, name="services"),
    path("a-to-z/", views.a_to_z, name="services_a_to_z"),
    path("category/<slug:slug>/", views.category, name="service_category"),
    path("<slug:slug>/", views.service, name="service"),
]
