"""What waits for an office, as one file a night: docs/developers/back-offices.md.

Guarantee: each delivery stands in exactly one file that counts, and a file counts when its fingerprint lies beside it.

1. gather   Under a lock of the office and of the rows: the next number of the office, the bytes, the file by rename,
            then the commit. A worker that is killed before the commit leaves a file without a fingerprint; the next run
            has the same number and replaces it.
2. seal     The fingerprint, as it is in the database, is written beside the file. A file that was committed and not
            sealed is sealed by the next run.

A night without anything to tell makes no file, and while an office is held nothing is written or sealed for it.
"""

import csv
import hashlib
import io
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnet.kit.spreadsheets import harmless
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.kinds import OfficeKind, RefusedError, UnavailableError
from portal.cases.delivery.models import BackOffice, Delivery, OfficeFile
from portal.cases.delivery.office_models import OfficePause
from portal.cases.delivery.pausing import is_held
from portal.cases.delivery.webhook import told
from portal.cases.services.writing import take_turn

KIND = "nightly-file"
_EVENT = ["number", "kind", "at", "state", "text"]
_CASE = ["reference", "service", "title", "details", "urgency", "opened_at", "promise_on", "place", "uprn"]
_PLACE = ["lat", "long", "outcome"]
_CONTACT = ["name", "email", "phone"]
COLUMNS = [
    "delivery",
    *(f"event_{name}" for name in _EVENT),
    *_CASE,
    *_PLACE,
    *(f"contact_{name}" for name in _CONTACT),
]

log = structlog.get_logger("portal.cases.delivery")


def make_files() -> str:
    """The periodic job. A folder that cannot be written to stops no other office; the run is then a failure."""
    made, failed = 0, list[str]()
    held = OfficePause.objects.open().values("office")
    for office in BackOffice.objects.filter(kind=KIND, is_active=True).exclude(pk__in=held):
        try:
            made += make_file(office) is not None
        except OSError as error:
            reason = f"The file could not be written: {error.strerror or type(error).__name__}."
            log.exception("file of a back office failed", office=office.slug)
            waiting_for(office).update(last_error=reason, attempt_count=F("attempt_count") + 1)
            failed.append(office.slug)
    if failed:
        raise OSError(f"No file for {', '.join(failed)}.")
    return f"{made} files"


def make_file(office: BackOffice) -> OfficeFile | None:
    if is_held(office):
        return None
    _seal_all(office)
    made = _gather(office)
    if made:
        _seal(made)
    return made


def waiting_for(office: BackOffice) -> QuerySet[Delivery]:
    """What the next file holds. After something that was given up the rest of that request waits."""
    before = Delivery.objects.filter(
        office=OuterRef("office"), case=OuterRef("case"), pk__lt=OuterRef("pk"), state=DeliveryState.GIVEN_UP
    )
    return Delivery.objects.filter(~Exists(before), office=office, state=DeliveryState.WAITING).order_by("pk")


def has_its_fingerprint(file: OfficeFile) -> bool:
    """Whether the file on the disk is, byte for byte, what was written."""
    try:
        return hashlib.sha256(path_of(file).read_bytes()).hexdigest() == file.fingerprint
    except OSError:
        return False


@transaction.atomic
def remove_files(files: QuerySet[OfficeFile]) -> int:
    """From the disk, where whoever fetches them has had them; what was written and its fingerprint stay."""
    found = list(files.filter(removed_at=None).select_related("office").select_for_update(of=("self",)))
    OfficeFile.objects.filter(pk__in=[file.pk for file in found]).update(removed_at=timezone.now())
    for file in found:
        path = path_of(file)
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}.sha256").unlink(missing_ok=True)
    return len(found)


def path_of(file: OfficeFile) -> Path:
    return Path(settings.DELIVERY_FILES_ROOT) / file.office.slug / file.name


@transaction.atomic(durable=True)
def _gather(office: BackOffice) -> OfficeFile | None:
    take_turn(f"office-file:{office.pk}")
    if is_held(office):
        return None
    related = ("office", "entry", "case__service", "case__address", "case__customer__user")
    deliveries = list(waiting_for(office).select_related(*related).select_for_update(of=("self",)))
    if not deliveries:
        return None
    content = csv_of(deliveries)
    last = OfficeFile.objects.filter(office=office).aggregate(last=Max("number"))["last"] or 0
    file = OfficeFile(
        office=office,
        number=last + 1,
        row_count=len(deliveries),
        fingerprint=hashlib.sha256(content).hexdigest(),
    )
    _write(path_of(file), content)
    file.save()
    Delivery.objects.filter(pk__in=[one.pk for one in deliveries]).update(
        state=DeliveryState.SENT,
        file=file,
        sent_at=file.made_at,
        last_error="",
        attempt_count=F("attempt_count") + 1,
    )
    return file


def csv_of(deliveries: Iterable[Delivery]) -> bytes:
    """RFC 4180 in UTF-8. Words that a spreadsheet would run begin with an apostrophe; numbers stay numbers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for delivery in deliveries:
        writer.writerow([cell if isinstance(cell, float) else harmless([cell])[0] for cell in _row(delivery)])
    return text.getvalue().encode()


def _row(delivery: Delivery) -> list[object]:
    said = told(delivery)
    event, case, contact = said["event"], said["case"], said["case"].get("contact", {})
    case["details"] = "\n".join(f"{one['label']}: {one['value']}" for one in case["details"])
    return [
        said["delivery"],
        *(event[name] for name in _EVENT),
        *(case[name] for name in [*_CASE, *_PLACE]),
        *(contact.get(name, "") for name in _CONTACT),
    ]


def _seal_all(office: BackOffice) -> None:
    for file in OfficeFile.objects.filter(office=office, sealed_at=None).select_related("office"):
        _seal(file)


def _seal(file: OfficeFile) -> None:
    """As `sha256sum --check` reads it."""
    path = path_of(file)
    _write(path.with_name(f"{path.name}.sha256"), f"{file.fingerprint}  {file.name}\n".encode())
    OfficeFile.objects.filter(pk=file.pk, sealed_at=None).update(sealed_at=timezone.now())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk when it returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as unfinished:
        try:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
            os.chmod(unfinished.name, 0o640)
            os.replace(unfinished.name, path)
        except BaseException:
            Path(unfinished.name).unlink(missing_ok=True)
            raise


def _hand_over(delivery: Delivery) -> str:
    raise RefusedError("This office gets a file a night, and no single calls.")


def _try_out(office: BackOffice) -> str:
    """A file of the columns alone, which the next test replaces."""
    content, path = csv_of([]), Path(settings.DELIVERY_FILES_ROOT) / office.slug / f"{office.slug}-test.csv"
    fingerprint = hashlib.sha256(content).hexdigest()
    try:
        _write(path, content)
        _write(path.with_name(f"{path.name}.sha256"), f"{fingerprint}  {path.name}\n".encode())
    except OSError as error:
        raise UnavailableError(f"The file could not be written: {error.strerror or type(error).__name__}.") from error
    return gettext("%(name)s lies in its folder: the columns and no row, with its fingerprint beside it.") % {
        "name": path.name
    }


NIGHTLY_FILE = OfficeKind(KIND, _("File each night"), _hand_over, _try_out, is_gathered=True)
