"""What the contact centre noted in the last days, two callers whom nobody has found yet among them."""

import datetime as dt
import random

from django.utils import timezone

from barnet.customers.alerting.placing import place_alert
from barnet.customers.enums import Channel, Right
from barnet.customers.merging.services import merge_customers
from barnet.customers.models import Customer, User
from portal.cases.enums import ContactOutcome
from portal.cases.models import Contact, ContactReason

_NOTED = [
    ("Ask how to do something", "Where to take an old fridge", True),
    ("What happens with a request", "Asked whether the crew comes again for the food bin", True),
    ("We did not do what we promised", "Was told Monday, nobody came", False),
    ("A letter or page was not clear", "Did not understand which days move at Christmas", True),
    ("Tell us of a change", "Moves out at the end of the month", True),
    ("Not for this council", "A bus stop without a light", True),
    ("Say thank you", "The crew took the bin back for her neighbour", True),
]
_CHANNELS = [Channel.PHONE] * 5 + [Channel.FACE_TO_FACE, Channel.EMAIL, Channel.SOCIAL, Channel.AUTOMATED]
_UNKNOWN = [("A man from Friern Barnet Lane, rings again", "Asked about a skip"), ("", "Hung up while waiting")]


def note_contacts(people: list[Customer], *, officers: list[User], rng: random.Random) -> int:
    reasons = {reason.name: reason for reason in ContactReason.objects.all()}
    other = reasons["Something else"]

    def noted(hours: float, reason: ContactReason, summary: str, is_settled: bool, **fields: object) -> Contact:
        return Contact(
            at=timezone.now() - dt.timedelta(hours=hours),
            channel=rng.choice(_CHANNELS),
            right=Right.STAFF,
            actor=rng.choice(officers),
            reason=reason,
            summary=summary,
            is_settled=is_settled,
            is_avoidable=reason.is_avoidable,
            outcome=ContactOutcome.ANSWERED if is_settled else ContactOutcome.CALL_BACK,
            **fields,
        )

    rows = [
        noted(rng.uniform(1, 150), reasons.get(name, other), words, is_settled, subject=rng.choice(people))
        for name, words, is_settled in _NOTED * 4
    ]
    today = timezone.localdate()
    place_alert(
        people[0],
        by=officers[0],
        kind="animal",
        reason="A large dog runs free in the front garden",
        review_on=today + dt.timedelta(days=60),
        expires_on=today + dt.timedelta(days=180),
        submission_key="demo-alert",
    )
    lead = User.objects.filter(groups__name="team_lead").first() or officers[0]
    heard = Customer.objects.create(name=f"{people[1].name.split()[0]} ?", phone="07700 900555")
    merge_customers(people[1], heard, by=lead, reason="Same address and date of birth; misheard on the telephone")
    rows += [noted(3, other, words, False, caller=caller) for caller, words in _UNKNOWN]
    return len(Contact.objects.bulk_create(rows))
