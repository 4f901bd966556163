"""`/notifications/notify/`"""

from django.urls import URLPattern, path

from barnet.notifications.notify import views

urlpatterns: list[URLPattern] = [path("callback/", views.callback, name="notify_callback")]
