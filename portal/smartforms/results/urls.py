from django.urls import path

from portal.smartforms.results import views

urlpatterns = [
    path("<str:reference>/answers/", views.sent_answers, name="account_sent_answers"),
    path("<str:reference>/answers/<uuid:file_id>/", views.sent_file, name="account_sent_file"),
]
