from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Q

from barnet.catalogue.models import Service
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.kinds import kinds
from portal.cases.delivery.nightly import KIND, has_its_fingerprint, make_file, path_of, waiting_for
from portal.cases.delivery.pausing import is_held
from portal.cases.delivery.sending import leave_out, replay, send_waiting
from portal.cases.delivery.setting import set_office, stop_using
from portal.cases.models import BackOffice, Delivery, OfficeFile, OfficePause

_OPTIONS = {"url": "--url", "options": "--option", "key_of_theirs": "--secret-file"}


class Command(BaseCommand):
    help = """Back offices that deal with requests of some services. Run again, `set` changes what it names.

Examples:
    manage.py back_office set lamps --name "Lamps Ltd" --url https://lamps.example/hooks --services street-light
    manage.py back_office set lamps --services street-light dark-street --secret-file /run/secrets/lamps
    manage.py back_office set lamps --new-secret
    manage.py back_office set roads --kind open311 --url https://roads.example/open311/v2 --services pothole \
        --secret-file /run/secrets/roads --option code.pothole=HOLE --option updates=yes
    manage.py back_office stop lamps
    manage.py back_office list
    manage.py back_office replay lamps
    manage.py back_office replay lamps --case BAR-7K4M-9Q2X
    manage.py back_office leave-out lamps --case BAR-7K4M-9Q2X
    manage.py back_office send
    manage.py back_office set trees --kind nightly-file --services fallen-tree
    manage.py back_office file trees --dry-run
    manage.py back_office check-files trees
"""

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        setting = acts.add_parser("set", help="make one, or change it; it is told from now on")
        setting.add_argument("slug", help="its short name")
        setting.add_argument("--name", help="as staff read it")
        setting.add_argument("--kind", choices=[kind.name for kind in kinds()], help="how it is told; first: webhook")
        setting.add_argument("--url", help="where")
        setting.add_argument("--services", nargs="*", help="short names of all its services; none: of none")
        setting.add_argument(
            "--secret-file", type=Path, help="the secret with which both sides sign, or the key of theirs"
        )
        setting.add_argument("--new-secret", action="store_true", help="make another secret and show it once")
        setting.add_argument("--at-once", action="store_true", help="with another secret: the older ones end now")
        setting.add_argument("--contact", choices=["yes", "no"], help="whether it hears who asked; first: yes")
        setting.add_argument(
            "--option", action="append", default=[], help="of its kind, as name=value; without a value it is taken back"
        )
        stop = acts.add_parser("stop", help="it is no longer used: note nothing more, and send nothing that waits")
        stop.add_argument("slug")
        acts.add_parser("list", help="what there is, and how deliveries stand")
        for name, what in (("replay", "try again"), ("leave-out", "never send")):
            settling = acts.add_parser(name, help=f"{what} what was given up")
            settling.add_argument("slug")
            settling.add_argument("--case", help="only of this request")
        filing = acts.add_parser("file", help="make the file of an office now, instead of at night")
        filing.add_argument("slug")
        filing.add_argument("--dry-run", action="store_true", help="say how many rows it would have, and write nothing")
        checking = acts.add_parser("check-files", help="compare the files on the disk with their fingerprints")
        checking.add_argument("slug")
        acts.add_parser("send", help="send what is due, in this process")

    def handle(self, *, act: str, **options: Any) -> None:
        getattr(self, f"_{act.replace('-', '_')}")(options)

    def _set(self, said: dict[str, Any]) -> None:
        """Whatever is wrong is found before anything is written."""
        office = BackOffice.objects.filter(slug=said["slug"]).first()
        office = office or BackOffice(slug=said["slug"], name=said["slug"], kind="webhook")
        office.is_active = True
        for name in ("name", "kind", "url"):
            if said[name] is not None:
                setattr(office, name, said[name])
        if said["contact"]:
            office.hears_contact = said["contact"] == "yes"
        _settle_options(office, said["option"])
        try:
            done = set_office(
                office,
                None if said["services"] is None else _services(said["services"]),
                by=None,
                key_of_theirs=_key_in(said["secret_file"]),
                makes_secret=said["new_secret"],
                ends_at_once=said["at_once"],
            )
        except ValidationError as wrong:
            raise CommandError(" ".join(_sentence(field, told) for field, told in wrong.message_dict.items())) from None
        self.stdout.write(f"{office} is told of {office.services.count()} services.")
        if done.secret:
            self.stdout.write(f"Its secret, shown once: {done.secret}")

    def _stop(self, said: dict[str, Any]) -> None:
        office = _office(said["slug"])
        stop_using(office, by=None)
        self.stdout.write(f"{office} is no longer used: nothing is noted for it until it is set again.")

    def _list(self, said: dict[str, Any]) -> None:
        counts = {
            f"{state}_count": Count("deliveries", filter=Q(deliveries__state=state))
            for state in (DeliveryState.WAITING, DeliveryState.GIVEN_UP)
        }
        held = set(OfficePause.objects.open().values_list("office", flat=True))
        for office in BackOffice.objects.annotate(**counts).prefetch_related("services"):
            stands = ", no longer used" if not office.is_active else ", held" if office.pk in held else ""
            self.stdout.write(
                f"{office.slug} ({office.kind}{stands}): {office.waiting_count} waiting, "  # type: ignore[attr-defined]
                f"{office.given_up_count} given up; "  # type: ignore[attr-defined]
                f"{', '.join(service.slug for service in office.services.all()) or 'no service'}"
            )
            for name, value in sorted(office.options.items()):
                self.stdout.write(f"  {name}={value}")

    def _replay(self, said: dict[str, Any]) -> None:
        self.stdout.write(f"{replay(_given_up(said))} will be tried again.")

    def _leave_out(self, said: dict[str, Any]) -> None:
        self.stdout.write(f"{leave_out(_given_up(said))} will not be sent.")

    def _send(self, said: dict[str, Any]) -> None:
        self.stdout.write(send_waiting())

    def _file(self, said: dict[str, Any]) -> None:
        office = _office(said["slug"])
        if office.kind != KIND or not office.is_active:
            raise CommandError(f"{office} gets no files.")
        if is_held(office):
            raise CommandError(f"{office} is held: somebody must let it go on at /staff/back-offices/.")
        if said["dry_run"]:
            self.stdout.write(f"{waiting_for(office).count()} rows wait. Nothing was written.")
            return
        try:
            made = make_file(office)
        except OSError as error:
            raise CommandError(f"The file could not be written: {error}.") from None
        if made is None:
            self.stdout.write("Nothing waits: no file was made.")
        else:
            self.stdout.write(f"{path_of(made)}: {made.row_count} rows, SHA-256 {made.fingerprint}")

    def _check_files(self, said: dict[str, Any]) -> None:
        files = OfficeFile.objects.filter(office=_office(said["slug"]), removed_at=None).select_related("office")
        wrong = [file.name for file in files if not has_its_fingerprint(file)]
        if wrong:
            raise CommandError(f"Missing, or not as it was written: {', '.join(wrong)}.")
        self.stdout.write(f"{len(files)} files are as they were written.")


def _settle_options(office: BackOffice, said: list[str]) -> None:
    for text in said:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals):
            raise CommandError("Write an option as name=value.")
        if value:
            office.options[name] = value
        else:
            office.options.pop(name, None)


def _sentence(field: str, told: list[str]) -> str:
    words = " ".join(told)
    return f"{_OPTIONS[field]}: {words}" if field in _OPTIONS else words


def _key_in(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        key = file.read_text().strip()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from None
    if not key:
        raise CommandError(f"{file} is empty.")
    return key


def _office(slug: str) -> BackOffice:
    office = BackOffice.objects.filter(slug=slug).first()
    if office is None:
        raise CommandError(f"There is no back office {slug}.")
    return office


def _services(slugs: list[str]) -> list[Service]:
    found = {service.slug: service for service in Service.objects.filter(slug__in=slugs)}
    if unknown := [slug for slug in slugs if slug not in found]:
        raise CommandError(f"There is no service {', '.join(unknown)}. Nothing was changed.")
    return list(found.values())


def _given_up(said: dict[str, Any]) -> Any:
    deliveries = Delivery.objects.filter(office=_office(said["slug"]))
    return deliveries.filter(case__reference=said["case"]) if said["case"] else deliveries
