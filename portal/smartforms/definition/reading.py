"""A form from JSON and back. What cannot be read is refused with the place, never guessed: `docs/developers/forms.md`.

`read(text_or_dict)` gives a `Definition` or raises `UnreadableFormError` with every finding, each a path such as
`steps[2].questions[0].label` and a sentence.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import Any as Anything

from portal.smartforms.definition import model
from portal.smartforms.definition.conditions import All, Any, Condition, Moment, Not, Op, Test

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_QUESTIONS, MOST_DEPTH = 400, 8
UNITS = ("days", "weeks", "months", "years")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right: where, and what."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


class UnreadableFormError(ValueError):
    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = findings


def read(source: str | Mapping[str, Anything]) -> model.Definition:
    if isinstance(source, str):
        try:
            source = json.loads(source, parse_float=Decimal)
        except ValueError as error:
            raise UnreadableFormError([Finding("form", f"This is not JSON: {error}.")]) from None
        except RecursionError:
            raise UnreadableFormError([Finding("form", "This is nested too deep to be a form.")]) from None
    if isinstance(source, Mapping):
        source = {name: part for name, part in source.items() if name != "translations"}  # `translating.keeping`
    reader = _Reader()
    form = reader.thing(model.Definition, source, "form", _PARTS[model.Definition])
    if reader.findings:
        raise UnreadableFormError(reader.findings)
    return form


@dataclass
class _Reader:
    findings: list[Finding] = field(default_factory=list)

    def wrong(self, place: str, sentence: str) -> Anything:
        self.findings.append(Finding(place, sentence))
        return None

    def thing(self, cls: type, source: Anything, place: str, parts: Mapping[str, "_Read"]) -> Anything:
        """One of the model's classes: its fields by the readers in `parts`. Unknown and missing names are findings."""
        if not isinstance(source, Mapping):
            return self.wrong(place, "An object in braces is needed here.")
        for name in source.keys() - parts.keys():
            self.wrong(f"{place}.{name}", "There is no such part.")
        found = {name: parts[name](self, value, f"{place}.{name}") for name, value in source.items() if name in parts}
        for needed in fields(cls):
            if needed.default is MISSING and needed.name not in source:
                self.wrong(f"{place}.{needed.name}", "This is missing.")
        return None if self.findings else cls(**found)


_Read = Callable[[_Reader, Anything, str], Anything]


def _text(longest: int, *, pattern: re.Pattern[str] | None = None, empty: bool = True) -> _Read:
    def take(reader: _Reader, source: Anything, place: str) -> str:
        if not isinstance(source, str) or not can_be_kept(source):
            reader.wrong(place, "A text is needed here.")
            return ""
        if len(source) > longest:
            reader.wrong(place, f"This is longer than {longest} characters.")
        if not empty and not source.strip():
            reader.wrong(place, "This must not be empty.")
        if pattern and not pattern.fullmatch(source):
            reader.wrong(place, "Use small letters, digits and underscores; begin with a letter.")
        return source

    return take


