"""How soon we answer, and who hears of it, as the portal begins. What staff changed stays."""

from django.contrib.auth.models import Group

from portal.cases.enums import Clock
from portal.cases.models import ContactReason, Escalation, PromiseStandard

RESPONSE_HOURS, UPDATE_DAYS, DELAY_DAYS = 16, 10, 2
LEADERS = "team_lead"
# Before a promise runs out whoever has the request hears; when it has, the leader does too.
_RULES = [(Clock.RESOLUTION, -8, None), (Clock.RESOLUTION, 0, LEADERS), (Clock.RESPONSE, 0, LEADERS)]


def ensure_promises() -> str:
    if not PromiseStandard.objects.exists():
        PromiseStandard.objects.create(response_hours=RESPONSE_HOURS, update_days=UPDATE_DAYS, delay_days=DELAY_DAYS)
        for clock, hours, role in _RULES:
            Escalation.objects.create(clock=clock, hours=hours, role=Group.objects.filter(name=role).first())
    return f"{PromiseStandard.objects.count()} standards, {Escalation.objects.count()} escalations"


# Why people contact us, and whether such a contact could have been avoided.
_REASONS = [
    ("Ask for something or report a problem", False),
    ("Ask how to do something", False),
    ("What happens with a request", True),
    ("We did not do what we promised", True),
    ("A letter or page was not clear", True),
    ("Tell us of a change", False),
    ("Pay, or ask about a bill", False),
    ("Complain", False),
    ("Say thank you", False),
    ("Not for this council", False),
    ("Something else", False),
]


def ensure_contact_reasons() -> str:
    """Once: the list is staff's from then on."""
    if not ContactReason.objects.exists():
        ContactReason.objects.bulk_create(
            ContactReason(name=name, is_avoidable=is_avoidable, position=position)
            for position, (name, is_avoidable) in enumerate(_REASONS, start=1)
        )
    return f"{ContactReason.objects.count()} reasons of contacts"
