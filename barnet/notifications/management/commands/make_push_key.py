"""`manage.py make_push_key`: with it this installation offers notifications on devices."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from barnet.notifications.push.keys import new_private_key

_HELP = """\
Prints a new key for notifications on devices (VAPID), as a line for the environment. It stores nothing.

  manage.py make_push_key                     PUSH_PRIVATE_KEY=...
  manage.py make_push_key >> portal.env

Set PUSH_CONTACT, too. Keep the key secret, and keep it: with another key everybody must turn notifications on again.
"""


class Command(BaseCommand):
    help = _HELP
    requires_system_checks = []  # it is needed before the portal is set up

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"PUSH_PRIVATE_KEY={new_private_key()}")
