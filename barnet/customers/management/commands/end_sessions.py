"""`manage.py end_sessions EMAIL`: somebody, or everybody, has to sign in again."""

import argparse
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from barnet.customers.models import User
from barnet.customers.signing_in import sessions


class Command(BaseCommand):
    help = "Ends every session of one person, or of all. Passwords stay: they sign in again."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        shown = {
            "epilog": "Example: manage.py end_sessions asha@example.com",
            "formatter_class": argparse.RawDescriptionHelpFormatter,
        }
        return super().create_parser(*args, **{**kwargs, **shown})

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", help="with which the person signs in")
        parser.add_argument("--all", action="store_true", help="of everybody, visitors included")
        parser.add_argument("--dry-run", action="store_true", help="count them, end none")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["email"]) == options["all"]:
            raise CommandError("Name one e-mail address, or --all.")
        found = self._all() if options["all"] else self._of(options["email"])
        if not options["dry_run"]:
            Session.objects.filter(pk__in=found).delete()
            sessions.note_ended(found)
        said = f"{len(found)} sessions ended." if not options["dry_run"] else f"{len(found)} sessions would end."
        self.stdout.write(said)

    def _all(self) -> list[str]:
        return list(Session.objects.values_list("pk", flat=True))

    def _of(self, email: str) -> list[str]:
        """A session does not say in the clear whose it is: each that has not expired is read."""
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        alive = Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=1000)
        store = SessionStore()
        return [row.pk for row in alive if store.decode(row.session_data).get("_auth_user_id") == str(user.pk)]