def can_be_kept(text: str) -> bool:
    """A database takes neither null bytes nor halves of characters."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _whole(least: int, most: int) -> _Read:
    def take(reader: _Reader, source: Anything, place: str) -> int:
        if type(source) is not int or not least <= source <= most:
            reader.wrong(place, f"A whole number from {least} to {most} is needed here.")
            return least
        return source

    return take


def _yes_no(reader: _Reader, source: Anything, place: str) -> bool:
    if not isinstance(source, bool):
        reader.wrong(place, "true or false is needed here.")
    return bool(source)


def _number(reader: _Reader, source: Anything, place: str) -> Decimal:
    if isinstance(source, int | Decimal | float | str) and not isinstance(source, bool):
        try:
            number = Decimal(str(source))
        except InvalidOperation:
            number = Decimal("nan")
        if number.is_finite() and abs(number) <= 10**12:
            return number
    reader.wrong(place, "A number is needed here.")
    return Decimal(0)


def _one_of(choices: type) -> _Read:
    def take(reader: _Reader, source: Anything, place: str) -> Anything:
        if source in list(choices):  # type: ignore[call-overload]
            return choices(source)
        return reader.wrong(place, f"This must be one of: {', '.join(choices)}.")  # type: ignore[arg-type]

    return take


def _list(item: _Read, most: int = 500) -> _Read:
    def take(reader: _Reader, source: Anything, place: str) -> tuple[Anything, ...]:
        if not isinstance(source, list) or len(source) > most:
            reader.wrong(place, f"A list of at most {most} is needed here.")
            return ()
        return tuple(item(reader, value, f"{place}[{number}]") for number, value in enumerate(source))

    return take


def _object(cls: type) -> _Read:
    return lambda reader, source, place: reader.thing(cls, source, place, _PARTS[cls])


def _maybe(take: _Read) -> _Read:
    return lambda reader, source, place: None if source is None else take(reader, source, place)


# --- Conditions -------------------------------------------------------------------------------------------------------


def _condition(reader: _Reader, source: Anything, place: str, depth: int = 0) -> Condition | None:
    """`{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}` or `{"about": "age", "at_least": 18}`."""
    if not isinstance(source, Mapping) or depth > MOST_DEPTH:
        return reader.wrong(place, "A condition in braces is needed here.")
    if source.keys() == {"not"}:
        part = _condition(reader, source["not"], f"{place}.not", depth + 1)
        return None if part is None else Not(part)
    for name, cls in (("all", All), ("any", Any)):
        if source.keys() == {name}:
            return _together(reader, cls, source[name], f"{place}.{name}", depth)
    return _test(reader, source, place)


def _together(reader: _Reader, cls: type, source: Anything, place: str, depth: int) -> Condition | None:
    if not isinstance(source, list) or not source:
        return reader.wrong(place, "A list of conditions is needed here.")
    parts = [_condition(reader, value, f"{place}[{number}]", depth + 1) for number, value in enumerate(source)]
    return None if None in parts else cls(tuple(parts))


def _test(reader: _Reader, source: Mapping[str, Anything], place: str) -> Condition | None:
    ops = source.keys() - {"about"}
    if "about" not in source or len(ops) != 1 or next(iter(ops)) not in list(Op):
        return reader.wrong(place, f"Say what it is about, and one of: {', '.join(Op)}.")
    about = _text(90)(reader, source["about"], f"{place}.about")
    op = Op(next(iter(ops)))
    asked, there = source[op.value], f"{place}.{op.value}"
    if op is Op.GIVEN:
        if asked is not True:
            reader.wrong(there, "Only true can stand here; for the contrary use not.")
        return Test(about, op)
    if op in {Op.ONE_OF, Op.INCLUDES}:
        codes = _list(_text(80, empty=False))(reader, asked if isinstance(asked, list) else [asked], there)
        if not codes:
            reader.wrong(there, "At least one answer is needed here.")
        return Test(about, op, codes)
    if op in {Op.BEFORE, Op.ON_OR_BEFORE, Op.AFTER, Op.ON_OR_AFTER}:
        return Test(about, op, (_moment(reader, asked, there),))
    return Test(about, op, (_number(reader, asked, there),))


def _moment(reader: _Reader, source: Anything, place: str) -> Moment:
    """`"2026-09-01"`, `"today"`, `{"years": -18}`: eighteen years before the day on which the form is filled in."""
    if source == "today":
        return Moment()
    if isinstance(source, str):
        try:
            return Moment(on=dt.date.fromisoformat(source).isoformat())
        except ValueError:
            reader.wrong(place, 'A day like "2026-09-01", "today" or {"years": -18} is needed here.')
            return Moment()
    if isinstance(source, Mapping) and len(source) == 1 and next(iter(source)) in UNITS:
        unit, shift = next(iter(source.items()))
        return Moment(shift=_whole(-50_000, 50_000)(reader, shift, f"{place}.{unit}"), unit=unit)
    reader.wrong(place, 'A day like "2026-09-01", "today" or {"years": -18} is needed here.')
    return Moment()


# --- The parts --------------------------------------------------------------------------------------------------------

_key, _slug, _name = _text(40, pattern=KEY), _text(80, pattern=SLUG), _text(90)
_line, _long = _text(300), _text(20_000)
_when = _maybe(_condition)

_PARTS: dict[type, dict[str, _Read]] = {
    model.Option: {"value": _text(80, empty=False), "label": _line, "hint": _line},
    model.Setting: {"name": _name, "value": _line},
    model.Check: {"must": _condition, "message": _line},
    model.Row: {"when": _condition, "number": _number},
    model.FeeRow: {"fee": _name, "concession": _name, "when": _when},
    model.Term: {"about": _name, "times": _number},
    model.Outcome: {"key": _key, "title": _line, "body": _long, "when": _when, "sends": _yes_no},
    model.Destination: {
        "service": _slug,
        "case_title": _line,
        "team": _line,
        "urgency": _name,
        "next_steps": _text(1_000),
        "tells_team": _yes_no,
        "when": _when,
    },
    model.End: {"after": _key, "when": _condition, "outcome": _name},
}
_PARTS[model.Question] = {
    "key": _key,
    "kind": _name,
    "label": _text(1_000),
    "hint": _text(1_000),
    "help": _long,
    "why": _text(1_000),
    "required": _yes_no,
    "show_when": _when,
    "options": _list(_object(model.Option)),
    "rows": _list(_object(model.Option), 40),
    "parts": _list(_name, 10),
    "setup": _list(_object(model.Setting), 20),
    "pattern": _line,
    "least": _maybe(_number),
    "most": _maybe(_number),
    "earliest": _maybe(_moment),
    "latest": _maybe(_moment),
    "checks": _list(_object(model.Check), 20),
    "prefill": _name,
    "from_link": _yes_no,
    "data_class": _one_of(model.DataClass),
    "keep_days": _maybe(_whole(1, 36_500)),
}
_PARTS[model.Step] = {
    "key": _key,
    "title": _line,
    "kind": _one_of(model.StepKind),
    "body": _long,
    "show_when": _when,
    "questions": _list(_object(model.Question), MOST_QUESTIONS),
    "item_name": _line,
    "least": _whole(0, 50),
    "most": _whole(1, 50),
}
_PARTS[model.Calculation] = {
    "key": _key,
    "kind": _one_of(model.CalculationKind),
    "label": _line,
    "about": _name,
    "terms": _list(_object(model.Term)),
    "rows": _list(_object(model.Row)),
    "fees": _list(_object(model.FeeRow), 40),
    "per": _name,
    "shown": _yes_no,
    "base": _number,
}
_PARTS[model.Definition] = {
    "slug": _slug,
    "title": _line,
    "summary": _text(1_000),
    "service": _slug,
    "steps": _list(_object(model.Step), MOST_QUESTIONS),
    "outcomes": _list(_object(model.Outcome), 100),
    "destinations": _list(_object(model.Destination), 100),
    "ends": _list(_object(model.End)),
    "calculations": _list(_object(model.Calculation)),
    "declaration": _text(2_000),
    "needs_account": _yes_no,
}
