"""A request reaches us: written once, however often and by however many people at once it is sent.

1. The submission key, bound to the person who submits, takes a turn: a replay waits, finds the first, is `repeated`.
2. A report that names what it is about (`same_as_key`) takes a turn on that: the second person finds the first's open
   case, locks it and is `joined`.
3. Otherwise a case is `created`, with timeline, contact-log line, photos and the messages in one transaction.

Two unique constraints stand behind the turns (`submission_key`, `case_one_open_report`).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import ward_at
from barnet.kit.languages import in_english
from barnet.kit.references import new_reference
from barnet.kit.uploads import CleanPhoto
from barnet.kit.wording import day
from portal.cases.enums import CaseUrgency, EntryKind
from portal.cases.models import Case, Contact, Follower, Team, TimelineEntry, VisitRequest
from portal.cases.promises import begin_promises
from portal.cases.registry import tell_attached
from portal.cases.services.photos import discard_files, store_photos
from portal.cases.services.places import tell_gazetteer
from portal.cases.services.telling import tell_follower, tell_reporter
from portal.cases.services.writing import take_turn, write_contact, write_entry

Details = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class ContactDetails:
    """How to reach somebody about this request."""

    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Receipt:
    """`case` names the reference; after `joined` it is somebody else's case: show the reference and nothing more."""

    case: Case
    result: Literal["created", "repeated", "joined"]


@dataclass(frozen=True)
class _Report:
    service: Service
    actor: Actor
    submission_key: str
    same_as_key: str
    title: str
    details: list[list[str]]
    customer: Customer | None
    contact: ContactDetails
    address: Address | None
    address_text: str
    location: Point | None
    photos: Sequence[CleanPhoto]
    team: Team | None
    urgency: str
    next_steps: str

    @property
    def place(self) -> str:
        return self.address.one_line if self.address else self.address_text


@in_english()
@transaction.atomic
def receive_case(
    service: Service,
    *,
    actor: Actor,
    submission_key: str,
    title: str,
    details: Details = (),
    customer: Customer | None = None,
    contact: ContactDetails | None = None,
    address: Address | None = None,
    address_text: str = "",
    location: Point | None = None,
    same_as_key: str = "",
    photos: Iterable[CleanPhoto] = (),
    team: Team | None = None,
    urgency: CaseUrgency = CaseUrgency.NORMAL,
    next_steps: str = "",
    on_created: Callable[[Case], None] | None = None,
) -> Receipt:
    """Raises ValidationError for an empty key or too many photos. `on_created` runs in the same transaction.

    `next_steps` stands in the first message, when what happens next is something else than the promise alone.
    """
    report = _Report(
        service=service,
        actor=actor,
        submission_key=_personal_key(submission_key, actor, customer, contact or ContactDetails()),
        same_as_key=same_as_key,
        title=title[:120],
        details=[[str(label), str(value)] for label, value in details],
        customer=customer,
        contact=contact or ContactDetails(),
        address=address,
        address_text=address_text[:300],
        location=location or (address.location if address else None),
        photos=_few(photos),
        team=team,
        urgency=urgency,
        next_steps=next_steps,
    )
    take_turn(f"submission:{report.submission_key}")
    earlier = Contact.objects.filter(submission_key=report.submission_key).select_related("case__service").first()
    if earlier and earlier.case:
        return Receipt(earlier.case, "repeated")
    if same_as_key:
        take_turn(same_as_turn(same_as_key))
        open_case = lock_open_report(same_as_key)
        if open_case:
            return _join(open_case, report)
    return _create(report, on_created)


def same_as_turn(same_as_key: str) -> str:
    return f"same:{same_as_key}"


def lock_open_report(same_as_key: str) -> Case | None:
    return Case.objects.open().select_for_update().filter(same_as_key=same_as_key).first()


def _personal_key(key: str, actor: Actor, customer: Customer | None, contact: ContactDetails) -> str:
    """One person's key means nothing from another person: it never leads to a case of somebody else."""
    if not key:
        raise ValidationError(_lazy("The form was incomplete. Load it again and send it once more."))
    person = [actor.user.pk if actor.user else "", customer.pk if customer else "", contact.email.lower()]
    return hashlib.sha256(repr([key, *person]).encode()).hexdigest()


