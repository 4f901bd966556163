"""`manage.py apply_retention`: what is kept too long goes."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.formats import date_format

from barnet.kit.retention import UnknownKindError, kind_of, kinds
from barnet.operations import retention
from barnet.operations.models import RetentionReport

_HELP = """\
Applies the retention schedule and prints a report: per kind how many, the oldest, and what happens to them.

  manage.py apply_retention --dry-run
  manage.py apply_retention --kind message-texts --kind mailbox
"""


class Command(BaseCommand):
    help = _HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="report, and change nothing")
        parser.add_argument("--kind", action="append", metavar="KEY", help="only this kind; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reports = retention.apply_all(keys=options["kind"], is_dry_run=options["dry_run"])
        except UnknownKindError as error:
            known = ", ".join(kind.key for kind in kinds())
            raise CommandError(f"There is no kind {error}. There are: {known}.") from None
        for report in reports:
            self.stdout.write(_line(report))
        if broken := [report.kind for report in reports if report.error]:
            raise CommandError(f"Failed: {', '.join(broken)}. The log has the reason.")


def _line(report: RetentionReport) -> str:
    kind = kind_of(report.kind)
    oldest = f", the oldest of {date_format(timezone.localtime(report.oldest_at), 'j F Y')}" if report.oldest_at else ""
    did = "" if report.is_dry_run else f" {report.done} dealt with."
    action = f" {kind.action}" if report.count else ""
    return f"{report.kind}: kept {report.days} days; {report.count} are older{oldest}.{action}{did}"
