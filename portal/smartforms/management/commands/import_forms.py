import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.smartforms.definition.reading import Finding, UnreadableFormError
from portal.smartforms.library import laying
from portal.smartforms.models import FormVersion
from portal.smartforms.publishing import UnprovenFormError, import_form


class Command(BaseCommand):
    help = (
        "Proves forms and publishes them. A form that did not change stays as it is.\n\n"
        "  manage.py import_forms street.json\n"
        "  manage.py import_forms --dry-run street.json   says what would happen\n"
        "  manage.py import_forms                         the forms that come with the portal, without those\n"
        "                                                 that somebody published in the back office"
    )

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(*args, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help="forms as JSON: docs/developers/forms.md"
        )
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"] or laying.files()
        wrong = 0
        for number, file in enumerate(files, 1):
            wrong += not self._import(file, f"[{number}/{len(files)}] {file.name}", options["dry_run"])
        if wrong:
            raise CommandError(f"{wrong} of {len(files)} forms were not published.")

    def _import(self, file: Path, title: str, dry_run: bool) -> bool:
        try:
            source = file.read_text()
            with transaction.atomic():
                before = FormVersion.objects.count()
                version = import_form(source, by=None)
                laying.begin_services(version.form)
                is_new = FormVersion.objects.count() > before
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise CommandError(f"{file}: this is no text in UTF-8.") from None
        except (UnreadableFormError, UnprovenFormError) as error:
            return self._told(title, error.findings)
        would = "would be " if dry_run else ""
        self.stdout.write(f"{title}: {would}{'published' if is_new else 'unchanged'}, version {version.number}.")
        return True

    def _told(self, title: str, findings: list[Finding]) -> bool:
        self.stdout.write(f"{title}: not published.")
        for finding in findings:
            self.stdout.write(f"  {finding}")
        return False
