"""Two years of requests with believable seasons, delays and outcomes, written in bulk as they would stand today."""

import datetime as dt
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.enums import Channel, Right
from barnet.customers.models import Customer, User
from barnet.gazetteer.models import Address
from barnet.gazetteer.working_days import add_working_days
from barnet.kit.references import SIGNS, reference_of
from portal.cases.enums import CaseState, EntryKind
from portal.cases.models import Case, Contact, Team, TimelineEntry
from portal.waste.models import Collection, Container, MissedBin
from portal.waste.selectors import same_as_key

CASES_AT_SCALE_ONE = 3_400
_YEARS = 2
_BATCH = 2_000

# Which share of requests comes through which channel (the council's own figure: four in five by telephone).
_CHANNELS = [(Channel.PHONE, 62), (Channel.WEB, 27), (Channel.FACE_TO_FACE, 8), (Channel.EMAIL, 3)]
_MISSED_SHARE = 0.72
_ENQUIRIES = [
    "Which bin does a pizza box go in?",
    "The lid of the bin is broken",
    "We moved in and have no food caddy",
    "Rubbish was left on the pavement after the collection",
    "Collection day at a house that was divided into flats",
]


@dataclass
class Cast:
    """Everybody and everything that past requests are made of."""

    people: list[Customer]
    caseworkers: list[User]
    office: Team
    missed: Service
    enquiry: Service
    outcomes: dict[str, list[tuple[str, str]]]  # by service slug: (code, public reason)

    ward_of: Callable[[Address], int | None]
    bins: dict[int, list[tuple[Container, Collection]]] = field(default_factory=dict)  # by UPRN
    references: set[str] = field(default_factory=set)  # given out


def write_history(cast: Cast, *, scale: int, today: dt.date, rng: random.Random, report: Callable[[int], None]) -> int:
    """Writes the cases of two years, oldest first, in batches; tells `report` how many stand. Returns the number."""
    written = 0
    batch: list[_Past] = []
    for past in _requests(cast, scale, today, rng):
        batch.append(past)
        if len(batch) == _BATCH:
            written += _write(batch)
            report(written)
            batch = []
    written += _write(batch)
    report(written)
    return written


@dataclass
class _Past:
    case: Case
    entries: list[TimelineEntry]
    contact: Contact
    missed: MissedBin | None


def _requests(cast: Cast, scale: int, today: dt.date, rng: random.Random) -> Iterator[_Past]:
    days = [today - dt.timedelta(days=back) for back in range(365 * _YEARS, 0, -1)]
    weights = [_weight(day) for day in days]
    per_weight = CASES_AT_SCALE_ONE * scale / sum(weights)
    owed = 0.0
    for day, weight in zip(days, weights, strict=True):
        owed += weight * per_weight
        while owed >= 1:
            owed -= 1
            yield _request(cast, day, today, rng)


def _weight(day: dt.date) -> float:
    """Busy after a weekend and after Christmas, quiet on Sundays, a swell in summer when gardens grow."""
    by_weekday = [1.5, 1.25, 1.1, 1.0, 0.95, 0.3, 0.15][day.weekday()]
    by_season = 1 + 0.2 * math.sin((day.timetuple().tm_yday - 105) / 365 * 2 * math.pi)
    after_christmas = 1.8 if (day.month, day.day) <= (1, 12) or (day.month, day.day) >= (12, 27) else 1.0
    return by_weekday * by_season * after_christmas


def _request(cast: Cast, day: dt.date, today: dt.date, rng: random.Random) -> _Past:
    person = rng.choice(cast.people)
    bins = cast.bins.get(person.address_id or 0, [])
    about = rng.choice(bins) if bins and rng.random() < _MISSED_SHARE else None
    service = cast.missed if about else cast.enquiry
    channel = rng.choices([c for c, _ in _CHANNELS], [w for _, w in _CHANNELS])[0]
    opened = timezone.make_aware(dt.datetime.combine(day, dt.time(8)) + dt.timedelta(minutes=rng.randrange(11 * 60)))
    promise = _promise(day, service.standard_working_days)
    case = Case(
        reference=_reference(cast, rng),
        submission_key=f"demo-{rng.getrandbits(96):024x}",
        service=service,
        title=f"Missed bin: {about[0].get_stream_display().lower()}" if about else rng.choice(_ENQUIRIES),
        channel=channel,
        customer=person,
        contact_name=person.name,
        contact_email=person.email,
        contact_phone=person.phone,
        address=person.address,
        location=person.address.location if person.address else None,
        ward_id=cast.ward_of(person.address) if person.address else None,
        opened_at=opened,
        promise_on=promise,
    )
    missed = None
    if about:
        container, collection = about
        due = _due_before(collection, day)
        case.details = [["Bin", container.description], ["Collection day", f"{due:%A} {due.day} {due:%B %Y}"]]
        case.same_as_key = same_as_key(container)
        missed = MissedBin(case=case, container=container, round=collection.round, due_on=due)
    entries = list(_life(case, cast, today, rng))
    actor, right = (None, Right.SELF) if channel == Channel.WEB else (rng.choice(cast.caseworkers), Right.STAFF)
    contact = Contact(
        at=opened,
        channel=channel,
        right=right,
        actor=actor,
        subject=person,
        service=service,
        case=case,
        summary=case.title,
    )
    return _Past(case, entries, contact, missed)


