import datetime as dt
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from barnet.customers.api.api_keys import ApiKey, ApiScope, make_api_key


class Command(BaseCommand):
    help = """Makes a key for another system that calls our API. It is shown once.

Examples:
    manage.py make_api_key "Waste contractor" --scope waste:write --until 2027-11-30
    manage.py make_api_key "Waste contractor" --revoke
"""

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="whose system it is; unique")
        parser.add_argument("--scope", action="append", default=[], choices=ApiScope.values, help="what it opens")
        parser.add_argument("--until", type=dt.date.fromisoformat, help="its last day, as 2027-11-30 (default: a year)")
        parser.add_argument("--revoke", action="store_true", help="end the key of this name at once")

    def handle(self, *, name: str, scope: list[str], until: dt.date | None, revoke: bool, **options: Any) -> None:
        if revoke:
            self._revoke(name)
        else:
            self._make(name, scope, until)

    def _make(self, name: str, scope: list[str], until: dt.date | None) -> None:
        if not scope:
            raise CommandError(f"Say what it opens: --scope {ApiScope.WASTE_WRITE}.")
        if ApiKey.objects.filter(name=name).exists():
            raise CommandError(f"There is a key called {name!r} already. Give the new one another name.")
        last = until or timezone.localdate() + dt.timedelta(days=365)
        if last < timezone.localdate():
            raise CommandError(f"{last} is over.")
        expires_at = timezone.make_aware(dt.datetime.combine(last + dt.timedelta(days=1), dt.time()))
        _key, text = make_api_key(name, scope, expires_at=expires_at)
        self.stdout.write(f"The key of {name}, until the end of {last}. Keep it safe: it is not shown again.\n{text}")

    def _revoke(self, name: str) -> None:
        ended = ApiKey.objects.filter(name=name, revoked_at=None).update(revoked_at=timezone.now())
        if not ended:
            raise CommandError(f"There is no key called {name!r} that could be revoked.")
        self.stdout.write(f"The key of {name} has ended.")
