from django.urls import path

from portal.waste.sorting import views

urlpatterns = [
    path("", views.what_goes_where, name="what_goes_where"),
    path("a-to-z/", views.items_a_to_z, name="waste_items_a_to_z"),
    path("<slug:slug>/", views.waste_item, name="waste_item"),
]
