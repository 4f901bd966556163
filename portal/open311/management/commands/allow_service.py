from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from barnet.catalogue.models import Service
from barnet.customers.api.api_keys import ApiKey, ApiScope
from portal.open311.models import ServiceAllowance


class Command(BaseCommand):
    help = """Limits a key of Open311 to services, public or not. Run again, it changes what was said.

A key without any allowance reaches every public service.

Examples:
    manage.py allow_service "FixMyStreet" report-pothole report-street-light
    manage.py allow_service "Lamps Ltd" report-street-light --only report
    manage.py allow_service "FixMyStreet" report-pothole --revoke
    manage.py allow_service "FixMyStreet"
"""

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="of the key")
        parser.add_argument("services", nargs="*", help="short names; none: only show what the key reaches")
        parser.add_argument("--only", choices=["read", "report"], help="one of the two (default: both)")
        parser.add_argument("--revoke", action="store_true", help="take the services away from the key")

    @transaction.atomic
    def handle(self, *, name: str, services: list[str], only: str | None, revoke: bool, **options: Any) -> None:
        key = ApiKey.objects.filter(name=name).first()
        if key is None:
            raise CommandError(f"There is no key called {name!r}: make one with make_api_key.")
        if ApiScope.OPEN311_REPORT not in key.scopes:
            raise CommandError(f"The key {name!r} does not have the scope {ApiScope.OPEN311_REPORT}.")
        rows = list(Service.objects.filter(slug__in=services))
        if unknown := sorted(set(services) - {row.slug for row in rows}):
            raise CommandError(f"There is no service {', '.join(unknown)}. Nothing was changed.")
        if revoke:
            self._revoke(key, rows)
        for row in [] if revoke else rows:
            may = {"may_read": only != "report", "may_report": only != "read"}
            ServiceAllowance.objects.update_or_create(api_key=key, service=row, defaults=may)
        self._show(key)

    def _revoke(self, key: ApiKey, rows: list[Service]) -> None:
        """Not the last one by chance: a key without any reaches everything that is public."""
        ServiceAllowance.objects.filter(api_key=key, service__in=rows).delete()
        if not ServiceAllowance.objects.filter(api_key=key).exists():
            self.stderr.write(f"{key.name} is not limited any more. To end it: make_api_key {key.name!r} --revoke.")

    def _show(self, key: ApiKey) -> None:
        found = ServiceAllowance.objects.filter(api_key=key).select_related("service")
        if not found:
            self.stdout.write(f"{key.name} reads and reports every public service.")
        for row in found:
            may = " and ".join(word for word, is_so in (("read", row.may_read), ("report", row.may_report)) if is_so)
            self.stdout.write(f"{key.name} may {may} {row.service.slug}.")
