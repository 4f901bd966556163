from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from barnet.catalogue.models import Service
from portal.open311.models import About, OpenService


class Command(BaseCommand):
    help = """Opens services to Open311. Run again, it changes what was said.

Examples:
    manage.py make_api_key "FixMyStreet" --scope open311:report
    manage.py open_service street-light --about street --group Streets --keywords light,lamp
    manage.py open_service street-light --close
    manage.py open_service
"""

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("services", nargs="*", help="short names of services; none: only show what is open")
        parser.add_argument("--about", choices=About.values, help="what a request is about")
        parser.add_argument("--group", default="", help="under which it is listed")
        parser.add_argument("--keywords", default="", help="with commas between them")
        parser.add_argument("--close", action="store_true", help="close the services to this API")

    def handle(
        self, *, services: list[str], about: str | None, group: str, keywords: str, close: bool, **options: Any
    ) -> None:
        rows = {row.slug: row for row in Service.objects.filter(slug__in=services)}
        if unknown := [slug for slug in services if slug not in rows]:
            raise CommandError(f"There is no service {', '.join(unknown)}. Nothing was changed.")
        if close:
            OpenService.objects.filter(service__in=rows.values()).delete()
        elif rows and not about:
            raise CommandError("Say --about street or --about home.")
        else:
            words = [word.strip() for word in keywords.split(",") if word.strip()]
            if len(group) > 60 or any(len(word) > 40 for word in words):
                raise CommandError("A group has at most 60 characters, a keyword 40.")
            for row in rows.values():
                said = {"about": about, "group": group, "keywords": words}
                OpenService.objects.update_or_create(service=row, defaults=said)
        for open_row in OpenService.objects.select_related("service"):
            self.stdout.write(f"{open_row.service.slug}: {open_row.about}")
