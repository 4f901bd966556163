"""Days on which collections take place instead of their day."""

import datetime as dt
from collections.abc import Iterable

from portal.waste.importing.csv_file import Line, LineError, Tally, usable
from portal.waste.importing.words import STREAMS
from portal.waste.models import LONGEST_SHIFT, HolidayShift
from portal.waste.schedule import Shifts

REQUIRED = ("due_date", "moved_to", "reason")
OPTIONAL = ("stream",)

Key = tuple[dt.date, str]


def import_holiday_shifts(lines: Iterable[Line], tally: Tally) -> None:
    """Adds shifts and changes known ones. A shift that would give a week two collections, or none, is refused."""
    known = {(shift.due_on, shift.stream): shift for shift in HolidayShift.objects.all()}
    wanted: dict[Key, tuple[Line, HolidayShift]] = {}
    for line, shift in usable(lines, tally, _shift):
        key = (shift.due_on, shift.stream)
        if key in wanted:
            tally.refuse(line.number, f"this day is already on line {wanted[key][0].number}")
        else:
            wanted[key] = (line, shift)
    _refuse_clashes(wanted, known, tally)
    for key, (_line, shift) in wanted.items():
        _save(shift, known.get(key), tally)


def _shift(line: Line) -> HolidayShift:
    shift = HolidayShift(
        due_on=line.day("due_date"),
        moved_to=line.day("moved_to"),
        stream=line.choice("stream", {**STREAMS, "all": ""}, default=""),
        reason=line.text("reason", longest=80),
    )
    if abs((shift.moved_to - shift.due_on).days) > LONGEST_SHIFT:
        raise LineError(f"a collection can move by at most {LONGEST_SHIFT} days")
    return shift


def _refuse_clashes(wanted: dict[Key, tuple[Line, HolidayShift]], known: dict[Key, HolidayShift], tally: Tally) -> None:
    """Takes out what clashes, until the rest fits."""
    while True:
        together = {**known, **{key: shift for key, (_line, shift) in wanted.items()}}
        clashing = {(shift.due_on, shift.stream) for shift in Shifts(together.values()).clashes()} & wanted.keys()
        if not clashing:
            return
        for key in sorted(clashing):
            line, shift = wanted.pop(key)
            tally.refuse(
                line.number,
                f"{shift.moved_to} is on or past the collection of the week before or after {shift.due_on}",
            )


def _save(shift: HolidayShift, old: HolidayShift | None, tally: Tally) -> None:
    if old is None:
        shift.save()
        tally.done["shifts added"] += 1
    elif (old.moved_to, old.reason) == (shift.moved_to, shift.reason):
        tally.done["shifts unchanged"] += 1
    else:
        old.moved_to, old.reason = shift.moved_to, shift.reason
        old.save()
        tally.done["shifts changed"] += 1
