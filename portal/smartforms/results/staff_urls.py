from django.urls import path

from portal.smartforms.results import comparing_views, correcting_views, erasing_views, staff_views

_SENT = "<str:reference>"

urlpatterns = [
    path(f"{_SENT}/", staff_views.answers, name="staff_answers"),
    path(f"{_SENT}/special/", staff_views.special_answers, name="staff_answers_special"),
    path(f"{_SENT}/compare/", comparing_views.compare_answers, name="staff_answers_compare"),
    path(f"{_SENT}/<int:pk>/correct/", correcting_views.correct, name="staff_answer_correct"),
    path(f"{_SENT}/files/<uuid:file_id>/erase/", erasing_views.erase, name="staff_answer_file_erase"),
    path(f"{_SENT}/files/<uuid:file_id>/", staff_views.answer_file, name="staff_answer_file"),
]
