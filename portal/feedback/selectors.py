"""What staff read: remarks, and figures. Each list is one query, however many rows."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import Channel
from portal.feedback.models import SATISFIED, UNHAPPY, PageVote, Remark, RemarkQuerySet, Survey

BY = {"service": _("Service"), "team": _("Team"), "channel": _("Channel")}
_NAME = {"service": "service__name", "team": "team__name", "channel": "channel"}
MOST_PAGES = 1000
FEWEST = 5  # answers below which a share would say more about a person than about a service


def remarks(*, settled: bool = False) -> RemarkQuerySet:
    """What waits, the oldest first; what was dealt with, the newest first."""
    rows = Remark.objects.select_related("vote", "survey__case", "survey__service", "settled_by")
    if settled:
        return rows.filter(settled_at__isnull=False).order_by("-settled_at")
    return rows.waiting().order_by("at", "pk")


@dataclass(frozen=True)
class Satisfaction:
    name: str | Promise
    asked: int
    answered: int
    satisfied: int
    unhappy: int

    @property
    def share(self) -> int | None:
        """Per cent of the answers; None for too few."""
        return round(100 * self.satisfied / self.answered) if self.answered >= FEWEST else None


def satisfaction(by: str, first: dt.datetime, end: dt.datetime) -> list[Satisfaction]:
    """Of questions that were asked since `first` and before `end`; `by` is one of BY."""
    rows = (
        Survey.objects.filter(asked_at__gte=first, asked_at__lt=end)
        .values(name=F(_NAME[by]))
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            satisfied=Count("pk", filter=Q(rating__in=SATISFIED)),
            unhappy=Count("pk", filter=Q(rating__in=UNHAPPY)),
        )
        .order_by("name")
    )
    return [
        Satisfaction(_called(by, row["name"]), row["asked"], row["answered"], row["satisfied"], row["unhappy"])
        for row in rows
    ]


def _called(by: str, name: str | None) -> str | Promise:
    if name is None:
        return _("Nobody")
    return Channel(name).label if by == "channel" else name


def page_votes(first: dt.datetime, end: dt.datetime) -> list[tuple[str, int, int]]:
    """Page, useful, not useful: a thousand at most, those that were not useful most often first."""
    rows = PageVote.objects.filter(at__gte=first, at__lt=end).values("page")
    counted = rows.annotate(
        useful=Count("pk", filter=Q(is_useful=True)), not_useful=Count("pk", filter=Q(is_useful=False))
    )
    return list(counted.order_by("-not_useful", "page").values_list("page", "useful", "not_useful")[:MOST_PAGES])
