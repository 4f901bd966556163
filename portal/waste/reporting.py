"""May a missed bin be reported now? The rules, decided on facts; `selectors.reportable` gathers them.

In this order, so that the most useful answer comes first:

1. somebody's report of the bin is still open: join it;
2. no collection has taken place yet: nothing can have been missed;
3. we said that we cannot collect (a `RoundNotice`): why, what happens instead, and the next collection;
4. the crew logged something that explains it (a `LogAnswer`): what they logged, and what to do now; "not out" explains
   nothing where the crew has to fetch the bin;
5. the round of the day is not over, or late: come back when it is;
6. the last day to report has passed.

The day in question is the day of the last collection, where a holiday shift has put it. The window of `n` working days
ends at midnight after the n-th working day that follows that day.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.kit.wording import clock, day
from portal.cases.models import Case
from portal.waste.enums import CrewOutcome
from portal.waste.models import Container, CrewLogEntry, LogAnswer, RoundNotice, RoundRun
from portal.waste.models.notices import moment_of
from portal.waste.schedule import CollectionDay


class Standing(StrEnum):
    """Where a bin stands with regard to a report."""

    REPORTABLE = "reportable"
    REPORTED = "reported"
    NOT_COLLECTED = "not_collected"
    NOT_YET = "not_yet"
    SUSPENDED = "suspended"
    LOGGED = "logged"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class BinFacts:
    """What is known of one bin at one moment."""

    container: Container
    has_round: bool
    last: CollectionDay | None
    next: CollectionDay | None
    run: RoundRun | None  # of the last collection day
    log: CrewLogEntry | None  # likewise
    answer: LogAnswer | None  # to what the crew logged
    report_until: dt.date | None
    open_case: Case | None
    is_assisted: bool = False  # the crew had to fetch the bin on that day


@dataclass(frozen=True)
class ReportChoice:
    """One bin on the page "report a missed bin": choose it, or read why not and what to do now."""

    facts: BinFacts
    standing: Standing
    sentence: str
    advice: str = ""

    @property
    def container(self) -> Container:
        return self.facts.container

    @property
    def open_case(self) -> Case | None:
        return self.facts.open_case

    @property
    def due_on(self) -> dt.date | None:
        return self.facts.last.on if self.facts.last else None

    @property
    def next_on(self) -> dt.date | None:
        return self.facts.next.on if self.facts.next else None

    @property
    def may_report(self) -> bool:
        return self.standing == Standing.REPORTABLE

    @property
    def may_join(self) -> bool:
        return self.standing == Standing.REPORTED

    @property
    def may_choose(self) -> bool:
        return self.may_report or self.may_join


def decide(facts: BinFacts, now: dt.datetime) -> ReportChoice:
    if facts.open_case:
        return _reported(facts, facts.open_case)
    return decide_anew(facts, now)


def decide_anew(facts: BinFacts, now: dt.datetime) -> ReportChoice:
    """As if nobody had reported the bin."""
    today = timezone.localdate(now)
    if not facts.has_round:
        return _not_collected(facts)
    if facts.last is None or facts.report_until is None:
        return _not_yet(facts)
    if facts.last.is_suspended and facts.last.notice:
        return _suspended(facts, facts.last, facts.last.notice)
    if facts.answer and not _is_ours_to_fetch(facts):
        return ReportChoice(facts, Standing.LOGGED, facts.answer.sentence, facts.answer.advice)
    if now < round_ends_at(facts.last, facts.run):
        return _too_early(facts, facts.last)
    if today > facts.report_until:
        return _too_late(facts, facts.last, facts.report_until)
    return ReportChoice(
        facts,
        Standing.REPORTABLE,
        _("We should have emptied it on %(day)s.") % {"day": day(facts.last.on)},
        _("You can report it until the end of %(day)s.") % {"day": day(facts.report_until)},
    )


def _is_ours_to_fetch(facts: BinFacts) -> bool:
    """“Not out” is no answer where the crew has to fetch the bin. The page reads as if nothing was logged."""
    return facts.is_assisted and facts.log is not None and facts.log.outcome == CrewOutcome.NOT_OUT


def round_ends_at(last: CollectionDay, run: RoundRun | None) -> dt.datetime:
    """When the crew said that it was done, else when we said that a late one will be, else when it normally is."""
    if run and run.finished_at:
        return run.finished_at
    usual = timezone.make_aware(dt.datetime.combine(last.on, last.round.ends_at))
    late = last.late_notice
    return max(usual, late.expected_at) if late and late.expected_at else usual


def _reported(facts: BinFacts, case: Case) -> ReportChoice:
    return ReportChoice(
        facts,
        Standing.REPORTED,
        _("Somebody reported this bin on %(day)s. We promise to deal with it by %(promise)s.")
        % {"day": day(timezone.localdate(case.opened_at)), "promise": day(case.promise_on)},
        _("You do not need to report it again. Choose it to join that report, and we tell you what happens."),
    )


def _not_collected(facts: BinFacts) -> ReportChoice:
    return ReportChoice(
        facts,
        Standing.NOT_COLLECTED,
        _("This bin is not on a collection round."),
        _("If you think that it should be, contact us."),
    )


def _not_yet(facts: BinFacts) -> ReportChoice:
    return ReportChoice(
        facts,
        Standing.NOT_YET,
        _("Collections of this bin have not started yet."),
        _("The first one is on %(day)s.") % {"day": day(facts.next.on)} if facts.next else "",
    )


def _suspended(facts: BinFacts, last: CollectionDay, notice: RoundNotice) -> ReportChoice:
    advice = notice.advice
    if facts.next:
        advice = _("%(advice)s The next collection is on %(day)s.") % {"advice": advice, "day": day(facts.next.on)}
    return ReportChoice(
        facts,
        Standing.SUSPENDED,
        _("We could not collect on %(day)s. %(why)s") % {"day": day(last.on), "why": notice.words},
        advice,
    )


def _late(facts: BinFacts, last: CollectionDay, notice: RoundNotice) -> ReportChoice:
    ends_at = round_ends_at(last, facts.run)
    return ReportChoice(
        facts,
        Standing.TOO_EARLY,
        _("The crew is late. %(why)s") % {"why": notice.words},
        _("Leave the bin out. If it has not been emptied by %(when)s, come back then and report it.")
        % {"when": moment_of(ends_at)},
    )


def _too_early(facts: BinFacts, last: CollectionDay) -> ReportChoice:
    if last.late_notice:
        return _late(facts, last, last.late_notice)
    return ReportChoice(
        facts,
        Standing.TOO_EARLY,
        _("Today is its collection day, and the crew is still on its round."),
        _("Leave the bin out. If it has not been emptied by %(time)s, come back then and report it.")
        % {"time": clock(timezone.localtime(round_ends_at(last, facts.run)).time())},
    )


def _too_late(facts: BinFacts, last: CollectionDay, report_until: dt.date) -> ReportChoice:
    return ReportChoice(
        facts,
        Standing.TOO_LATE,
        _("The last collection was on %(day)s. You could report it until the end of %(until)s.")
        % {"day": day(last.on), "until": day(report_until)},
        _("Put the bin out again for the next collection on %(day)s.") % {"day": day(facts.next.on)}
        if facts.next
        else "",
    )
