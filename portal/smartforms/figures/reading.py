"""The figures of one version of a form over some days, as its author may see them.

Numbers from 1 to 4 are not shown: on a page that only few come to, they could tell what somebody is known to have
answered. Where such a number would follow from the others of its row, the next smallest is not shown either. Times are
shown from five people on. The counts of days and of today are read in two queries, whatever the form.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any as Anything

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.smartforms.definition.model import Definition
from portal.smartforms.models import (
    CHECK,
    ENDED,
    Draft,
    DraftState,
    FormVersion,
    SmartForm,
    StepDay,
    StepEvent,
    What,
)
from portal.smartforms.versions import definition_of

SMALL = 5
_KEY = ("what", "step", "question", "sentence", "seconds")


@dataclass(frozen=True)
class Part:
    """A number as it may be seen. `share`: of 100 of the whole it is part of, for a bar; 0 when it is not told."""

    text: str
    share: int = 0


@dataclass(frozen=True)
class PageRow:
    title: str
    reached: Part
    went_on: Part
    left: Part
    here: Part
    median: str
    most: str  # nine of ten took no longer
    breaks: Part


@dataclass(frozen=True)
class RefusalRow:
    question: str
    sentence: str
    times: Part


@dataclass(frozen=True)
class Figures:
    began: Part
    came: Part
    sent: Part
    explained: Part
    left: Part
    under_way: Part
    moved: Part
    pages: tuple[PageRow, ...]
    refusals: tuple[RefusalRow, ...]


@dataclass(frozen=True)
class VersionRow:
    version: FormVersion
    began: Part
    sent: Part


def figures_of(version: FormVersion, since: dt.date | None) -> Figures:
    counts = _Counts(version, since)
    definition = definition_of(version)
    began = counts.of(What.BEGAN) + counts.of(What.CAME)
    ended = [
        counts.of(What.SENT),
        max(counts.of(What.EXPLAINED, ENDED) - counts.of(What.UNEXPLAINED, ENDED), 0),
        sum(counts.of(What.LEFT, step) for step in counts.steps(What.LEFT)),
        sum(number for step, number in counts.here.items() if step != ENDED),
        sum(counts.of(What.MOVED, step) for step in counts.steps(What.MOVED)),
    ]
    sent, explained, left, under_way, moved = _parts(began, ended)
    return Figures(
        began=_part(counts.of(What.BEGAN)),
        came=_part(counts.of(What.CAME)),
        sent=sent,
        explained=explained,
        left=left,
        under_way=under_way,
        moved=moved,
        pages=tuple(_page(counts, key, title) for key, title in _pages(definition)),
        refusals=tuple(_refusals(counts, definition)),
    )


def versions_of(form: SmartForm, since: dt.date | None) -> list[VersionRow]:
    """The newest first: whether a change made the form better."""
    counts: Counter[tuple[int, str]] = Counter()
    for rows, number in _both({"version__form": form, "what__in": (What.BEGAN, What.CAME, What.SENT)}, since):
        for row in rows.values("version_id", "what").annotate(number=number):
            counts[row["version_id"], row["what"]] += row["number"]
    rows = []
    for version in form.versions.order_by("-number"):
        began = counts[version.pk, What.BEGAN] + counts[version.pk, What.CAME]
        rows.append(VersionRow(version, _part(began), _part(counts[version.pk, What.SENT], began)))
    return rows


class _Counts:
    def __init__(self, version: FormVersion, since: dt.date | None) -> None:
        self._counts: Counter[tuple[str, str, str, str]] = Counter()
        self._times: dict[str, Counter[int | None]] = {}
        for rows, number in _both({"version": version}, since):
            for row in rows.values(*_KEY).annotate(number=number):
                self._counts[row["what"], row["step"], row["question"], row["sentence"]] += row["number"]
                if row["what"] == What.DONE:
                    self._times.setdefault(row["step"], Counter())[row["seconds"]] += row["number"]
        self.here = _standing(version)

    def of(self, what: What, step: str = "") -> int:
        return self._counts[what, step, "", ""]

    def steps(self, what: What) -> set[str]:
        return {key[1] for key in self._counts if key[0] == what}

    def refusals(self) -> list[tuple[str, str, int]]:
        found = [(key[2], key[3], number) for key, number in self._counts.items() if key[0] == What.REFUSED]
        return sorted(found, key=lambda row: (-row[2], row[0], row[1]))

    def times(self, step: str) -> "_Times":
        return _Times(self._times.get(step, Counter()))


@dataclass(frozen=True)
class _Times:
    counts: Counter[int | None]

    @property
    def breaks(self) -> int:
        return self.counts[None]

    def within(self, share: int) -> str:
        """So many of 100 took no longer."""
        timed = sorted((seconds, number) for seconds, number in self.counts.items() if seconds is not None)
        total = sum(number for _seconds, number in timed)
        if total < SMALL:
            return _("too few") if total else ""
        rank, passed = -(-total * share // 100), 0
        for seconds, number in timed:
            passed += number
            if passed >= rank:
                return duration(seconds)
        raise AssertionError("a share of the whole is within the whole")


def _both(where: dict[str, Anything], since: dt.date | None) -> Iterator[tuple[Anything, Anything]]:
    if since:
        where = {**where, "on__gte": since}
    yield StepDay.objects.filter(**where).order_by(), Sum("count")
    yield StepEvent.objects.filter(**where).order_by(), Count("*")


def _standing(version: FormVersion) -> dict[str, int]:
    """Under way now, by where they stand."""
    drafts = Draft.objects.filter(version=version, state=DraftState.OPEN, expires_at__gt=timezone.now()).order_by()
    return dict(drafts.values_list("stands_at").annotate(number=Count("*")))


def _pages(definition: Definition) -> Iterator[tuple[str, str]]:
    yield from ((step.key, step.title) for step in definition.steps)
    yield CHECK, _("Check your answers")


def _page(counts: _Counts, key: str, title: str) -> PageRow:
    times = counts.times(key)
    reached = counts.of(What.REACHED, key)
    went_on, left, here = _parts(
        reached, [counts.of(What.DONE, key), counts.of(What.LEFT, key), counts.here.get(key, 0)]
    )
    return PageRow(title, _part(reached), went_on, left, here, times.within(50), times.within(90), _part(times.breaks))


def _refusals(counts: _Counts, definition: Definition) -> Iterator[RefusalRow]:
    for key, sentence, number in counts.refusals():
        question = definition.questions.get(key)
        yield RefusalRow(question.label if question else key, sentence, _part(number))


# --- What may be seen -------------------------------------------------------------------------------------------------


def _is_small(number: int) -> bool:
    return 0 < number < SMALL


def _part(number: int, whole: int = 0) -> Part:
    if _is_small(number):
        return Part(_("fewer than %(number)d") % {"number": SMALL})
    return Part(str(number), _share(number, whole))


def _parts(whole: int, numbers: Iterable[int]) -> list[Part]:
    """One small number among others would follow from them: the smallest of the others is not shown either."""
    found = list(numbers)
    parts = [_part(number, whole) for number in found]
    others = [at for at, number in enumerate(found) if number >= SMALL]
    if sum(_is_small(number) for number in found) == 1 and others:
        parts[min(others, key=lambda at: found[at])] = Part(_("not shown"))
    return parts


def _share(number: int, whole: int) -> int:
    return min(round(100 * number / whole), 100) if whole >= SMALL else 0


def duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    words = [ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}] if minutes else []
    if rest or not minutes:
        words.append(ngettext("%(number)d second", "%(number)d seconds", rest) % {"number": rest})
    return " ".join(words)
