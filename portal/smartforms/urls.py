from django.urls import path

from portal.smartforms.asking.views import more
from portal.smartforms.files.views import draft_file
from portal.smartforms.running import saving_views, views

_RUN = "<slug:slug>/<uuid:draft_id>"

urlpatterns = [
    path("file/<uuid:file_id>/", draft_file, name="form_file"),
    path("<slug:slug>/", views.start, name="form_start"),
    path("<slug:slug>/return/<str:token>/", saving_views.come_back, name="form_return"),
    path("<slug:slug>/return/<str:token>/again/", saving_views.link_again, name="form_link_again"),
    path(f"{_RUN}/", saving_views.back, name="form_back"),
    path(f"{_RUN}/more/", more, name="form_more"),
    path(f"{_RUN}/save/", saving_views.save, name="form_save"),
    path(f"{_RUN}/check/", views.check, name="form_check"),
    path(f"{_RUN}/done/", views.done, name="form_done"),
    path(f"{_RUN}/<str:step_key>/", views.step, name="form_step"),
    path(f"{_RUN}/<str:step_key>/<int:number>/", views.thing, name="form_thing"),
    path(f"{_RUN}/<str:step_key>/<int:number>/remove/", views.remove_thing, name="form_thing_remove"),
]
