"""Rules between a definition's JSON and the rows of the editor, both as plain data.

`[row, row]` means all of them. What a reader of the definition would refuse is passed on as it was typed: it says why.
"""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from portal.smartforms.definition.conditions import DATE_OPS, Op

Rows = list[dict[str, Any]]
NEGATED = {"not_given": Op.GIVEN, "not_one_of": Op.ONE_OF, "not_includes": Op.INCLUDES}
_SPAN = re.compile(r"(?:(in)\s+)?(\d{1,5})\s+(day|week|month|year)s?(\s+ago)?", re.IGNORECASE)

# --- to the definition ------------------------------------------------------------------------------------------------


def condition_of(rows: Rows | None) -> dict[str, Any] | None:
    parts = [_part(row["type"], row["value"]) for row in rows or []]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"all": parts}


def _part(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    if kind == "row":
        return _test(value)
    inside = value["rows"] or []
    if kind == "not":
        return {"not": condition_of(inside) or {}}
    return {kind: [_part(row["type"], row["value"]) for row in inside]}


def _test(row: dict[str, Any]) -> dict[str, Any]:
    op = row["test"] or ""
    if op in NEGATED:
        return {"not": _test({**row, "test": NEGATED[op].value})}
    typed = (row["value"] or "").strip()
    return {"about": (row["about"] or "").strip(), op: _asked(op, typed)}


def _asked(op: str, typed: str) -> Any:
    if op == Op.GIVEN:
        return True
    if op in {Op.ONE_OF, Op.INCLUDES}:
        return split(typed)
    return moment_of(typed) if op in DATE_OPS else typed


def split(typed: str) -> list[str]:
    return [part.strip() for part in next(csv.reader([typed], skipinitialspace=True), []) if part.strip()]


def moment_of(typed: str) -> Any:
    """ "today", "18 years ago" and "in 2 weeks"; a date and anything else as it is."""
    found = _SPAN.fullmatch(typed.strip())
    if found is None or bool(found[1]) == bool(found[4]):
        return typed.strip().lower() if typed.strip().lower() == "today" else typed.strip()
    return {f"{found[3].lower()}s": -int(found[2]) if found[4] else int(found[2])}


# --- from the definition ----------------------------------------------------------------------------------------------


def rows_of(condition: dict[str, Any] | None) -> Rows:
    if condition is None:
        return []
    if condition.keys() == {"all"} and len(condition["all"]) > 1:
        return [_row(part) for part in condition["all"]]
    return [_row(condition)]


def _row(condition: dict[str, Any]) -> dict[str, Any]:
    if condition.keys() == {"not"}:
        inside = condition["not"]
        for name, asked in NEGATED.items():
            if asked.value in inside:
                return {"type": "row", "value": {**_typed(inside, asked.value), "test": name}}
        return {"type": "not", "value": {"rows": rows_of(inside)}}
    for kind in ("all", "any"):
        if condition.keys() == {kind}:
            return {"type": kind, "value": {"rows": [_row(part) for part in condition[kind]]}}
    op = next(iter(condition.keys() - {"about"}))
    return {"type": "row", "value": {**_typed(condition, op), "test": op}}


def _typed(test: dict[str, Any], op: str) -> dict[str, str]:
    asked = test[op]
    if op == Op.GIVEN:
        value = ""
    elif isinstance(asked, list):
        value = joined(asked)
    else:
        value = words_of_moment(asked) if op in DATE_OPS else str(asked)
    return {"about": test["about"], "value": value}


def joined(codes: list[str]) -> str:
    """As an editor would type them; in quotation marks where a code has a comma itself."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(codes)
    return line.getvalue() if any("," in code or '"' in code for code in codes) else ", ".join(codes)


def words_of_moment(moment: Any) -> str:
    if not isinstance(moment, dict):
        return str(moment)
    unit, shift = next(iter(moment.items()))
    unit = unit.removesuffix("s") if abs(shift) == 1 else unit
    return f"{-shift} {unit} ago" if shift < 0 else f"in {shift} {unit}"


# --- every rule of a form ---------------------------------------------------------------------------------------------


def each_row(rows: Rows | None, act: Callable[[dict[str, Any]], None]) -> None:
    for row in rows or []:
        if row["type"] == "row":
            act(row["value"])
        else:
            each_row(row["value"]["rows"], act)
