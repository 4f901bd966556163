from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from barnet.catalogue.models import Service
from portal.reports.models import About, PublicService
from portal.reports.services import open_service
from portal.smartforms.models import SmartForm


class Command(BaseCommand):
    help = """Makes services public: on the map at /report/ and through Open311. Run again, it changes what was said.

Examples:
    manage.py open_service report-street-light --about street --group Streets --keywords light,lamp
    manage.py open_service report-pothole --about street --name "A pothole" \\
        --form report-a-street-problem --answer problem=pothole
    manage.py open_service report-street-light --close
    manage.py open_service
"""

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("services", nargs="*", help="short names of services; none: only show what is open")
        parser.add_argument("--about", choices=About.values, help="what a request is about")
        parser.add_argument("--group", default="", help="under which it is listed")
        parser.add_argument("--keywords", default="", help="with commas between them")
        parser.add_argument("--name", default="", help="as residents call it, on the map")
        parser.add_argument("--form", default="", help="the form that asks for the details, on the map")
        parser.add_argument("--answer", action="append", default=[], help="that the form begins with: problem=pothole")
        parser.add_argument("--close", action="store_true", help="make the services private again")

    def handle(self, *, services: list[str], about: str | None, close: bool, **said: Any) -> None:
        rows = {row.slug: row for row in Service.objects.filter(slug__in=services)}
        if unknown := [slug for slug in services if slug not in rows]:
            raise CommandError(f"There is no service {', '.join(unknown)}. Nothing was changed.")
        if close:
            PublicService.objects.filter(service__in=rows.values()).delete()
        elif rows and not about:
            raise CommandError("Say --about street or --about home.")
        else:
            more = _said(**{name: said[name] for name in ("group", "keywords", "name", "form", "answer")})
            for row in rows.values():
                open_service(row, about=str(about), **more)
        for public in PublicService.objects.select_related("service"):
            self.stdout.write(f"{public.service.slug}: {public.about}")


def _said(*, group: str, keywords: str, name: str, form: str, answer: list[str]) -> dict[str, Any]:
    words = [word.strip() for word in keywords.split(",") if word.strip()]
    if len(group) > 60 or len(name) > 80 or any(len(word) > 40 for word in words):
        raise CommandError("A group has at most 60 characters, a name 80, a keyword 40.")
    found = SmartForm.objects.filter(slug=form).first() if form else None
    if form and found is None:
        raise CommandError(f"There is no form {form}. Nothing was changed.")
    pairs = [text.partition("=") for text in answer]
    if any(not (key and equals) for key, equals, _value in pairs):
        raise CommandError("Write an answer as problem=pothole.")
    answers = {key: value for key, _equals, value in pairs}
    return {"group": group, "keywords": words, "name": name, "form": found, "answers": answers}
