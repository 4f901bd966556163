"""Below /bins/."""

from django.urls import path

from portal.waste.assisted import views

urlpatterns = [
    path("assisted/", views.begin, name="assisted_begin"),
    path("assisted/sent/<str:proof>/", views.sent, name="assisted_sent"),
    path("assisted/arrangements/<int:pk>/", views.arrangement, name="assisted_arrangement"),
    path("assisted/arrangements/<int:pk>/change/", views.change, name="assisted_change"),
    path("assisted/arrangements/<int:pk>/end/", views.end, name="assisted_end"),
    path("assisted/arrangements/<int:pk>/confirm/", views.confirm, name="assisted_confirm"),
    path("<str:uprn>/assisted/", views.about, name="assisted"),
    path("<str:uprn>/assisted/check/", views.check, name="assisted_check"),
    path("<str:uprn>/assisted/<slug:step>/", views.step, name="assisted_step"),
]
