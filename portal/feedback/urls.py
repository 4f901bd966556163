"""Pages at /feedback/."""

from django.urls import path

from portal.feedback.views import public

urlpatterns = [
    path("page/", public.vote_on_page, name="page_vote"),
    path("page/<str:token>/", public.page_words, name="page_words"),
    path("<str:token>/", public.survey, name="survey"),
    path("<str:token>/again/", public.again, name="survey_again"),
]
