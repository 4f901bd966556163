"""`/mailbox/`, in development only"""

from django.urls import URLPattern, path

from barnet.notifications import mailbox_views

urlpatterns: list[URLPattern] = [
    path("", mailbox_views.mail_list, name="mailbox"),
    path("<int:pk>/", mailbox_views.mail_detail, name="mailbox_mail"),
]
