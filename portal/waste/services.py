"""Writes of the waste room: reports of missed bins, and the photos of reports that are not sent yet."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer
from barnet.gazetteer.models import Address
from barnet.kit.languages import in_english
from barnet.kit.uploads import CleanPhoto
from barnet.kit.wording import day
from portal.cases.models import Case
from portal.cases.services import ContactDetails, Receipt, receive_case
from portal.waste.models import DraftPhoto, MissedBin
from portal.waste.reporting import BinFacts, ReportChoice, decide_anew
from portal.waste.selectors import DRAFT_LIFE, bin_facts, same_as_key
from portal.waste.watching import promise_sooner, watch_property

SERVICE_SLUG = "missed-bin"
_DRAFTS_A_TIME = 20


class NotReportableError(Exception):
    """A chosen bin may not be reported (any more). `choice` says why and what to do now."""

    def __init__(self, choice: ReportChoice) -> None:
        super().__init__(choice.sentence)
        self.choice = choice


@dataclass(frozen=True)
class Report:
    """What somebody tells us about one or more bins that we missed at one address."""

    address: Address
    container_ids: Collection[int]
    actor: Actor
    submission_key: str
    customer: Customer | None = None
    contact: ContactDetails = field(default_factory=ContactDetails)
    note: str = ""
    is_told_of_help: bool = False  # that the crew fetches the bins there: a shorter promise is no news
    photos: Collection[CleanPhoto] = ()


@in_english()
@transaction.atomic
def report_missed_bins(report: Report, *, now: dt.datetime | None = None) -> list[Receipt]:
    """One case for each bin, all or none. A second report of a bin joins the first; a replay changes nothing.

    Raises NotReportableError when a rule forbids a bin, ValidationError when a bin is not one of this address.
    """
    now = now or timezone.now()
    facts = {fact.container.pk: fact for fact in bin_facts(report.address, now)}
    if not report.container_ids or not facts.keys() >= set(report.container_ids):
        raise ValidationError(_lazy("Choose bins of this address."))
    service = Service.objects.get(slug=SERVICE_SLUG)
    receipts: list[Receipt] = []
    try:
        for container_id in sorted(report.container_ids):  # everybody takes turns in one order: no deadlock
            receipts.append(_report_bin(service, report, facts[container_id], now))
    except NotReportableError:
        _discard_photos(receipts)
        raise
    _watch(report, receipts)
    return receipts


def _watch(report: Report, receipts: Iterable[Receipt]) -> None:
    """Last, so that everybody takes turns in one order: first the bins, then the property."""
    created = [receipt.case for receipt in receipts if receipt.result == "created"]
    latest = MissedBin.objects.filter(case__in=created).order_by("due_on", "pk").last() if created else None
    if latest:
        watch_property(report.address, latest, customer=report.customer, contact=report.contact)


def _report_bin(service: Service, report: Report, facts: BinFacts, now: dt.datetime) -> Receipt:
    container = facts.container

    def write_missed_bin(case: Case) -> None:
        """The rules are asked here, when it is certain that this is neither a replay nor a second report."""
        choice = decide_anew(facts, now)
        if not choice.may_report or facts.last is None:
            raise NotReportableError(choice)
        MissedBin.objects.create(
            case=case,
            container=container,
            round=facts.last.round,
            due_on=facts.last.on,
            is_assisted=facts.is_assisted,
        )
        if facts.is_assisted and report.is_told_of_help:
            promise_sooner(case)

    return receive_case(
        service,
        actor=report.actor,
        submission_key=_key_for(report.submission_key, container.pk),
        title=_("Missed bin: %(bin)s") % {"bin": container.get_stream_display().lower()},
        details=_details(facts, report.note),
        customer=report.customer,
        contact=report.contact,
        address=report.address,
        same_as_key=same_as_key(container),
        photos=[_copy(photo) for photo in report.photos],
        on_created=write_missed_bin,
    )


def _key_for(submission_key: str, container_id: int) -> str:
    return hashlib.sha256(f"{submission_key}:{container_id}".encode()).hexdigest()


def _details(facts: BinFacts, note: str) -> list[tuple[str, str]]:
    details = [(_("Bin"), f"{facts.container.get_stream_display()}: {facts.container.description}")]
    if facts.last:
        details.append((_("Collection day"), day(facts.last.on)))
    if note:
        details.append((_("What you told us"), note))
    return details


def _discard_photos(receipts: Iterable[Receipt]) -> None:
    """The transaction takes back the rows of the bins before the refused one; their files are ours to remove."""
    for receipt in receipts:
        if receipt.result == "created":
            for attachment in receipt.case.attachments.all():
                attachment.file.delete(save=False)


# --- Photos of reports that are not sent yet --------------------------------------------------------------------------


def keep_draft_photo(photo: CleanPhoto) -> DraftPhoto:
    """Keeps a photo until the report is sent. Clears away what older drafts left."""
    discard_old_drafts()
    draft = DraftPhoto(name=photo.name[:150], content_type=photo.content_type, size=photo.size, sha256=photo.sha256)
    draft.file.save(f"{draft.key}", photo.content, save=False)
    draft.save()
    return draft


def discard_old_drafts() -> None:
    for draft in DraftPhoto.objects.filter(added_at__lt=timezone.now() - DRAFT_LIFE)[:_DRAFTS_A_TIME]:
        draft.delete()
        draft.file.delete(save=False)


def photo_of(draft: DraftPhoto) -> CleanPhoto:
    with draft.file.open("rb") as file:
        content = ContentFile(file.read(), name=draft.name)
    return CleanPhoto(
        content=content, content_type=draft.content_type, name=draft.name, size=draft.size, sha256=draft.sha256
    )


def _copy(photo: CleanPhoto) -> CleanPhoto:
    """Each case reads the content from its beginning."""
    photo.content.seek(0)
    content = ContentFile(photo.content.read(), name=photo.name)
    return CleanPhoto(
        content=content, content_type=photo.content_type, name=photo.name, size=photo.size, sha256=photo.sha256
    )
