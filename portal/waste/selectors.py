"""When bins are collected at an address, and which of them may be reported as missed."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from barnet.gazetteer.models import Address
from barnet.gazetteer.working_days import working_calendar
from portal.cases.models import Case
from portal.waste.models import (
    AssistedCollection,
    Collection,
    Container,
    CrewLogEntry,
    DraftPhoto,
    HolidayShift,
    LogAnswer,
    MissedBin,
    ReportingRule,
    Round,
    RoundNotice,
    RoundRun,
)
from portal.waste.reporting import BinFacts, ReportChoice, decide
from portal.waste.schedule import (
    REACH,
    WEEK,
    CollectionDay,
    Notices,
    Shifts,
    collection_days,
    latest_collection,
    next_collection,
)

_LONGEST_GAP = 4 * WEEK  # a fortnight, and a shift and a notice at either end
DRAFT_LIFE = dt.timedelta(days=1)
_STANDARD_WINDOW = 2  # working days, for a stream without a rule


def next_collections(address: Address, *, from_on: dt.date, weeks: int) -> list[CollectionDay]:
    """The collections of the next weeks, earliest first. Three queries, however many bins and weeks."""
    return collections_between(address, from_on, from_on + weeks * WEEK)


def collections_between(address: Address, start: dt.date, end: dt.date) -> list[CollectionDay]:
    """From `start` up to, not including, `end`."""
    return days_of(address, rounds_of(address), start, end)


def days_of(address: Address, tours: Iterable[Round], start: dt.date, end: dt.date) -> list[CollectionDay]:
    """The collections at an address by these rounds from `start` up to, not including, `end`. Two queries."""
    shifts, notices = shifts_between(start, end), notices_at(address, start, end)
    days = [day for tour in tours for day in collection_days(tour, shifts, start, end, notices)]
    return sorted(days, key=lambda day: (day.on, day.stream))


def rounds_of(address: Address) -> list[Round]:
    return [collection.round for collection in Collection.objects.filter(address=address).select_related("round")]


def shifts_between(start: dt.date, end: dt.date) -> Shifts:
    """The shifts that can matter to collections from `start` to `end`."""
    return Shifts(HolidayShift.objects.filter(due_on__gte=start - 2 * REACH, due_on__lt=end + 2 * REACH))


def shifts_since(start: dt.date) -> Shifts:
    """The shifts that can matter to collections from `start` on."""
    return Shifts(HolidayShift.objects.filter(due_on__gte=start - 2 * REACH))


def notices_at(address: Address, start: dt.date, end: dt.date | None = None) -> Notices:
    """The notices that can matter to collections at an address from `start` on, or up to `end`."""
    notices = RoundNotice.objects.about(start - REACH, end + REACH if end else dt.date.max)
    there = Q(area=None) | Q(area__geometry__covers=address.location)
    return Notices(notices.filter(there).select_related("round"))


def containers_of(address: Address) -> list[Container]:
    return list(Container.objects.filter(address=address, removed_on=None).order_by("stream", "id"))


# --- Missed bins ------------------------------------------------------------------------------------------------------


def reportable(address: Address, now: dt.datetime) -> list[ReportChoice]:
    """Every bin of the address: may it be reported, or why not. The same few queries for one bin and for ten."""
    return [decide(facts, now) for facts in bin_facts(address, now)]


def bin_facts(address: Address, now: dt.datetime) -> list[BinFacts]:
    today = timezone.localdate(now)
    containers = containers_of(address)
    tours = {tour.stream: tour for tour in rounds_of(address)}
    shifts, notices = shifts_since(today - _LONGEST_GAP), notices_at(address, today - _LONGEST_GAP)
    lasts = {stream: latest_collection(tour, shifts, today, notices) for stream, tour in tours.items()}
    visits = [last for last in lasts.values() if last]
    runs, logs, answers = _runs(visits), _logs(address, visits), _answers()
    fetched = list(AssistedCollection.objects.filter(address=address)) if lasts else []
    untils, open_cases = _report_untils(visits), _open_cases(containers)
    facts = []
    for container in containers:
        tour, last = tours.get(container.stream), lasts.get(container.stream)
        visit = (last.round.pk, last.on) if last else None
        log = logs.get(visit)
        facts.append(
            BinFacts(
                container=container,
                has_round=tour is not None,
                last=last,
                next=next_collection(tour, shifts, today, notices) if tour else None,
                run=runs.get(visit),
                log=log,
                answer=answers.get(log.outcome) if log else None,
                report_until=untils.get(visit),
                open_case=open_cases.get(same_as_key(container)),
                is_assisted=last is not None and any(one.is_in_force(last.on) for one in fetched),
            )
        )
    return facts


def same_as_key(container: Container) -> str:
    """What a second open report of the same bin shares with the first. A bin that moved house starts anew."""
    return f"missed-bin:{container.pk}:{container.address_id}"


Visit = tuple[int, dt.date] | None  # a round on a day


def _runs(visits: Iterable[CollectionDay]) -> dict[Visit, RoundRun]:
    wanted = {(visit.round.pk, visit.on) for visit in visits}
    runs = RoundRun.objects.filter(round__in={pk for pk, _on in wanted}, on__in={on for _pk, on in wanted})
    return {(run.round_id, run.on): run for run in runs}


def _logs(address: Address, visits: Iterable[CollectionDay]) -> dict[Visit, CrewLogEntry]:
    entries = CrewLogEntry.objects.filter(address=address, on__in={visit.on for visit in visits})
    return {(entry.round_id, entry.on): entry for entry in entries}


def _answers() -> dict[str, LogAnswer]:
    return {answer.outcome: answer for answer in LogAnswer.objects.all()}


def _report_untils(visits: Iterable[CollectionDay]) -> dict[Visit, dt.date]:
    windows = dict(ReportingRule.objects.values_list("stream", "window_working_days"))
    calendar = working_calendar()
    return {
        (visit.round.pk, visit.on): calendar.add_working_days(
            _done_on(visit), windows.get(visit.stream, _STANDARD_WINDOW)
        )
        for visit in visits
    }


def _done_on(visit: CollectionDay) -> dt.date:
    """A late crew may come on a later day: the time to report begins then."""
    late = visit.late_notice
    return max(visit.on, timezone.localdate(late.expected_at)) if late and late.expected_at else visit.on


def _open_cases(containers: Iterable[Container]) -> dict[str, Case]:
    keys = [same_as_key(container) for container in containers]
    return {case.same_as_key: case for case in Case.objects.open().filter(same_as_key__in=keys)}


def receipts(results: Sequence[tuple[int, str]]) -> list[tuple[MissedBin, str]]:
    """What became of the reports of one form, for the browser that sent it: the bin, its case, and the result."""
    found = {missed.case_id: missed for missed in _with_all(MissedBin.objects.filter(case__in=dict(results)))}
    return [(found[case_id], result) for case_id, result in results if case_id in found]


def draft_photo(key: uuid.UUID) -> DraftPhoto | None:
    """A photo of a report that is not sent yet, while we have it."""
    draft = DraftPhoto.objects.filter(pk=key, added_at__gte=timezone.now() - DRAFT_LIFE).first()
    return draft if draft and draft.file.storage.exists(str(draft.file.name)) else None


def draft_photo_by_text(key: object) -> DraftPhoto | None:
    """As `draft_photo`, for a key as a form holds it."""
    try:
        return draft_photo(uuid.UUID(str(key)))
    except ValueError:
        return None


# --- For staff --------------------------------------------------------------------------------------------------------


def missed_bin_of(case: Case) -> MissedBin | None:
    return _with_all(MissedBin.objects.filter(case=case)).first()


def _with_all(missed: QuerySet[MissedBin]) -> QuerySet[MissedBin]:
    return missed.select_related("case", "container", "round__crew")


def crew_log_on(missed: MissedBin) -> CrewLogEntry | None:
    return CrewLogEntry.objects.filter(
        address=missed.container.address_id, round=missed.round_id, on=missed.due_on
    ).first()


def reports_since(container: Container, since: dt.date) -> list[MissedBin]:
    """Missed collections of a bin that were reported since a day, newest first."""
    missed = MissedBin.objects.filter(container=container, due_on__gte=since)
    return list(missed.select_related("case").order_by("-due_on", "-pk"))
