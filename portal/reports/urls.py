from django.urls import path

from portal.reports.views import journey, map, public

urlpatterns = [
    path("", journey.start, name="report_start"),
    path("place/", journey.place, name="report_place"),
    path("place/map/", map.choose_on_map, name="report_map"),
    path("nearby/", journey.near_it, name="report_nearby"),
    path("all/", public.report_list, name="reports"),
    path("following/<str:proof>/", public.follow_confirm, name="report_follow_confirm"),
    path("<str:reference>/", public.report_page, name="report"),
    path("<str:reference>/photos/<int:pk>/", public.photo, name="report_photo"),
]
