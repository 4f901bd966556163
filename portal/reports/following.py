"""Who wants to hear of a public report. A customer begins at once. A bare e-mail address begins when its owner pressed
the button behind the link that we sent there; what the screen says is the same for every address."""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from barnet.customers.models import Customer
from barnet.notifications.enums import MessageChannel
from barnet.notifications.models import Message
from barnet.notifications.services import queue_message
from portal.cases.models import Follower
from portal.cases.services import follow_case
from portal.cases.services.writing import take_turn
from portal.reports.messages import FOLLOW_CONFIRM
from portal.reports.models import PublicReport

CONFIRM_WITHIN = dt.timedelta(days=7)
_PROOFS_A_DAY = 5
_SALT = "portal.reports.following"


def follow(report: PublicReport, *, customer: Customer | None = None, email: str = "") -> Follower:
    """Raises MoveRefusedError when it is over."""
    return follow_case(report.case, customer=customer, email=email, title=report.what, place=report.where)


@transaction.atomic
def ask_to_follow(report: PublicReport, email: str, *, submission_key: str) -> None:
    """Asks its owner, at most five times a day."""
    email = email.lower()
    take_turn(f"follow:{email}")
    since = timezone.now() - dt.timedelta(days=1)
    asked = Message.objects.filter(template_key=FOLLOW_CONFIRM.key, address=email, created_at__gt=since)
    if asked.count() >= _PROOFS_A_DAY:
        return
    queue_message(
        FOLLOW_CONFIRM.key,
        key=f"report-follow:{report.case_id}:{submission_key}",
        email=email,
        fields={
            "reference": report.case.reference,
            "title": report.what,
            "place": report.where,
            "link": follow_link(report, email),
        },
        channels=[MessageChannel.EMAIL],
    )


def follow_link(report: PublicReport, email: str) -> str:
    proof = signing.dumps([report.case_id, email], salt=_SALT, compress=True)
    return settings.BASE_URL + reverse("report_follow_confirm", args=[proof])


def read_proof(proof: str) -> tuple[PublicReport, str] | None:
    try:
        case_id, email = signing.loads(proof, salt=_SALT, max_age=CONFIRM_WITHIN)
    except (signing.BadSignature, ValueError):
        return None
    report = PublicReport.objects.told().filter(case=case_id).first()
    return (report, str(email)) if report else None
