import datetime as dt

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "barnet.operations"
    label = "operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        from django_q.signals import post_execute_in_worker, pre_execute

        from barnet.kit import ground, periodic
        from barnet.notifications import chores
        from barnet.operations import maintenance, periodic_runs, retention, tasks

        pre_execute.connect(tasks.count_start, dispatch_uid="starts of tasks")
        post_execute_in_worker.connect(tasks.count_end, dispatch_uid="ends of tasks")
        chores.register("periodic jobs", periodic_runs.look)
        chores.register("failed tasks", tasks.collect_failures)
        periodic.register("operations: sessions", maintenance.clear_sessions, at=dt.time(2, 10))
        periodic.register("operations: cache", maintenance.clear_cache, at=dt.time(2, 15))
        periodic.register("operations: task results", maintenance.clear_task_results, at=dt.time(2, 20))
        periodic.register("operations: task starts", tasks.clear_starts, at=dt.time(2, 20))
        periodic.register("operations: periodic runs", maintenance.clear_periodic_runs, at=dt.time(2, 25))
        periodic.register("operations: retention", retention.apply_every_night, at=dt.time(3, 10), timeout=3600)
        ground.register("operations: retention periods", retention.ensure_periods)
        periodic.register("operations: statistics", maintenance.analyse, at=dt.time(4, 40), timeout=1800)
