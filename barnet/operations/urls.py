"""`/staff/tasks/`"""

from django.urls import URLPattern, path

from barnet.operations import views

urlpatterns: list[URLPattern] = [
    path("", views.task_board, name="staff_tasks"),
    path("run/", views.run_job, name="staff_run_job"),
    path("<int:pk>/", views.parked_task, name="staff_task"),
]
