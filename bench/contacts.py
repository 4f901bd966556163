"""Search, customer page and contact log with 400,000 customers, a million contacts and 100,000 requests."""

import datetime as dt
import random
from collections.abc import Iterable
from urllib.parse import quote

from django.db import connection, transaction
from django.utils import timezone

from barnet.customers.models import Customer, User
from barnet.gazetteer.models import Address
from bench import PrintRow, Promise, measure
from bench.addresses import FIRST_UPRN
from bench.cases import FIRST_NAMES, LAST_NAMES, lay_back_office, open_pages
from portal.cases.enums import ContactOutcome
from portal.cases.ground import ensure_contact_reasons
from portal.cases.models import Case, Contact, ContactPerson, ContactReason

CUSTOMERS, CONTACTS = 400_000, 1_000_000
UNKNOWN_SHARE, NAMED_SHARE = 0.05, 0.3
BATCH = 5_000
PROMISE_MS = 200
EMAIL = "bench-person"
CHANNELS = ["phone"] * 12 + ["web"] * 5 + ["face_to_face", "email", "post", "social", "automated"]
SYLLABLES = "ba den kor li ma nov os per qui ra sha ton ul ver wal yas zim ger hol ing jes ked lam mer".split()


def run(print_row: PrintRow) -> None:
    client = lay_back_office()
    lay()
    chance = random.Random(5)
    for what, addresses in _pages(chance).items():
        print_row(what, measure(open_pages(client), addresses), Promise(PROMISE_MS))


def _pages(chance: random.Random) -> dict[str, list[str]]:
    found = list(Customer.objects.filter(email__startswith=EMAIL).select_related("address").order_by("?")[:40])
    cases = Case.objects.exclude(customer=None).order_by("?")[:40]
    homes = [customer.address for customer in found if customer.address]
    common = [f"{first} {last}" for first, last in zip(FIRST_NAMES, LAST_NAMES, strict=False)]
    reasons = ContactReason.objects.values_list("pk", flat=True)
    return {
        "search by name": _searches(customer.name for customer in found),
        "search by a mistyped name": _searches(_mistyped(customer.name, chance) for customer in found),
        "search by a common name": _searches(common * 2),
        "search by a common first name": _searches(FIRST_NAMES * 2),
        "search by a part of a name": _searches(customer.name[:5] for customer in found),
        "search for what is not there": _searches(["Zzyzx Qwv", "qqqqqq", "x9 y8 z7", "Nobody Atall"] * 8),
        "search by telephone number": _searches(customer.phone for customer in found),
        "search by e-mail": _searches(customer.email for customer in found),
        "search by reference": _searches(case.reference for case in cases),
        "search by UPRN": _searches(str(home.pk) for home in homes),
        "search by postcode": _searches(home.postcode for home in homes),
        "search by address": _searches(f"{home.pao_start_number} {home.street}" for home in homes),
        "customer page": [f"/staff/customers/{customer.pk}/" for customer in found],
        "customer page, many requests": [f"/staff/customers/{case.customer_id}/" for case in cases],
        "contacts: all": ["/staff/contacts/"] * 20,
        "contacts: last page": ["/staff/contacts/?page=20"] * 20,
        "contacts: unknown callers": ["/staff/contacts/?of=nobody"] * 20,
        "contacts: by channel": [f"/staff/contacts/?channel={channel}" for channel in sorted(set(CHANNELS)) * 4],
        "contacts: by reason": [f"/staff/contacts/?reason={reason}" for reason in reasons] * 3,
        "contacts: unknown, by reason and channel": [
            f"/staff/contacts/?of=nobody&channel=social&reason={reason}" for reason in reasons
        ]
        * 3,
        "figures of contacts, four weeks": ["/staff/figures/contacts/"] * 20,
    }


def _searches(texts: Iterable[str]) -> list[str]:
    return [f"/staff/search/?q={quote(text)}" for text in texts]


def _mistyped(name: str, chance: random.Random) -> str:
    """Two letters swapped, or one left out."""
    place = chance.randrange(1, len(name) - 2)
    swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return swapped if chance.random() < 0.5 else name[:place] + name[place + 1 :]


# --- Rows -------------------------------------------------------------------------------------------------------------


def lay() -> None:
    ensure_contact_reasons()
    chance = random.Random(17)
    laid = Customer.objects.count()
    if laid < CUSTOMERS:
        _lay_customers(chance, laid)
    laid = Contact.objects.count()
    if laid < CONTACTS:
        _lay_contacts(chance, laid)


def _lay_customers(chance: random.Random, laid: int) -> None:
    homes = list(Address.objects.filter(uprn__gte=FIRST_UPRN).order_by("uprn").values_list("pk", flat=True)[:150_000])
    surnames = LAST_NAMES + [
        "".join(chance.choices(SYLLABLES, k=chance.choice([2, 2, 3]))).capitalize() for _ in range(3000)
    ]
    names = FIRST_NAMES + ["".join(chance.choices(SYLLABLES, k=2)).capitalize() for _ in range(400)]
    for begin in range(laid, CUSTOMERS, BATCH):
        with transaction.atomic():
            Customer.objects.bulk_create(
                Customer(
                    name=f"{_falling(chance, names)} {_falling(chance, surnames)}",
                    email=f"{EMAIL}{number}@example.net",
                    phone=f"07{chance.randrange(10**9):09}",
                    address_id=chance.choice(homes),
                )
                for number in range(begin, min(begin + BATCH, CUSTOMERS))
            )
    _vacuum("customers_customer", "customers_contactpoint")


def _falling(chance: random.Random, names: list[str]) -> str:
    """Few names are many people's, as in life."""
    return names[min(int(chance.paretovariate(0.6)) - 1, chance.randrange(len(names)))]


def _lay_contacts(chance: random.Random, laid: int) -> None:
    customers = list(Customer.objects.values_list("pk", flat=True))
    reasons = list(ContactReason.objects.all())
    lead = User.objects.get(email="bench-lead@example.com")
    outcomes = list(ContactOutcome)
    for begin in range(laid, CONTACTS, BATCH):
        with transaction.atomic():
            rows = Contact.objects.bulk_create(
                Contact(
                    at=timezone.now() - dt.timedelta(minutes=chance.randrange(3 * 365 * 24 * 60)),
                    channel=chance.choice(CHANNELS),
                    right="staff",
                    actor=lead,
                    subject_id=None if chance.random() < UNKNOWN_SHARE else chance.choice(customers),
                    summary="Asked about something",
                    submission_key=f"bench-contact-{number}",
                    reason=chance.choice(reasons),
                    outcome=chance.choice(outcomes),
                    is_settled=chance.random() < 0.7,
                    is_avoidable=chance.random() < 0.3,
                )
                for number in range(begin, min(begin + BATCH, CONTACTS))
            )
            ContactPerson.objects.bulk_create(
                ContactPerson(contact=row, customer_id=chance.choice(customers), named_by=lead)
                for row in rows
                if row.subject_id is None and chance.random() < NAMED_SHARE
            )
    _vacuum("cases_contact", "cases_contactperson")


def _vacuum(*tables: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")
