"""`/staff/messages/`"""

from django.urls import URLPattern, path

from barnet.notifications import staff_views, trial_views, views

urlpatterns: list[URLPattern] = [
    path("", views.message_list, name="staff_messages"),
    path("send-again/", views.messages_resend, name="staff_messages_resend"),
    path("addresses/", staff_views.suppressed, name="staff_suppressed"),
    path("addresses/<int:pk>/", staff_views.lift, name="staff_suppressed_lift"),
    path("customers/<int:pk>/", staff_views.reach, name="staff_reach"),
    path("customers/<int:pk>/add/", staff_views.reach_add, name="staff_reach_add"),
    path("customers/<int:pk>/<slug:topic>/", staff_views.reach_topic, name="staff_reach_topic"),
    path("wordings/", trial_views.wordings, name="staff_wordings"),
    path("wordings/<slug:key>/", trial_views.wording, name="staff_wording"),
    path("<uuid:pk>/", views.message_detail, name="staff_message"),
    path("<uuid:pk>/send-again/", views.message_resend, name="staff_message_resend"),
]
