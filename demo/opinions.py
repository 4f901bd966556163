"""What people of the demo think of what was done, and of some pages."""

import datetime as dt
import random

from django.utils import timezone

from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.feedback.models import PageVote, Rating, Remark, Survey

_ASKED = 120
_RATINGS = [5, 5, 5, 4, 4, 4, 4, 3, 2, 1, None, None, None, None]  # the rest did not answer
_WORDS = {
    1: "Nobody came for two weeks.",
    2: "I had to say it twice.",
    4: "Quick. A text message would have been enough.",
    5: "The crew was kind.",
}
_VOTES = {"/": (40, 6), "/bins/": (55, 9), "/services/": (21, 4), "/report/": (17, 2), "/contact/": (8, 12)}
_MISSING = "I looked for a telephone number of the recycling centre."


def say_what_they_think(rng: random.Random) -> int:
    """Nothing where somebody was asked already. How many were asked."""
    if Survey.objects.exists():
        return 0
    closed = Case.objects.filter(state=CaseState.RESOLVED, resolved_at__isnull=False).order_by("-resolved_at", "pk")
    surveys = Survey.objects.bulk_create(_survey(case, rng.choice(_RATINGS)) for case in closed[:_ASKED])
    said = {row.rating: row for row in surveys if row.rating in _WORDS}
    Remark.objects.bulk_create(Remark(survey=row, words=_WORDS[rating]) for rating, row in said.items())
    votes = PageVote.objects.bulk_create(_votes(rng))
    Remark.objects.create(
        vote=next(row for row in votes if row.page == "/contact/" and not row.is_useful), words=_MISSING
    )
    return len(surveys)


def _survey(case: Case, rating: int | None) -> Survey:
    asked_at = (case.resolved_at or timezone.now()) + dt.timedelta(days=1)
    return Survey(
        case=case,
        closing=case.reopened_count,
        service_id=case.service_id,
        team_id=case.team_id,
        channel=case.channel,
        asked_at=asked_at,
        rating=Rating(rating) if rating else None,
        answered_at=asked_at + dt.timedelta(hours=3) if rating else None,
    )


def _votes(rng: random.Random) -> list[PageVote]:
    now = timezone.now()
    pressed = [
        (page, number < useful)  # the useful ones first
        for page, (useful, not_useful) in _VOTES.items()
        for number in range(useful + not_useful)
    ]
    return [
        PageVote(
            page=page,
            is_useful=is_useful,
            key=f"demo-{number:030}",
            at=now - dt.timedelta(minutes=rng.randrange(40_000)),
        )
        for number, (page, is_useful) in enumerate(pressed)
    ]
