"""`manage.py send_test_message`: does a message leave?"""

import argparse
import time
import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.formats import date_format

from barnet.notifications.delivery import deliver
from barnet.notifications.enums import MessageState
from barnet.notifications.models import Message
from barnet.notifications.registry import TEST_MESSAGE
from barnet.notifications.services import queue_message

_HELP = """\
Writes a test message into the outbox and waits until it was sent.

  manage.py send_test_message you@example.com          by the worker, as every message
  manage.py send_test_message you@example.com --here   by this process: is it the worker or the mail server?
"""


class Command(BaseCommand):
    help = _HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="where to send it")
        parser.add_argument("--here", action="store_true", help="send it from this process, without the worker")
        parser.add_argument("--wait", type=float, default=30, metavar="S", help="give up after S seconds (30)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(f"{options['email']!r} is not an e-mail address.") from None
        started = time.monotonic()
        [message] = queue_message(
            TEST_MESSAGE.key,
            key=f"test:{uuid.uuid4()}",
            email=options["email"],
            fields={
                "council": settings.COUNCIL_NAME,
                "asked_at": date_format(timezone.localtime(), "j F Y, H:i"),
            },
        )
        if options["here"]:
            deliver(str(message.pk))
        self._wait_for(message, seconds=options["wait"])
        self.stdout.write(f"Sent to {message.address} after {time.monotonic() - started:.1f} seconds.")

    def _wait_for(self, message: Message, *, seconds: float) -> None:
        """Returns when it was sent; anything else is a CommandError that says where to look."""
        until = time.monotonic() + seconds
        while True:
            message.refresh_from_db()
            if message.state == MessageState.SENT:
                return
            if message.last_error:
                raise CommandError(f"Not sent: {message.last_error}")
            if time.monotonic() >= until:
                raise CommandError(f"Not sent after {seconds:g} seconds. Is `manage.py worker` running?")
            time.sleep(0.1)
