"""Residents and staff who do not exist. E-mail and telephone numbers are from ranges reserved for examples."""

import base64
import datetime as dt
import hashlib
import random
from collections.abc import Sequence

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from barnet.customers.models import Customer, Delegation, User
from barnet.customers.staff.roles import ROLES
from barnet.gazetteer.models import Address
from portal.cases.enums import TeamKind
from portal.cases.models import Team

PASSWORD = "barnet-demo-2026"  # noqa: S105 - printed on the demo's own page
RESIDENTS_AT_SCALE_ONE = 700

RESIDENTS = [
    ("asha@example.com", "Asha", "Okonjo", "A resident. Ben may act for her."),
    ("ben@example.com", "Ben", "Okonjo", "Asha's brother: may act for her in everything."),
    ("cara@example.com", "Cara", "Whitlock", "A neighbour, and a stranger to both."),
]
STAFF = [
    ("adviser@barnet.example", "Ines", "Adviser", "adviser"),
    ("dev@barnet.example", "Dev", "Caseworker", "caseworker"),
    ("lead@barnet.example", "Lena", "Lead", "team_lead"),
    ("assessor@barnet.example", "Amos", "Assessor", "assessor"),
    ("rounds@barnet.example", "Rory", "Rounds", "collections"),
    ("operative@barnet.example", "Otis", "Operative", "operative"),
    ("librarian@barnet.example", "Libby", "Librarian", "librarian"),
    ("editor@barnet.example", "Edith", "Editor", "editor"),
    ("second.editor@barnet.example", "Emil", "Editor", "editor"),
    ("author@barnet.example", "Flora", "Author", "form_author"),
    ("second.author@barnet.example", "Vic", "Author", "form_author"),
    ("gazetteer@barnet.example", "Greta", "Gazetteer", "gazetteer"),
    ("finance@barnet.example", "Finn", "Finance", "finance"),
    ("analyst@barnet.example", "Anna", "Analyst", "analyst"),
    ("guardian@barnet.example", "Gus", "Guardian", "data_guardian"),
    ("admin@barnet.example", "Ada", "Admin", "administrator"),
]
OFFICE_TEAMS = [("street-scene", "Street Scene"), ("customer-services", "Customer services")]
CREW_COUNT = 10

_FIRST = (
    "Adaeze Alfie Amara Anil Beatrix Bilal Carys Chen Daria Dilys Edwin Efua Emre Farah Fergus Gita Hana Hugo Idris "
    "Imani Jonas Kavya Keir Leila Lorcan Mabel Mateo Nadia Nils Oona Otto Petra Priya Quentin Rhys Rosa Saskia Seren "
    "Tariq Tomasz Uma Viktor Wanda Xenia Yusuf Zara Zofia"
).split()
_LAST = (
    "Abara Ashdown Barlow Bianchi Castellan Dewhurst Eze Fairweather Ghosh Hallow Iqbalzade Jovanic Kettering "
    "Lindqvist Marlowe Nakamoto Osterley Penhaligon Quarshie Rosenthal Sandhurst Tamworth Ulrichson Vandermeer "
    "Wexcombe Yarrow Zielinsky"
).split()


def totp_secret(email: str) -> str:
    """The authenticator secret of a demo member of staff: the same on every machine, and worth nothing."""
    return base64.b32encode(hashlib.sha256(f"barnet demo {email}".encode()).digest()[:20]).decode()


def hire_staff() -> list[User]:
    """A member of staff for every role, each with an authenticator. Returns them in the order of STAFF."""
    teams = {slug: Team.objects.get_or_create(slug=slug, defaults={"name": name})[0] for slug, name in OFFICE_TEAMS}
    crews = found_crews()
    staff = []
    for email, first, last, role in STAFF:
        user = _login(email, first, last, is_staff=True)
        user.groups.set(Group.objects.filter(name=ROLES[role].name))
        if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            TOTP.activate(user, totp_secret(email))
        if role in {"caseworker", "assessor", "team_lead"}:
            teams["street-scene"].members.add(user)
        elif role == "adviser":
            teams["customer-services"].members.add(user)
        elif role == "operative":
            crews[0].members.add(user)
        staff.append(user)
    return staff


def found_crews() -> list[Team]:
    return [
        Team.objects.get_or_create(slug=f"crew-{n}", defaults={"name": f"Crew {n}", "kind": TeamKind.CREW})[0]
        for n in range(1, CREW_COUNT + 1)
    ]


def settle_residents(homes: Sequence[Address]) -> list[Customer]:
    """The three named residents, at the homes given. Ben may act for Asha."""
    customers = []
    for (email, first, last, _), home in zip(RESIDENTS, homes, strict=True):
        user = _login(email, first, last)
        customer, _ = Customer.objects.update_or_create(
            user=user,
            defaults={"name": f"{first} {last}", "email": email, "phone": "020 7946 0000", "address": home},
        )
        customers.append(customer)
    asha, ben, _ = customers
    Delegation.objects.get_or_create(
        principal=asha,
        delegate=ben,
        covers_everything=True,
        revoked_at=None,
        defaults={"evidence": "Letter of authority, seen at Hendon library", "starts_on": dt.date(2025, 1, 6)},
    )
    return customers


def settle_others(homes: Sequence[Address], scale: int, rng: random.Random) -> list[Customer]:
    """Residents known to the council, most without a login."""
    people = []
    for number in range(RESIDENTS_AT_SCALE_ONE * scale):
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        people.append(
            Customer(
                name=f"{first} {last}",
                email=f"{first}.{last}.{number}@example.org".lower(),
                phone=f"07700 900{rng.randrange(1000):03}" if rng.random() < 0.7 else "",
                address=rng.choice(homes),
                created_at=timezone.now() - dt.timedelta(days=rng.randrange(730, 2000)),
            )
        )
    return Customer.objects.bulk_create(people, batch_size=2000)


def _login(email: str, first: str, last: str, *, is_staff: bool = False) -> User:
    user, _ = User.objects.update_or_create(
        email=email,
        defaults={"first_name": first, "last_name": last, "is_staff": is_staff, "password": make_password(PASSWORD)},
    )
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user