def _reference(cast: Cast, rng: random.Random) -> str:
    """Among 100,000 drawn by chance two are the same more often than not."""
    while True:
        reference = reference_of("".join(rng.choice(SIGNS) for _ in range(7)))
        if reference not in cast.references:
            cast.references.add(reference)
            return reference


def _life(case: Case, cast: Cast, today: dt.date, rng: random.Random) -> Iterator[TimelineEntry]:
    """What happened to the request until today. Sets the state of the case on the way."""
    officer = rng.choice(cast.caseworkers)
    by_web = case.channel == Channel.WEB
    now = timezone.make_aware(dt.datetime.combine(today, dt.time(7, 30)))

    def entry(kind: EntryKind, state: CaseState, at: dt.datetime, text: str, who: User | None) -> TimelineEntry:
        case.state = state
        right = Right.STAFF if who else Right.SELF
        channel = Channel.WEB if who and kind != EntryKind.RECEIVED else case.channel
        return TimelineEntry(
            case=case, at=at, kind=kind, state=state, public_text=text, actor=who,
            subject=case.customer, right=right, channel=channel,
        )  # fmt: skip

    yield entry(
        EntryKind.RECEIVED, CaseState.RECEIVED, case.opened_at, "We received your request.", None if by_web else officer
    )
    at = case.opened_at + dt.timedelta(hours=rng.uniform(0.3, 44))
    if at > now:
        return
    case.team = _crew(case, cast)
    case.assignee = officer if case.team == cast.office else None
    case.version += 1
    yield entry(EntryKind.ASSIGNED, CaseState.ASSIGNED, at, f"Your request is with {case.team.name}.", officer)
    if rng.random() < 0.06 and (today - at.date()).days <= 12:
        at += dt.timedelta(hours=rng.uniform(1, 12))
        if at > now:
            return
        case.version += 1
        question = "Is the bin on the pavement, at the edge of your property?"
        yield entry(EntryKind.ASKED, CaseState.WAITING, at, question, officer)
        return
    at = _done_at(case, rng)
    if at > now:
        return
    code, reason = rng.choices(cast.outcomes[case.service.slug], _falling(len(cast.outcomes[case.service.slug])))[0]
    case.outcome, case.public_reason, case.resolved_at = code, reason, at
    case.version += 1
    yield entry(EntryKind.RESOLVED, CaseState.RESOLVED, at, reason, officer)
    if rng.random() < 0.04:
        again = at + dt.timedelta(hours=rng.uniform(4, 60))
        done = again + dt.timedelta(hours=rng.uniform(5, 40))
        if done < now:
            case.reopened_count += 1
            case.version += 2
            yield entry(EntryKind.REOPENED, CaseState.RECEIVED, again, "You told us that it was not right.", None)
            case.resolved_at = done
            yield entry(EntryKind.RESOLVED, CaseState.RESOLVED, done, reason, officer)


def _crew(case: Case, cast: Cast) -> Team:
    if case.service_id != cast.missed.pk or not case.address_id:
        return cast.office
    tour = cast.bins[case.address_id][0][1].round
    return tour.crew or cast.office


def _done_at(case: Case, rng: random.Random) -> dt.datetime:
    """Seven in eight in time, the others some days late."""
    hours = rng.uniform(0.2, 1.0) if rng.random() < 0.87 else rng.uniform(1.3, 3.5)
    end = timezone.make_aware(dt.datetime.combine(case.promise_on, dt.time(17)))
    return max(case.opened_at + (end - case.opened_at) * hours, case.opened_at + dt.timedelta(hours=45))


def _falling(count: int) -> list[float]:
    return [1 / (n + 1) ** 1.5 for n in range(count)]


@cache
def _promise(day: dt.date, working_days: int) -> dt.date:
    return add_working_days(day, working_days)


def _due_before(collection: Collection, day: dt.date) -> dt.date:
    tour = collection.round
    cycle = 7 * tour.frequency
    return day - dt.timedelta(days=(day - tour.first_on).days % cycle or cycle)


def _write(batch: list[_Past]) -> int:
    """One batch: of two open reports of the same bin, the first stays open and the later one loses its claim."""
    open_keys = set(Case.objects.open().exclude(same_as_key="").values_list("same_as_key", flat=True))
    for past in batch:
        if past.case.is_open and past.case.same_as_key:
            if past.case.same_as_key in open_keys:
                past.case.same_as_key = ""
            open_keys.add(past.case.same_as_key)
    Case.objects.bulk_create([past.case for past in batch])
    TimelineEntry.objects.bulk_create([_bound(entry) for past in batch for entry in past.entries])
    Contact.objects.bulk_create([_bound(past.contact) for past in batch])
    MissedBin.objects.bulk_create([_bound(past.missed) for past in batch if past.missed])
    return len(batch)


def _bound(row):  # type: ignore[no-untyped-def]
    """The row with the key that its case got when it was written."""
    row.case_id = row.case.pk
    return row
