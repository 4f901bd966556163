from django.urls import path

from barnet.gazetteer import views

urlpatterns = [
    path("", views.find, name="address_finder"),
    path("missing/", views.missing, name="address_missing"),
    path("missing/sent/", views.missing_sent, name="address_missing_sent"),
    path("suggest", views.suggest, name="address_suggest"),
]
