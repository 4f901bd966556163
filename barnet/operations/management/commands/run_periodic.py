"""`manage.py run_periodic`: one periodic job, now."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.formats import date_format

from barnet.kit import periodic
from barnet.operations.enums import RunState
from barnet.operations.models import PeriodicRun
from barnet.operations.periodic_runs import run_by_hand

_HELP = """\
Runs one periodic job now, in this process, and records the run beside those of the worker.

  manage.py run_periodic --list
  manage.py run_periodic "operations: sessions"
"""


class Command(BaseCommand):
    help = _HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="of the job")
        parser.add_argument("--list", action="store_true", help="every job, its latest run and its next moment")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        if not options["name"]:
            raise CommandError("Name a job. --list shows them.")
        try:
            run = run_by_hand(periodic.job_of(options["name"]))
        except periodic.UnknownJobError:
            raise CommandError(f"There is no job {options['name']!r}. --list shows them.") from None
        except RuntimeError as reason:
            raise CommandError(str(reason)) from None
        if run.state != RunState.DONE:
            raise CommandError(f"Failed: {run.error}")
        self.stdout.write(f"Done: {run.outcome or 'it said nothing'}.")

    def _list(self) -> None:
        now = timezone.now()
        latest = {run.name: run for run in PeriodicRun.objects.order_by("name", "-due_at").distinct("name")}
        for job in periodic.jobs():
            run = latest.get(job.name)
            last = f"{run.get_state_display().lower()} {_moment(run.due_at)}" if run else "never"
            self.stdout.write(f"{job.name}: last {last}; next {_moment(job.due_after(now))}")


def _moment(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")
