"""The secrets with which a back office and we sign.

Guarantee: a secret that is replaced counts for OVERLAP yet, in both directions, however often it is replaced meanwhile;
unless whoever replaces it says that somebody else may know it. Then every older one ends at once.
"""

import datetime as dt
import secrets

from django.utils import timezone

from portal.cases.delivery.models import BackOffice, unsealed
from portal.cases.delivery.office_models import EndingSecret

OVERLAP = dt.timedelta(hours=24)
MOST = 5  # older ones that count at a time


def secrets_of(office: BackOffice) -> list[str]:
    """The newest first."""
    ending = EndingSecret.objects.filter(office=office, ends_at__gt=timezone.now())[:MOST]
    found = [office.secret, *(unsealed(one.sealed) for one in ending)]
    return [secret for secret in found if secret]


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def replace_secret(office: BackOffice, secret: str, *, at_once: bool) -> None:
    """In the transaction of whoever saves the office, which may be a new one."""
    if office.pk and at_once:
        EndingSecret.objects.filter(office=office).delete()
    elif office.pk and office.sealed_secret:
        EndingSecret.objects.create(office=office, sealed=office.sealed_secret, ends_at=timezone.now() + OVERLAP)
    office.secret = secret


def forget_ended_secrets() -> str:
    """The periodic job."""
    return f"{EndingSecret.objects.filter(ends_at__lte=timezone.now()).delete()[0]} forgotten"
