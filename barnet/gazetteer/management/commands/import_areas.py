import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.errors import BadFileError
from barnet.gazetteer.models import Area
from barnet.gazetteer.services import AreaImport, import_areas

EXAMPLES = """
examples:
  manage.py import_areas wards.geojson --kind ward --dry-run
  manage.py import_areas wards.geojson --kind ward
  manage.py import_areas wards_2014.geojson --kind ward --from 2014-05-22
  manage.py import_areas zones.gpkg --kind parking_zone --layer cpz --code-field ref --name-field title
  manage.py import_areas catchments.zip --kind school_catchment --from 2025-09-01 --to 2026-09-01

A file holds all areas of its kind from one day on: areas of an earlier day end when these begin, and approximate ones
(those of the demo) are made exact or removed. docs/operators/imports.md explains formats and messages.
"""


def day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no date such as 2026-05-07") from None


class Command(BaseCommand):
    help = "Import wards, zones or other areas from any file that GDAL reads: GeoJSON, Shapefile, GeoPackage ..."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLES
        first = Area._meta.get_field("valid_from").default
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--kind", required=True, choices=AreaKind.values)
        parser.add_argument(
            "--from", "--valid-from", dest="valid_from", type=day, default=first, metavar="DATE", help=f"else {first}"
        )
        parser.add_argument(
            "--to",
            dest="valid_to",
            type=day,
            metavar="DATE",
            help="the first day on which they hold no more; else they end when a later vintage begins",
        )
        parser.add_argument("--code-field", default="", help="the field with the code, such as WD25CD")
        parser.add_argument("--name-field", default="", help="the field with the name, such as WD25NM")
        parser.add_argument("--layer", default="", help="which layer, when the file has several")
        parser.add_argument("--crs", default="", help="the coordinate system, when the file does not say it")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = import_areas(
                options["file"],
                kind=options["kind"],
                valid_from=options["valid_from"],
                valid_to=options["valid_to"],
                code_field=options["code_field"],
                name_field=options["name_field"],
                layer_name=options["layer"],
                crs=options["crs"],
                dry_run=options["dry_run"],
            )
        except BadFileError as error:
            raise CommandError(f"{options['file']} {error} Nothing was changed.") from None
        for bad in done.bad:
            self.stderr.write(f"{options['file']}, feature {bad.number}: {bad.reason}.")
        if done.bad:
            raise CommandError("Because of the bad features nothing was changed.")
        self._tell(done, dry_run=options["dry_run"])

    def _tell(self, done: AreaImport, *, dry_run: bool) -> None:
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{done.features} areas: {len(done.added)} {would}added, {len(done.updated)} {would}updated, "
            f"{len(done.unchanged)} unchanged."
        )
        for names, what in (
            (done.ended, f"of an earlier vintage {would}ended"),
            (done.removed, f"approximate {would}removed"),
            (done.in_use, f"approximate {would}ended, not removed: something still refers to them"),
            (done.not_in_file, "of the same day are not in the file and stay as they are"),
        ):
            if names:
                self.stdout.write(f"{len(names)} {what}: {', '.join(sorted(names))}.")
        for name, rows in done.recomputed.items():
            self.stdout.write(f"Worked out again: {name}, {rows:,} {would}changed.")
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")
