import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.smartforms import library
from portal.smartforms.definition.reading import Finding, UnreadableFormError, read
from portal.smartforms.proving.gate import Proof, prove
from portal.smartforms.publishing import unknown_services, unknown_teams


class Command(BaseCommand):
    help = (
        "Shows that forms can be finished whatever is answered, or where they cannot. Writes nothing.\n\n"
        "  manage.py prove_form street.json\n"
        "  manage.py prove_form --paths street.json     every way through it, with answers that lead there\n"
        "  manage.py prove_form                         the forms that come with the portal"
    )

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(*args, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help="forms as JSON: docs/developers/forms.md"
        )
        parser.add_argument("--paths", action="store_true", help="list every way through")
        parser.add_argument(
            "--on", type=dt.date.fromisoformat, default=None, help="the day, when not today: 2027-04-01"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"] or [library.FOLDER / f"{name}.json" for name in library.names()]
        wrong = [file for file in files if not self._prove(file, options["on"] or dt.date.today(), options["paths"])]
        if wrong:
            raise CommandError(f"{len(wrong)} of {len(files)} forms cannot be published.")

    def _prove(self, file: Path, on: dt.date, tell_paths: bool) -> bool:
        try:
            form = read(file.read_text())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise CommandError(f"{file}: this is no text in UTF-8.") from None
        except UnreadableFormError as error:
            return self._told(file, error.findings)
        proof = prove(form, on)
        found = [*proof.findings, *unknown_services(form), *unknown_teams(form)]
        if found:
            return self._told(file, found)
        self.stdout.write(f"{file.name}: can be finished, {ways(proof)}.")
        if tell_paths:
            for path in proof.paths:
                self.stdout.write(f"  {path.outcome}: {' > '.join(path.steps)}\n    {path.in_words()}")
        return True

    def _told(self, file: Path, findings: list[Finding]) -> bool:
        self.stdout.write(f"{file.name}: cannot be published.")
        for finding in findings:
            self.stdout.write(f"  {finding}")
        return False


def ways(proof: Proof) -> str:
    if not proof.is_every_path:
        return f"more than {len(proof.paths)} ways lead through it"
    return "one way leads through it" if len(proof.paths) == 1 else f"{len(proof.paths)} ways lead through it"
