from django.urls import path

from barnet.gazetteer import views

urlpatterns = [
    path("", views.find, name="address_finder"),
    path("suggest", views.suggest, name="address_suggest"),
]
