"""My Account of somebody with 900 requests: the pages as a browser asks for them, from middleware to last byte."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.gis.geos import Point
from django.test import Client

from barnet.catalogue.models import Service
from barnet.customers.enums import Channel, Right
from barnet.customers.models import Customer, User
from barnet.gazetteer.models import BNG, Address
from barnet.notifications.models import Message
from bench import PrintRow, Promise, measure
from portal.cases.enums import OPEN_STATES, CaseState, EntryKind
from portal.cases.models import Case, TimelineEntry

HOW_MANY = 900
EMAIL = "bench.resident@example.com"
ROUNDS = 60


def run(print_row: PrintRow) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    customer = lay_account()
    browser = Client()
    browser.force_login(customer.user)
    references = list(Case.objects.filter(customer=customer).values_list("reference", flat=True)[:ROUNDS])

    def ask(path: str) -> None:
        answer = browser.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}.")

    pages = [f"/account/requests/?show=all&page={1 + n % 45}" for n in range(ROUNDS)]
    print_row("my account, home, 900 requests", measure(ask, ["/account/"] * ROUNDS), Promise(200))
    print_row("my account, list of requests", measure(ask, pages), Promise(200))
    print_row("my account, one request", measure(ask, [f"/account/requests/{r}/" for r in references]), Promise(200))
    print_row("my account, inbox of 900 messages", measure(ask, ["/account/messages/"] * ROUNDS), Promise(200))


def lay_account() -> Customer:
    user, _made = User.objects.get_or_create(email=EMAIL)
    customer = Customer.objects.of(user)
    if Case.objects.filter(customer=customer).count() >= HOW_MANY:
        return customer
    service, _made = Service.objects.get_or_create(
        slug="missed-bin", defaults={"name": "Report a missed bin", "summary": "", "owner_unit": ""}
    )
    address, _made = Address.objects.get_or_create(
        uprn=899_999_999,
        defaults={
            "one_line": "1 Bench Road",
            "search_text": "1 BENCH ROAD",
            "location": Point(524500, 196500, srid=BNG),
        },
    )
    Customer.objects.filter(pk=customer.pk).update(address=address, name="Bench Resident")
    lay_cases(customer, service, address)
    return customer


def lay_cases(customer: Customer, service: Service, address: Address) -> None:
    start = dt.datetime(2024, 11, 1, 9, tzinfo=dt.UTC)
    states = [*OPEN_STATES, *[CaseState.RESOLVED] * 6, CaseState.WITHDRAWN]
    cases = Case.objects.bulk_create(
        Case(
            submission_key=f"bench-account-{uuid.uuid4()}",
            service=service,
            title=f"Missed bin: recycling, number {number}",
            details=[["Which bin", "Blue 240 litre bin"]],
            state=states[number % len(states)],
            outcome="done",
            public_reason="We emptied it.",
            channel=Channel.WEB,
            customer=customer,
            address=address,
            opened_at=start + dt.timedelta(hours=20 * number),
            promise_on=(start + dt.timedelta(hours=20 * number + 48)).date(),
        )
        for number in range(HOW_MANY)
    )
    TimelineEntry.objects.bulk_create(
        TimelineEntry(
            case=case,
            kind=EntryKind.NOTE,
            state=case.state,
            public_text=f"Step {step}",
            right=Right.STAFF,
            channel=Channel.WEB,
        )
        for case in cases
        for step in range(6)
    )
    Message.objects.bulk_create(
        Message(
            idempotency_key=f"bench-account-{case.pk}",
            template_key="case-received",
            channel="inbox",
            customer=customer,
            about=case.reference,
            subject="We have your request",
            body="Thank you. " * 40,
            state="sent",
        )
        for case in cases
    )
