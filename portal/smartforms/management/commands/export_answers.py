import argparse
import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from barnet.customers.models import User
from portal.smartforms.definition.model import StepKind
from portal.smartforms.exporting.batches import Export, begin_export
from portal.smartforms.exporting.files import lines_of
from portal.smartforms.models import FormVersion, Submission
from portal.smartforms.versions import definition_of


class Command(BaseCommand):
    help = (
        "Writes the answers that were sent in one version of a form to a file. It is recorded who did it and for\n"
        "what, with each person whose answers are in it.\n\n"
        "  manage.py export_answers --form blue-badge --version 2 --format csv \\\n"
        "      --by nadia@council.example --purpose 'Report to the committee' --output badges.csv\n"
        "  manage.py export_answers --form school-place --version 1 --format csv --group children ...\n"
        "                                   a line for each thing of a group\n"
        "  manage.py export_answers ... --from 2026-04-01 --until 2026-04-30\n"
        "  manage.py export_answers ... --with-special   special-category answers too, when --by has that right"
    )

    def create_parser(self, *args: Any, **options: Any) -> Any:
        # Django's own --version would stand in the way of ours.
        options["conflict_handler"] = "resolve"
        return super().create_parser(*args, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--form", required=True, metavar="SLUG")
        parser.add_argument("--version", required=True, type=int, metavar="NUMBER", dest="form_version")
        parser.add_argument("--format", required=True, choices=["csv", "json"])
        parser.add_argument("--group", metavar="STEP", help="with csv: the key of the group")
        parser.add_argument("--from", type=dt.date.fromisoformat, metavar="DAY", dest="from_on")
        parser.add_argument("--until", type=dt.date.fromisoformat, metavar="DAY", dest="until_on")
        parser.add_argument("--with-special", action="store_true")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the member of staff who answers for it")
        parser.add_argument("--purpose", required=True, help="for what, in at most 100 signs")
        parser.add_argument("--output", type=Path, metavar="FILE", help="otherwise to the standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        export = self._export(options)
        user = User.objects.filter(email__iexact=options["by"], is_staff=True, is_active=True).first()
        if user is None:
            raise CommandError(f"{options['by']} is no member of staff.")
        try:
            batches = begin_export(export, by=user)
        except PermissionDenied:
            raise CommandError(f"{options['by']} has no right to export these answers.") from None
        contents = f"group-{options['group']}" if options["group"] else options["format"]
        lines = lines_of(export, self._told(batches), contents)
        if options["output"] is None:
            self._write(lines, sys.stdout)
            return
        try:
            with options["output"].open("w", encoding="utf-8", newline="") as file:
                self._write(lines, file)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}.") from None

    def _export(self, options: dict[str, Any]) -> Export:
        versions = FormVersion.objects.select_related("form").filter(form__slug=options["form"])
        version = versions.filter(number=options["form_version"]).first()
        if version is None:
            numbers = ", ".join(str(one.number) for one in versions) or "none"
            raise CommandError(f"{options['form']} has no version {options['form_version']}. There are: {numbers}.")
        groups = [step.key for step in definition_of(version).steps if step.kind is StepKind.GROUP]
        if options["group"] and (options["format"] != "csv" or options["group"] not in groups):
            raise CommandError(f"--group goes with csv and one of: {', '.join(groups) or 'none in this form'}.")
        if not 4 <= len(options["purpose"].strip()) <= 100:
            raise CommandError("Say the purpose in 4 to 100 signs.")
        if options["from_on"] and options["until_on"] and options["from_on"] > options["until_on"]:
            raise CommandError("--until is before --from.")
        return Export(
            version=version,
            purpose=options["purpose"].strip(),
            with_special=options["with_special"],
            from_on=options["from_on"],
            until_on=options["until_on"],
        )

    def _write(self, lines: Iterable[str], file: Any) -> None:
        for line in lines:
            file.write(line)

    def _told(self, batches: Iterator[list[Submission]]) -> Iterator[list[Submission]]:
        count = 0
        for batch in batches:
            yield batch
            count += len(batch)
            self.stderr.write(f"{count} sent forms")
