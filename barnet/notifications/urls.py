"""`/staff/messages/`"""

from django.urls import URLPattern, path

from barnet.notifications import views

urlpatterns: list[URLPattern] = [
    path("", views.message_list, name="staff_messages"),
    path("send-again/", views.messages_resend, name="staff_messages_resend"),
    path("<uuid:pk>/", views.message_detail, name="staff_message"),
    path("<uuid:pk>/send-again/", views.message_resend, name="staff_message_resend"),
]
