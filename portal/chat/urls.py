"""Pages at /chat/."""

from django.urls import path

from portal.chat.views import public

urlpatterns = [
    path("", public.start, name="chat_start"),
    path("<str:reference>/", public.conversation, name="chat"),
    path("<str:reference>/files/<int:pk>/", public.file, name="chat_file"),
    path("<str:reference>/live/", public.live, name="chat_live"),
]
