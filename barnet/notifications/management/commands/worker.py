"""`manage.py worker`: everything that the portal does later."""

import argparse
import dataclasses
import socket
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from barnet.notifications.cluster import run_cluster
from barnet.notifications.supervisor import Limits, Supervisor

_HELP = """\
Runs the tasks of the portal (it sends the messages) and restarts them when they fall silent.

Start it once on every machine that shall work; several may share one database. Stop it with SIGTERM:
running tasks are finished first.

  manage.py worker
  manage.py worker --stale-after 90 --canary-every 30
"""
_OPTIONS = {
    "canary_every": "seconds between two canary tasks while there is nothing else to do",
    "stale_after": "seconds without a finished task after which the cluster is killed and started again",
    "sweep_every": "seconds between two looks for retries, lost tasks and interrupted attempts",
    "grace": "seconds that running tasks have when the worker is stopped",
}


class Command(BaseCommand):
    help = _HELP
    requires_system_checks = []  # made at deployment; here every second counts

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        defaults = Limits()
        for name, text in _OPTIONS.items():
            default = getattr(defaults, name)
            parser.add_argument(
                f"--{name.replace('_', '-')}", type=float, default=default, help=f"{text} ({default:g})", metavar="S"
            )
        parser.add_argument(
            "--name", default=socket.gethostname()[:100], help="of this worker, when one machine runs several"
        )
        parser.add_argument("--cluster", type=int, help=argparse.SUPPRESS)  # the supervisor's own child

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cluster"] is not None:
            run_cluster(options["cluster"])
        else:
            limits = dataclasses.replace(Limits(), **{name: options[name] for name in _OPTIONS})
            Supervisor(name=options["name"], limits=limits).run()
