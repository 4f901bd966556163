"""Every other list of the back office, and the public lists of reports, with what years leave behind."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.models import Alert, Customer, User
from barnet.gazetteer.models import Area
from bench import PrintRow, Promise, measure
from bench.cases import lay_back_office, open_pages
from portal.cases.enums import CaseState
from portal.cases.models import BackOffice, Case, Delivery, Team, TimelineEntry
from portal.feedback.models import PageVote, Remark
from portal.field.models import FieldService, Job
from portal.reports.models import About, PublicReport, PublicService
from portal.smartforms.models import Answer, Submission
from portal.smartforms.publishing import import_form
from tests.people import PortalClient
from tests.portal.smartforms.large_form import large_form

SENT, WAITING, GIVEN_UP = 100_000, 500, 2_000
VOTES, REMARKS_WAITING, REMARKS_SETTLED = 200_000, 1_000, 20_000
JOBS_PLANNED, JOBS_DONE = 500, 30_000
ALERTS, WROTE, VEHICLES = 2_000, 400, 20_000
UNREAD_REPORTS = 500
BATCH = 5_000
PROMISE_MS = 200
KEY = "bench-desks"


def run(print_row: PrintRow) -> None:
    lay_back_office()
    lay()
    client = PortalClient(SERVER_NAME="localhost")
    client.force_login(_everything())
    for what, addresses in _pages().items():
        print_row(what, measure(open_pages(client), addresses), Promise(PROMISE_MS))


def _pages() -> dict[str, list[str]]:
    vehicles = Answer.objects.filter(kind="vehicle").order_by("?").values_list("words", flat=True)[:40]
    wards = Area.objects.filter(code__startswith="bench-").values_list("pk", flat=True)
    return {
        "search by vehicle": [f"/staff/search/?q={words}" for words in vehicles],
        "search by a vehicle that nobody named": [f"/staff/search/?q=ZZ{number}ZZZ" for number in range(10, 50)],
        "queue: the customer wrote to us": ["/staff/cases/?due=wrote"] * 20,
        "queue: the customer waits for a word": ["/staff/cases/?due=silent"] * 20,
        "desk of conversations": ["/staff/chat/"] * 20,
        "remarks": ["/staff/feedback/"] * 20,
        "figures of feedback": ["/staff/feedback/figures/"] * 20,
        "reports to read before they are shown": ["/staff/reports/"] * 20,
        "plan of crews": ["/staff/crews/"] * 20,
        "back offices": ["/staff/back-offices/"] * 20,
        "given up for back offices": ["/staff/back-offices/given-up/"] * 20,
        "alerts to look at again": ["/staff/alerts/"] * 20,
        "figures of requests": ["/staff/figures/"] * 20,
        "public list of reports": ["/report/all/"] * 20,
        "public list of reports, of a ward": [f"/report/all/?ward={ward}" for ward in wards],
        "Open311: requests of 90 days": ["/api/open311/v2/requests.json"] * 20,
        "Open311: what happened to them": ["/api/open311/v2/servicerequestupdates.json"] * 20,
    }


def _everything() -> User:
    """An officer with every role: no list is shorter for what they may not see."""
    officer, _made = User.objects.get_or_create(email="bench-all@example.com", defaults={"is_staff": True})
    officer.groups.set(Group.objects.all())
    return officer


# --- Rows -------------------------------------------------------------------------------------------------------------


def lay() -> None:
    chance = random.Random(23)
    officer = _everything()
    _lay_deliveries(chance)
    _lay_remarks(chance, officer)
    _lay_reports(chance, officer)
    _lay_jobs(chance, officer)
    _lay_vehicles(chance)
    customers = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:ALERTS])
    _until(Alert.objects.all(), ALERTS, lambda number: _alert(chance, number, customers[number], officer))
    if not Case.objects.filter(wrote_at__isnull=False).exists():
        some = Case.objects.filter(state=CaseState.ASSIGNED).order_by("?").values("pk")[:WROTE]
        Case.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(wrote_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _until(laid: QuerySet[Any], wanted: int, make: Callable[[int], Model]) -> None:
    """As many more as are missing, in batches."""
    for begin in range(laid.count(), wanted, BATCH):
        laid.model._default_manager.bulk_create(make(number) for number in range(begin, min(begin + BATCH, wanted)))


def _ago(chance: random.Random, days: int = 730) -> dt.datetime:
    return timezone.now() - dt.timedelta(minutes=chance.randrange(1, days * 24 * 60))


def _lay_deliveries(chance: random.Random) -> None:
    offices = []
    for number in range(3):
        there = {
            "name": f"Bench office {number}",
            "kind": "webhook",
            "url": "https://office.example/",
            "is_active": False,
        }
        offices.append(BackOffice.objects.get_or_create(slug=f"bench-{number}", defaults=there)[0])
    rows = Delivery.objects.filter(office__in=offices)
    if rows.exists():
        return
    entries = TimelineEntry.objects.filter(kind="received").order_by("pk")[: SENT + WAITING + GIVEN_UP]
    states = ["sent"] * SENT + ["waiting"] * WAITING + ["given_up"] * GIVEN_UP
    chance.shuffle(states)
    Delivery.objects.bulk_create(
        (
            Delivery(
                office=chance.choice(offices),
                case_id=entry.case_id,
                entry=entry,
                state=state,
                made_at=entry.at,
                due_at=entry.at,
                sent_at=entry.at if state == "sent" else None,
                last_error="" if state == "sent" else "It answered 503.",
            )
            for entry, state in zip(entries, states, strict=False)
        ),
        batch_size=BATCH,
    )


def _lay_remarks(chance: random.Random, officer: User) -> None:
    pages = [f"/services/bench-{number}/" for number in range(300)]

    def vote(number: int) -> PageVote:
        is_useful = chance.random() < 0.6
        return PageVote(at=_ago(chance, 365), page=chance.choice(pages), is_useful=is_useful, key=f"{KEY}-{number}")

    def remark(number: int) -> Remark:
        settled = _ago(chance, 300) if number >= REMARKS_WAITING else None
        by = officer if settled else None
        return Remark(
            at=_ago(chance, 365), words="I could not find it.", vote_id=free.pop(), settled_at=settled, settled_by=by
        )

    _until(PageVote.objects.all(), VOTES, vote)
    free = list(PageVote.objects.exclude(pk__in=Remark.objects.values("vote")).values_list("pk", flat=True))
    _until(Remark.objects.all(), REMARKS_WAITING + REMARKS_SETTLED, remark)


def _lay_reports(chance: random.Random, officer: User) -> None:
    if PublicReport.objects.exists():
        return
    services = list(Service.objects.filter(slug__in=["bench-0", "bench-1"]))
    for service in services:
        PublicService.objects.get_or_create(service=service, defaults={"about": About.STREET})
    cases = Case.objects.filter(service__in=services).order_by("-opened_at")
    PublicReport.objects.bulk_create(
        (
            PublicReport(
                case=case,
                about=About.STREET,
                received_at=case.opened_at,
                place="High Street",
                point=case.location,
                words="The lamp is out." if chance.random() < 0.5 else "",
                checked_at=None if number < UNREAD_REPORTS else timezone.now(),
                checked_by=None if number < UNREAD_REPORTS else officer,
            )
            for number, case in enumerate(cases)
        ),
        batch_size=BATCH,
    )


def _crew(number: int) -> Team:
    defaults = {"name": f"Bench crew {number}", "kind": "crew"}
    return Team.objects.get_or_create(slug=f"bench-crew-{number}", defaults=defaults)[0]


def _lay_jobs(chance: random.Random, officer: User) -> None:
    if Job.objects.exists():
        return
    service = Service.objects.get(slug="bench-2")
    FieldService.objects.get_or_create(service=service)
    crews = [_crew(number) for number in range(12)]
    is_open = [CaseState.ASSIGNED, CaseState.RECEIVED]
    to_do = Case.objects.filter(service=service, state__in=is_open)[:JOBS_PLANNED]
    done = Case.objects.filter(service=service, state=CaseState.RESOLVED)[:JOBS_DONE]
    today = timezone.localdate()
    Job.objects.bulk_create(
        [
            Job(case=case, crew=chance.choice(crews), planned_on=today + dt.timedelta(number % 3))
            for number, case in enumerate(to_do)
        ]
    )
    Job.objects.bulk_create(
        [
            Job(
                case=case,
                crew=chance.choice(crews),
                planned_on=case.opened_at.date(),
                state="done",
                ended_at=case.resolved_at,
                ended_by=officer,
            )
            for case in done
        ],
        batch_size=BATCH,
    )


def _lay_vehicles(chance: random.Random) -> None:
    if Answer.objects.filter(kind="vehicle").count() >= VEHICLES:
        return
    version = import_form(large_form("bench-vehicles", questions=10, rules=2, service="bench-3"), by=None)
    known = Submission.objects.values("case")
    cases = list(Case.objects.filter(service__slug="bench-3").exclude(pk__in=known)[:VEHICLES])
    sent = Submission.objects.bulk_create(
        (
            Submission(
                version=version,
                case=case,
                outcome="done",
                started_at=case.opened_at,
                sent_at=case.opened_at,
                subject_id=case.customer_id,
                right="self",
                channel="web",
            )
            for case in cases
        ),
        batch_size=BATCH,
    )
    plates = ["".join(chance.choices("ABCDEFGHKLMNPRSTUVWXY", k=5)) for _ in sent]
    Answer.objects.bulk_create(
        (
            Answer(
                submission=row,
                path="vehicle",
                kind="vehicle",
                value=words,
                words=words,
                data_class="personal",
                position=0,
            )
            for row, words in (
                (row, f"{plate[:2]}{chance.randrange(10, 75)}{plate[2:]}")
                for row, plate in zip(sent, plates, strict=True)
            )
        ),
        batch_size=BATCH,
    )


def _alert(chance: random.Random, number: int, customer: int, officer: User) -> Alert:
    ends = timezone.localdate() + dt.timedelta(days=chance.randrange(1, 365))
    return Alert(
        customer_id=customer,
        kind="in_pairs",
        reason="Threatened a colleague.",
        placed_by=officer,
        review_on=ends - dt.timedelta(days=1),
        expires_on=ends,
        submission_key=f"{KEY}-{number}",
    )