def _few(photos: Iterable[CleanPhoto]) -> list[CleanPhoto]:
    chosen = list(photos)
    if len(chosen) > settings.ATTACHMENT_MAX_COUNT:
        raise ValidationError(
            _lazy("You can add up to %(count)d photos. Remove some and send the form again."),
            params={"count": settings.ATTACHMENT_MAX_COUNT},
        )
    return chosen


def _create(report: _Report, on_created: Callable[[Case], None] | None) -> Receipt:
    now = timezone.now()
    ward = ward_at(report.location, timezone.localdate()) if report.location else None
    case = Case(
        reference=_free_reference(),
        opened_at=now,
        submission_key=report.submission_key,
        same_as_key=report.same_as_key,
        service=report.service,
        title=report.title,
        details=report.details,
        channel=report.actor.channel,
        customer=report.customer,
        contact_name=report.contact.name,
        contact_email=report.contact.email,
        contact_phone=report.contact.phone,
        address=report.address,
        address_text=report.address_text,
        location=report.location,
        ward=ward,
        team=report.team,
        urgency=report.urgency,
    )
    begin_promises(case, now)
    case.save(force_insert=True)
    if report.actor.visit_pk:
        VisitRequest.objects.create(visit_id=report.actor.visit_pk, case=case)
    stored = store_photos(case, report.photos, actor=report.actor)
    try:
        tell_attached(case)
        if on_created:
            on_created(case)
        entry = write_entry(
            case,
            EntryKind.RECEIVED,
            actor=report.actor,
            subject=report.customer,
            public_text=_("We have your request. We promise to deal with it by %(day)s.")
            % {"day": day(case.promise_on)},
        )
        write_contact(
            case, report.title, actor=report.actor, subject=report.customer, submission_key=report.submission_key
        )
        _tell(case, entry, report.next_steps)
        tell_gazetteer(case)
    except BaseException:
        discard_files(stored)
        raise
    return Receipt(case, "created")


def _tell(case: Case, entry: TimelineEntry, next_steps: str) -> None:
    if next_steps:
        tell_reporter(case, entry, "case-received-next", next=next_steps)
    else:
        tell_reporter(case, entry, "case-received")


def _free_reference() -> str:
    """A new reference is taken once in 34,000 times when there are 100,000 cases; draw again then."""
    reference = new_reference()
    while Case.objects.filter(reference=reference).exists():
        reference = new_reference()
    return reference


def _join(case: Case, report: _Report) -> Receipt:
    stored = store_photos(case, report.photos, actor=report.actor, is_public=False)
    try:
        entry = write_entry(
            case,
            EntryKind.JOINED,
            actor=report.actor,
            subject=report.customer,
            public_text=_("This was reported once more. We deal with it together with your report."),
            internal_text=_in_words(report),
        )
        write_contact(
            case,
            report.title,
            actor=report.actor,
            subject=report.customer,
            submission_key=report.submission_key,
        )
        if _is_somebody_else(case, report):
            _follow(case, entry, report)
    except BaseException:
        discard_files(stored)
        raise
    return Receipt(case, "joined")


def _follow(case: Case, entry: TimelineEntry, report: _Report) -> None:
    if not report.customer and not report.contact.email:
        return
    follower, _created = Follower.objects.get_or_create(
        case=case,
        customer=report.customer,
        email=report.contact.email.lower(),
        defaults={"title": report.title, "place": report.place},
    )
    tell_follower(case, entry, follower, "case-joined")


def _is_somebody_else(case: Case, report: _Report) -> bool:
    """The first reporter who reports again hears of it on the screen: no second line of messages to them."""
    if report.customer:
        return report.customer.pk != case.customer_id
    return report.contact.email.lower() != case.contact_email.lower()


def _in_words(report: _Report) -> str:
    return "\n".join(f"{label}: {value}" for label, value in report.details)
