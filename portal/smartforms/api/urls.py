"""Calls at /api/v1/forms/."""

from django.urls import path

from portal.smartforms.api import views

_DRAFT = "<slug:slug>/drafts/<uuid:draft_id>"

urlpatterns = [
    path("", views.FormListView.as_view(), name="api_forms"),
    path("<slug:slug>/", views.FormView.as_view(), name="api_form"),
    path("<slug:slug>/drafts/", views.DraftsView.as_view(), name="api_form_drafts"),
    path(f"{_DRAFT}/", views.DraftView.as_view(), name="api_form_draft"),
    path(f"{_DRAFT}/steps/<str:step_key>/", views.StepView.as_view(), name="api_form_step"),
    path(f"{_DRAFT}/files/<str:question>/", views.FilesView.as_view(), name="api_form_files"),
    path(f"{_DRAFT}/file/<uuid:file_id>/", views.FileView.as_view(), name="api_form_file"),
    path(f"{_DRAFT}/submit/", views.SubmitView.as_view(), name="api_form_submit"),
    path(f"{_DRAFT}/link/", views.HandOverView.as_view(), name="api_form_link"),
    path("<slug:slug>/submissions/", views.SubmissionsView.as_view(), name="api_form_submissions"),
    path("<slug:slug>/submissions/<uuid:draft_id>/", views.SubmissionView.as_view(), name="api_form_submission"),
]
