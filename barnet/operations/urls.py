"""`/staff/tasks/` and `/staff/retention/`"""

from django.urls import URLPattern, path

from barnet.operations import retention_views, views

urlpatterns: list[URLPattern] = [
    path("tasks/", views.task_board, name="staff_tasks"),
    path("tasks/run/", views.run_job, name="staff_run_job"),
    path("tasks/<int:pk>/", views.parked_task, name="staff_task"),
    path("retention/", retention_views.schedule, name="staff_retention"),
    path("retention/<slug:key>/", retention_views.period, name="staff_retention_period"),
]
