"""The kinds of paper that the desk begins with. What staff changed stays."""

from portal.documents.enums import Proof
from portal.documents.models import DocumentKind

_WHO, _WHERE, _AGE = Proof.IDENTITY, Proof.ADDRESS, Proof.AGE
# Name, what it proves, months from its date, whether it bears a day on which it expires.
KINDS: list[tuple[str, list[Proof], int | None, bool]] = [
    ("Passport", [_WHO, _AGE], None, True),
    ("Driving licence", [_WHO, _AGE, _WHERE], None, True),
    ("Residence permit", [_WHO, _AGE], None, True),
    ("Birth certificate", [_AGE], 120, False),
    ("Council Tax bill", [_WHERE], 12, False),
    ("Tenancy agreement", [_WHERE], 12, False),
    ("Bank statement", [_WHERE, Proof.INCOME], 3, False),
    ("Gas, electricity or water bill", [_WHERE], 3, False),
    ("Payslip", [Proof.INCOME], 3, False),
    ("Benefit letter", [Proof.INCOME, _WHERE], 12, False),
    ("Letter about a disability benefit", [Proof.DISABILITY, Proof.INCOME], 12, False),
]


def ensure_kinds() -> str:
    """Once: the list is staff's from then on."""
    if not DocumentKind.objects.exists():
        DocumentKind.objects.bulk_create(
            DocumentKind(name=name, proves=list(proves), months=months, has_expiry=has_expiry, position=position)
            for position, (name, proves, months, has_expiry) in enumerate(KINDS, start=1)
        )
    return f"{DocumentKind.objects.count()} kinds of documents"
