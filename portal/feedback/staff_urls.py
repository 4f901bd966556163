"""Pages at /staff/feedback/."""

from django.urls import path

from portal.feedback.views import staff

urlpatterns = [
    path("", staff.remark_list, name="staff_feedback"),
    path("figures/", staff.figures, name="staff_feedback_figures"),
    path("<int:pk>/", staff.remark, name="staff_remark"),
]
