"""Pages at /staff/chat/."""

from django.urls import path

from portal.chat.views import staff

urlpatterns = [
    path("", staff.desk, name="staff_chats"),
    path("live/", staff.desk_live, name="staff_chats_live"),
    path("<str:reference>/", staff.conversation, name="staff_chat"),
    path("<str:reference>/live/", staff.live, name="staff_chat_live"),
]
