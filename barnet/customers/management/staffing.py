"""What the commands for joiners, movers and leavers share: who does it, a dry run, and words instead of tracebacks."""

import argparse
import getpass
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction

from barnet.customers.enums import StaffSource
from barnet.customers.models import User
from barnet.customers.staff.roles import ROLES
from barnet.customers.staff.staffing import Cause, Change, StaffingRefusedError


class StaffCommand(BaseCommand):
    """`act` does it; with --dry-run everything is done and taken back, so that the answer is the true one."""

    example = ""
    needs_roles = False

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        shown = {"epilog": f"Example: {self.example}", "formatter_class": argparse.RawDescriptionHelpFormatter}
        return super().create_parser(*args, **{**kwargs, **shown})

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="with which the person signs in")
        parser.add_argument("--reason", default="", help="kept in the record, at most 300 characters")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        if self.needs_roles:
            parser.add_argument(
                "--role", action="append", required=True, dest="roles", help=f"again for each: {', '.join(ROLES)}"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        cause = Cause(StaffSource.COMMAND, f"{getpass.getuser()} on the server", reason=options["reason"])
        try:
            with transaction.atomic():
                change = self.act(cause, options)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except StaffingRefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(("Dry run, nothing is changed. " if options["dry_run"] else "") + self._words(change))

    def act(self, cause: Cause, options: dict[str, Any]) -> Change:
        raise NotImplementedError

    def known(self, options: dict[str, Any]) -> User:
        user = User.objects.filter(email=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        return user

    def _words(self, change: Change) -> str:
        event = change.event
        if event is None:
            return f"{change.user.email}: nothing to change, it is so already."
        before, after = ", ".join(event.roles_before) or "none", ", ".join(event.roles) or "none"
        said = f"{change.user.email}: {event.get_kind_display().lower()}. Roles before: {before}; now: {after}."
        return f"{said} {event.handed_back}".strip()
