"""Submitting a request, and the back office with 100,000 of them: two years, of which some five thousand are open."""

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection, transaction
from django.utils import timezone

from barnet.catalogue.models import Category, Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer, User
from barnet.customers.staff.roles import ensure_roles
from barnet.gazetteer.models import BNG, Address, Area
from barnet.kit.references import new_reference
from bench import PrintRow, Promise, measure
from bench.addresses import FIRST_UPRN, HOW_MANY, lay_addresses
from portal.cases.enums import CaseState, EntryKind
from portal.cases.models import Case, Team, TimelineEntry
from portal.cases.services import ContactDetails, receive_case
from tests.people import PortalClient

CASES = 100_000
CUSTOMERS = 20_000
BATCH = 5_000
OPEN_SHARE = 0.05
PROMISE_MS = 200
KEY = "bench-cases-"
FIRST_NAMES = "Amina Bilal Chloe David Elena Farid Grace Hassan Irina Jacob Keisha Leon Maya Noah Olga Priya".split()
LAST_NAMES = "Adeyemi Brown Cohen Diaz Evans Fofana Green Hughes Ibrahim Jones Khan Levy Mensah Novak Okafor".split()
CHANNELS = ["web"] * 10 + ["phone"] * 6 + ["face_to_face", "email", "post", "social"]


def run(print_row: PrintRow) -> None:
    client = lay_back_office()
    chance = random.Random(3)
    _submit(print_row, chance)
    lists = _lists(chance)
    for whose, open_page in {"staff": open_pages(client), "bounded team": open_pages(_bounded())}.items():
        for what, addresses in lists.items():
            print_row(f"{whose} queue: {what}", measure(open_page, addresses), Promise(PROMISE_MS))
        print_row(f"{whose} start page", measure(open_page, ["/staff/"] * 40), Promise(PROMISE_MS))
    references = Case.objects.order_by("?").values_list("reference", flat=True)[:60]
    pages = [f"/staff/cases/{reference}/" for reference in references]
    print_row("staff page of one case", measure(open_pages(client), pages), Promise(PROMISE_MS))
    exports = measure(open_pages(client), ["/staff/cases/export/?state=any"] * 2, warm_up=1)
    print_row("export of all 100,000 as a file", exports)


def _submit(print_row: PrintRow, chance: random.Random) -> None:
    service = Service.objects.get(slug="bench-1")
    addresses = list(Address.objects.filter(uprn__gte=FIRST_UPRN).order_by("?")[:100])
    numbers = itertools.count()

    def submit(address: Address) -> None:
        with transaction.atomic():
            number = next(numbers)
            receive_case(
                service,
                actor=Actor.visitor(),
                submission_key=f"{KEY}submit-{number}",
                title="Missed bin: recycling",
                contact=ContactDetails(name="Bench", email=f"bench{number}@example.com"),
                address=address,
                same_as_key=f"{KEY}{address.pk}",
            )
            transaction.set_rollback(True)

    print_row("submit a request", measure(submit, addresses), Promise(PROMISE_MS))


def _lists(chance: random.Random) -> dict[str, list[str]]:
    list_page = "/staff/cases/"
    wards = [f"{list_page}?ward=bench-{number}" for number in range(24)]
    found = list(Case.objects.order_by("?").select_related("address", "customer")[:40])
    return {
        "everything open": [list_page] * 40,
        "my teams": [f"{list_page}?team=mine"] * 20,
        "a ward": wards,
        "a service": [f"{list_page}?service=bench-{number % 4}" for number in range(20)],
        "a channel": [f"{list_page}?channel={channel}" for channel in sorted(set(CHANNELS)) * 4],
        "late": [f"{list_page}?due=late"] * 20,
        "of every state, newest first": [f"{list_page}?state=any&sort=newest"] * 20,
        "resolved, by promise": [f"{list_page}?state=resolved"] * 20,
        "of a ward, every state, last page": [f"{page}&state=any&page=80" for page in wards],
        "everything, page 100": [f"{list_page}?state=any&sort=newest&page=100"] * 20,
        "a month, every state": [f"{list_page}?state=any&{_month(number)}" for number in range(12)],
        "search by reference": [f"{list_page}?q={case.reference}" for case in found],
        "search by postcode": [f"{list_page}?q={case.address.postcode}" for case in found if case.address],
        "search by name": [f"{list_page}?q={case.customer}" for case in found if case.customer],
        "search by a common first name": [f"{list_page}?q={name}" for name in FIRST_NAMES],
        "search by e-mail": [f"{list_page}?q={case.contact_email}" for case in found],
        "search by street": [f"{list_page}?q={case.address.street}" for case in found if case.address],
        "search by three letters": [f"{list_page}?q={text}" for text in ("ann", "ter", "zzz", "1 h")] * 3,
    }


