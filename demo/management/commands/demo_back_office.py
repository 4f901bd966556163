"""The demo back office, by hand."""

import time
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from demo.back_office import BackOffice, Faults, serving
from portal.cases.models import BackOffice as Known


class Command(BaseCommand):
    help = """Runs a back office that takes our calls and answers with updates, until it is interrupted.

Examples:
    manage.py back_office set demo --name "Demo office" --url http://127.0.0.1:8100/ --services general-enquiry
    manage.py demo_back_office demo --port 8100
    manage.py demo_back_office demo --port 8100 --fail 0.3 --stall 0.1 --duplicate 0.5 --reorder 0.5
"""

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("office", help="its short name, as set with back_office set")
        parser.add_argument("--port", type=int, default=8100)
        for name, what in (
            ("fail", "answers 503"),
            ("stall", "takes the call and answers too late"),
            ("duplicate", "sends an update twice"),
            ("reorder", "sends the last update first"),
        ):
            parser.add_argument(f"--{name}", type=float, default=0, help=f"how often it {what}, from 0 to 1")

    def handle(self, *, office: str, port: int, **options: Any) -> None:
        known = Known.objects.filter(slug=office).first()
        if known is None:
            raise CommandError(f"There is no back office {office}: make it with manage.py back_office set.")
        faults = Faults(**{name: options[name] for name in ("fail", "stall", "duplicate", "reorder")})
        url = settings.BASE_URL + reverse("api_back_office_updates", args=[office])
        working = BackOffice(secret=known.secret, updates_url=url, faults=faults)
        with serving(working, port=port) as address:
            self.stdout.write(f"{known} takes calls at {address}. Stop it with Ctrl+C.")
            try:
                while True:
                    time.sleep(1)
            except KeyboardInterrupt:
                self.stdout.write(f"{len(working.arrived)} calls, {working.repeats} repeats.")
