"""Visits at the desks of two libraries: with an account and without, one that was left, and one that goes on."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.assisting.visits import pause
from barnet.customers.enums import VisitEventKind
from barnet.customers.models import AssistedVisit, Customer, User, VisitEvent
from portal.cases.services import receive_case

BURNT_OAK, GOLDERS_GREEN = "Burnt Oak Library", "Golders Green Library"


@dataclass(frozen=True)
class _Visit:
    name: str  # of the visitor; "": Asha, with her account
    purpose: str
    place: str
    minutes_ago: int
    minutes: int
    how: VisitEventKind | None
    sends: str = ""  # the title of what is sent in it


_VISITS = [
    _Visit("", "a question about the garden bin", BURNT_OAK, 3 * 24 * 60, 12, VisitEventKind.FINISHED),
    _Visit("Vera Quill", "a lamp that does not work", BURNT_OAK, 50, 17, VisitEventKind.ENDED, "A lamp is dark"),
    _Visit("", "what became of a request", GOLDERS_GREEN, 25 * 60, 6, VisitEventKind.IDLE),
    _Visit("Visitor without a name", "a bulky collection", GOLDERS_GREEN, 24 * 60, 9, VisitEventKind.LEFT),
    _Visit("Odile Marsh", "joining the library", BURNT_OAK, 15, 0, None),
]


def help_visitors(asha: Customer, *, librarian: User) -> int:
    """Nothing where somebody was helped already. How many visits."""
    if AssistedVisit.objects.exists():
        return 0
    for number, told in enumerate(_VISITS):
        _help(told, f"demo-visit-{number}", asha, librarian)
    return len(_VISITS)


def _help(told: _Visit, key: str, asha: Customer, librarian: User) -> None:
    customer = Customer.objects.create(name=told.name) if told.name else asha
    begun = timezone.now() - dt.timedelta(minutes=told.minutes_ago)
    over = begun + dt.timedelta(minutes=told.minutes)
    visit = AssistedVisit.objects.create(
        customer=customer,
        helper=librarian,
        purpose=told.purpose,
        place=told.place,
        has_account=customer.user_id is not None,
        begun_at=begun,
        used_at=_last_use(told, over),
        ended_at=over if told.how else None,
        how_ended=told.how or "",
        submission_key=key,
    )
    if told.sends:
        _send(visit, told.sends)
    _note(visit, VisitEventKind.BEGUN, begun, librarian)
    if told.how not in {None, VisitEventKind.ENDED}:
        _note(visit, VisitEventKind.HANDED_OVER, begun + dt.timedelta(minutes=2), librarian)
    if told.how:
        _note(visit, told.how, over, librarian if told.how == VisitEventKind.ENDED else None)


def _last_use(told: _Visit, over: dt.datetime) -> dt.datetime:
    if told.how is None:
        return timezone.now()
    return over - pause() if told.how in {VisitEventKind.LEFT, VisitEventKind.IDLE} else over


def _send(visit: AssistedVisit, title: str) -> None:
    receive_case(
        Service.objects.get(slug="general-enquiry"),
        actor=Actor.in_person(visit.pk),
        submission_key=visit.submission_key,
        title=title,
        customer=visit.customer,
    )


def _note(visit: AssistedVisit, kind: VisitEventKind, at: dt.datetime, actor: User | None) -> None:
    VisitEvent.objects.create(visit=visit, kind=kind, at=at, actor=actor)