def _month(number: int) -> str:
    first = (timezone.localdate().replace(day=1) - dt.timedelta(days=30 * number)).replace(day=1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    parts = [("opened_from", first), ("opened_until", last)]
    return "&".join(f"{name}_day={on.day}&{name}_month={on.month}&{name}_year={on.year}" for name, on in parts)


def open_pages(client: PortalClient) -> Callable[[str], None]:
    def open_page(address: str) -> None:
        response = client.get(address)
        if response.streaming:
            for _chunk in response.streaming_content:
                pass
        if response.status_code not in {200, 302}:  # what is meant can be on a page of its own
            raise RuntimeError(f"{address} answered {response.status_code}")

    return open_page


# --- Rows -------------------------------------------------------------------------------------------------------------


def lay_back_office() -> PortalClient:
    if Address.objects.filter(uprn__gte=FIRST_UPRN).count() != HOW_MANY:
        lay_addresses(HOW_MANY)
    lead = _lead()
    laid = Case.objects.filter(submission_key__startswith=KEY).count()
    if laid < CASES:
        _lay_cases(random.Random(11), lead, laid)
    client = PortalClient(SERVER_NAME="localhost")
    client.force_login(lead)
    return client


def _lead() -> User:
    ensure_roles()
    lead, _made = User.objects.get_or_create(email="bench-lead@example.com", defaults={"is_staff": True})
    lead.groups.set(Group.objects.filter(name="team_lead"))
    return lead


def _bounded() -> PortalClient:
    """A caseworker whose only team has one service in six of the wards."""
    worker, _made = User.objects.get_or_create(email="bench-bounded@example.com", defaults={"is_staff": True})
    worker.groups.set(Group.objects.filter(name="caseworker"))
    team = _team(12, worker)
    team.members.add(worker)
    team.services.set([_service(1)])
    team.wards.set([_ward(number) for number in range(6)])
    client = PortalClient(SERVER_NAME="localhost")
    client.force_login(worker)
    return client


@dataclass(frozen=True)
class _Ground:
    """What a case of the bench may refer to."""

    services: list[Service]
    teams: list[Team]
    wards: list[Area]
    customers: list[int]
    addresses: list[tuple[int, Point]]
    lead: User


def _lay_cases(chance: random.Random, lead: User, laid: int) -> None:
    there = Address.objects.filter(uprn__gte=FIRST_UPRN).order_by("uprn")
    ground = _Ground(
        services=[_service(number) for number in range(4)],
        teams=[_team(number, lead) for number in range(12)],
        wards=[_ward(number) for number in range(24)],
        customers=_customers(chance),
        addresses=list(there.values_list("pk", "location")[:40_000]),
        lead=lead,
    )
    references = _references()
    for begin in range(laid, CASES, BATCH):
        with transaction.atomic():
            batch = [_case(chance, ground, number, next(references)) for number in range(begin, begin + BATCH)]
            Case.objects.bulk_create(batch)
            _lay_timeline(batch)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_case, cases_timelineentry, customers_customer, gazetteer_address")


def _case(chance: random.Random, ground: _Ground, number: int, reference: str) -> Case:
    opened = timezone.now() - dt.timedelta(minutes=chance.randrange(2 * 365 * 24 * 60))
    is_open = chance.random() < OPEN_SHARE
    state = _state(chance, is_open)
    address, location = chance.choice(ground.addresses)
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    soon = timezone.localdate() + dt.timedelta(days=chance.randint(-4, 10))
    return Case(
        reference=reference,
        submission_key=f"{KEY}{number}",
        service=chance.choice(ground.services),
        title=chance.choice(["Missed bin: recycling", "Missed bin: refuse", "Which bin is it?"]),
        state=state,
        channel=chance.choice(CHANNELS),
        customer_id=chance.choice(ground.customers) if chance.random() < 0.7 else None,
        contact_name=name,
        contact_email=f"{name.lower().replace(' ', '.')}{number}@example.org",
        address_id=address,
        location=location,
        ward=chance.choice(ground.wards),
        team=chance.choice(ground.teams) if state != CaseState.RECEIVED else None,
        assignee=ground.lead if chance.random() < 0.01 else None,
        opened_at=opened,
        promise_on=soon if is_open else opened.date() + dt.timedelta(days=2),
        resolved_at=None if is_open else opened + dt.timedelta(days=1),
        outcome="" if is_open else "done",
        public_reason="" if is_open else "We have done what you asked for.",
    )


def _lay_timeline(cases: list[Case]) -> None:
    common: dict[str, Any] = {"right": "self", "channel": "web", "public_text": "What happened, in one sentence."}
    TimelineEntry.objects.bulk_create(
        TimelineEntry(case=case, kind=kind, state=case.state, at=case.opened_at, **common)
        for case in cases
        for kind in (EntryKind.RECEIVED, EntryKind.ASSIGNED)
    )


def _state(chance: random.Random, is_open: bool) -> CaseState:
    if is_open:
        return chance.choices([CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.WAITING], [3, 6, 1])[0]
    return chance.choices([CaseState.RESOLVED, CaseState.WITHDRAWN], [30, 1])[0]


def _references() -> Iterator[str]:
    used = set(Case.objects.values_list("reference", flat=True))
    while True:
        reference = new_reference()
        if reference not in used:
            used.add(reference)
            yield reference


def _customers(chance: random.Random) -> list[int]:
    made = Customer.objects.bulk_create(
        Customer(
            name=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
            email=f"bench-customer{number}@example.net",
            phone=f"020 7946 0{number % 1000:03}",
        )
        for number in range(CUSTOMERS)
    )
    return [customer.pk for customer in made]


def _service(number: int) -> Service:
    category, _made = Category.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    defaults = {"name": f"Bench {number}", "summary": "x", "category": category, "owner_unit": "Bench"}
    return Service.objects.get_or_create(slug=f"bench-{number}", defaults=defaults)[0]


def _team(number: int, lead: User) -> Team:
    team = Team.objects.get_or_create(slug=f"bench-{number}", defaults={"name": f"Bench team {number}"})[0]
    if number < 2:
        team.members.add(lead)
    return team


def _ward(number: int) -> Area:
    left, low = 519_000 + number % 6 * 1700, 185_000 + number // 6 * 3500
    shape = MultiPolygon(Polygon.from_bbox((left, low, left + 1700, low + 3500)), srid=BNG)
    defaults = {"name": f"Bench ward {number}", "geometry": shape}
    return Area.objects.get_or_create(kind="ward", code=f"bench-{number}", defaults=defaults)[0]
