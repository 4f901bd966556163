"""Notices about rounds: who may be told what, and what they reach. The one door for the page, the file and the API.

A notice is about the day that residents were told: the day of the pattern, or where a holiday shift has put it. It
shows at once on every page and in every calendar.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.models import User
from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import Area
from portal.waste.enums import NoticeKind
from portal.waste.models import Collection, Round, RoundNotice
from portal.waste.models.notices import LONGEST_MOVE, LONGEST_NOTICE
from portal.waste.schedule import REACH, WEEK, Notices, collection_days
from portal.waste.selectors import shifts_between

ANNOUNCED_AHEAD = WEEK
_LATEST_END = dt.timedelta(days=3)
_FURTHEST = dt.timedelta(days=366)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class NoticeDraft:
    """What somebody wants to say. `problems` names fields."""

    kind: NoticeKind
    first_on: dt.date
    last_on: dt.date
    words: str
    advice: str = ""
    round: Round | None = None
    stream: str = ""
    area: Area | None = None
    moved_to: dt.date | None = None
    expected_at: dt.datetime | None = None

    @cached_property
    def rounds(self) -> list[Round]:
        """The rounds that it is about and that go out in its days."""
        if self.round:
            tours = [self.round]
        else:
            tours = list(Round.objects.filter(stream=self.stream) if self.stream else Round.objects.all())
        shifts = shifts_between(self.first_on, self.last_on + ONE_DAY)
        return [tour for tour in tours if collection_days(tour, shifts, self.first_on, self.last_on + ONE_DAY)]

    @property
    def collections(self) -> QuerySet[Collection]:
        found = Collection.objects.filter(round__in=self.rounds)
        return found.filter(address__location__coveredby=self.area.geometry) if self.area else found

    def home_count(self) -> int:
        return self.collections.values("address").distinct().count()

    def wards(self) -> list[Area]:
        """Where its homes lie."""
        there = self.collections.filter(address__location__coveredby=OuterRef("geometry"))
        return list(Area.objects.valid(self.first_on).filter(Exists(there), kind=AreaKind.WARD))

    def problems(self, today: dt.date) -> dict[str, str]:
        if found := self._problems_of_days(today):
            return found
        if self.kind == NoticeKind.MOVED and (found := self._problems_of_move(today)):
            return found
        if self.kind == NoticeKind.LATE and (found := self.problems_of_end()):
            return found
        if self.kind == NoticeKind.SUSPENDED and not self.advice:
            return {"advice": _("Say what happens instead, and what residents should do.")}
        if not self.rounds:
            return {"first_on": _("No such collection is due then. Check the day and what the notice is about.")}
        if self.kind == NoticeKind.MOVED and self._breaks_the_order():
            return {"moved_to": _("On this day, or past it, is the next or the last collection. Choose another day.")}
        return {}

    def _problems_of_days(self, today: dt.date) -> dict[str, str]:
        if self.last_on < self.first_on:
            return {"last_on": _("The last day must be the same as or after the first.")}
        if self.last_on < today:
            return {"last_on": _("These days are over. A notice is about today or later.")}
        if (self.last_on - self.first_on).days > LONGEST_NOTICE:
            return {"last_on": _("A notice is about %(days)d days at most.") % {"days": LONGEST_NOTICE}}
        if self.first_on > today + _FURTHEST:
            return {"first_on": _("Choose a day in the next twelve months.")}
        return {}

    def _problems_of_move(self, today: dt.date) -> dict[str, str]:
        if self.moved_to is None:
            return {"moved_to": _("Say on which day we collect instead.")}
        if self.moved_to == self.first_on:
            return {"moved_to": _("This is the same day. Choose the day on which we collect instead.")}
        if self.moved_to < today:
            return {"moved_to": _("This day is over. Choose today or a later day.")}
        if abs((self.moved_to - self.first_on).days) > LONGEST_MOVE:
            return {"moved_to": _("Choose a day at most %(days)d days away.") % {"days": LONGEST_MOVE}}
        return {}

    def problems_of_end(self) -> dict[str, str]:
        if self.expected_at is None:
            return {"expected_at": _("Say when the crew will be done.")}
        ends_on = timezone.localdate(self.expected_at)
        if not self.first_on <= ends_on <= self.first_on + _LATEST_END:
            return {"expected_at": _("A late crew is done on that day or in the three days after. Else it is moved.")}
        return {}

    def _breaks_the_order(self) -> bool:
        """Whether a collection would come on or past the day of the one before or after it."""
        start, end = self.first_on - 3 * WEEK, self.first_on + 3 * WEEK
        shifts = shifts_between(start, end)
        standing = list(RoundNotice.objects.about(start - REACH, end + REACH).standing())
        notices = Notices([*standing, self.unsaved(2**62)])
        for tour in self.rounds:
            days = sorted(collection_days(tour, shifts, start, end, notices), key=lambda day: day.due_on)
            taking_place = [day.on for day in days if not day.is_suspended]
            if any(later <= earlier for earlier, later in pairwise(taking_place)):
                return True
        return False

    def unsaved(self, pk: int | None = None) -> RoundNotice:
        return RoundNotice(
            pk=pk,
            kind=self.kind,
            round=self.round,
            stream=self.stream,
            area=self.area,
            first_on=self.first_on,
            last_on=self.last_on,
            moved_to=self.moved_to,
            expected_at=self.expected_at,
            words=self.words,
            advice=self.advice,
        )


class StaleNoticeError(Exception):
    """Somebody else changed the notice since it was read."""


@transaction.atomic
def give_notice(draft: NoticeDraft, *, source_key: str, by: User | None) -> RoundNotice:
    """The same source key a second time is answered with the first notice. Raises ValidationError by field."""
    known = RoundNotice.objects.filter(source_key=source_key).first()
    if known:
        return known
    if problems := draft.problems(timezone.localdate()):
        raise ValidationError(problems)  # type: ignore[arg-type]
    notice = draft.unsaved()
    notice.source_key, notice.given_by, notice.home_count = source_key, by, draft.home_count()
    notice.given_at = notice.changed_at = timezone.now()
    # Of two that write the same key at once the second waits for the first, and is answered with it.
    RoundNotice.objects.bulk_create([notice], ignore_conflicts=True)
    notice = RoundNotice.objects.get(source_key=source_key)
    notice.wards.set(draft.wards())
    return notice


@transaction.atomic
def reword_notice(
    notice: RoundNotice,
    *,
    words: str,
    advice: str,
    expected_at: dt.datetime | None = None,
    seen_at: dt.datetime | None = None,
) -> RoundNotice:
    """Other words, or another end of a late round. `seen_at`: the `changed_at` that the person decided on."""
    notice = _locked(notice, seen_at)
    late_until = (expected_at or notice.expected_at) if notice.kind == NoticeKind.LATE else None
    if (notice.words, notice.advice, notice.expected_at) != (words, advice, late_until):
        notice.words, notice.advice, notice.expected_at = words, advice, late_until
        notice.changed_at = timezone.now()
        notice.save(update_fields=["words", "advice", "expected_at", "changed_at"])
    return notice


@transaction.atomic
def withdraw_notice(notice: RoundNotice, *, seen_at: dt.datetime | None = None) -> RoundNotice:
    """Collections are as usual again. Twice is once."""
    notice = _locked(notice, seen_at if notice.is_standing else None)
    if notice.is_standing:
        notice.withdrawn_at = notice.changed_at = timezone.now()
        notice.save(update_fields=["withdrawn_at", "changed_at"])
    return notice


def _locked(notice: RoundNotice, seen_at: dt.datetime | None) -> RoundNotice:
    notice = RoundNotice.objects.select_for_update().get(pk=notice.pk)
    if seen_at and notice.changed_at != seen_at:
        raise StaleNoticeError
    return notice


def announced_notices(today: dt.date) -> list[RoundNotice]:
    """What everybody should know about today and the next days, soonest first. Two queries."""
    coming = RoundNotice.objects.standing().about(today, today + ANNOUNCED_AHEAD)
    return list(coming.select_related("round", "area").prefetch_related("wards").order_by("first_on", "id"))
