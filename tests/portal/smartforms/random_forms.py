"""Random forms, and random answers to them, for properties that hold for every form."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from portal.smartforms.evaluating import FACTS

ON = dt.date(2026, 2, 28)  # the day before a day that leap years have


@st.composite
def conditions(draw, known: dict[str, str], depth: int = 2) -> dict[str, Any]:
    if depth and draw(st.integers(0, 3)) == 0:
        shape = draw(st.sampled_from(["all", "any", "not"]))
        if shape == "not":
            return {"not": draw(conditions(known, depth - 1))}
        return {shape: draw(st.lists(conditions(known, depth - 1), min_size=1, max_size=3))}
    about = draw(st.sampled_from(sorted(known)))
    return {"about": about, **draw(_asks(known[about]))}


def _asks(family: str) -> st.SearchStrategy[dict[str, Any]]:
    given_at_all = st.just({"given": True})
    match family:
        case "yes_no":
            return st.sampled_from([{"one_of": ["yes"]}, {"one_of": ["no"]}, {"given": True}])
        case "choice":
            return st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True).map(
                lambda codes: {"one_of": codes}
            )
        case "ticked":
            return st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True).map(
                lambda codes: {"includes": codes}
            )
        case "number":
            ops = st.sampled_from(["equals", "at_least", "more_than", "at_most", "less_than"])
            return given_at_all | st.tuples(ops, st.integers(-2, 12)).map(lambda pair: {pair[0]: pair[1]})
        case "date":
            ops = st.sampled_from(["before", "on_or_before", "after", "on_or_after"])
            days = st.sampled_from(["2008-02-29", "today", {"years": -18}, {"days": -3}, {"months": -1}])
            return given_at_all | st.tuples(ops, days).map(lambda pair: {pair[0]: pair[1]})
    return given_at_all


_OPTIONS = [{"value": code, "label": code.upper()} for code in "abc"]
_KINDS = {
    "yes_no": {"kind": "yes_no"},
    "choice": {"kind": "radios", "options": _OPTIONS},
    "ticked": {"kind": "checkboxes", "options": _OPTIONS},
    "number": {"kind": "number", "least": 0, "most": 10},
    "date": {"kind": "date", "earliest": "2000-01-01", "latest": {"years": 1}},
    "text": {"kind": "short_text"},
}


@st.composite
def forms(draw) -> dict[str, Any]:
    """As JSON. Names are right and rules look back only; whether the form can be finished is left to chance."""
    known = {f"fact.{name}": "yes_no" for name in FACTS}
    steps, calculations, ends = [], [], []
    for number in range(draw(st.integers(1, 5))):
        step = {"key": f"s{number}", "title": "Step"}
        if draw(st.booleans()):
            step["show_when"] = draw(conditions(known))
        new = draw(
            _group(step, number, calculations) if draw(st.integers(0, 4)) == 0 else _questions(step, number, known)
        )
        known |= new
        if draw(st.integers(0, 3)) == 0:
            ends.append(
                {"after": step["key"], "when": draw(conditions(known)), "outcome": draw(st.sampled_from(["", "stop"]))}
            )
        for row in draw(_calculations(known, number)):
            calculations.append(row)
            known[row["key"]] = "number"
        steps.append(step)
    return {
        "slug": "random",
        "title": "Random",
        "summary": "Made by chance.",
        "service": "general-enquiry",
        "steps": steps,
        "ends": ends,
        "calculations": calculations,
        "outcomes": [
            {"key": "stop", "title": "Stop", "body": "No.", "sends": False, "when": draw(conditions(known))},
            *([{"key": "early", "title": "Early", "when": draw(conditions(known))}] if draw(st.booleans()) else []),
            *([{"key": "sent", "title": "Sent"}] if draw(st.integers(0, 4)) else []),
        ],
        "destinations": [
            *(
                [{"service": "potholes", "case_title": "One", "when": draw(conditions(known))}]
                if draw(st.booleans())
                else []
            ),
            *([{"service": "general-enquiry", "case_title": "Two"}] if draw(st.integers(0, 4)) else []),
        ],
    }


@st.composite
def _questions(draw, step, number, known):
    questions, new = [], {}
    for row in range(draw(st.integers(1, 3))):
        family = draw(st.sampled_from(sorted(_KINDS)))
        key = f"q{number}_{row}"
        question = {"key": key, "label": "Question", "required": draw(st.booleans()), **_KINDS[family]}
        if draw(st.integers(0, 2)) == 0:
            question["show_when"] = draw(conditions(known))
        new[key] = family
        if draw(st.integers(0, 4)) == 0:
            question["checks"] = [{"must": draw(conditions({**known, **new})), "message": "Not so."}]
        questions.append(question)
    step["questions"] = questions
    return new


@st.composite
def _group(draw, step, number, calculations):
    most = draw(st.integers(1, 3))
    step |= {"kind": "group", "item_name": "thing", "least": draw(st.integers(0, 1)), "most": most}
    step["questions"] = [{"key": "n", "label": "Number", "required": draw(st.booleans()), **_KINDS["number"]}]
    calculations += [
        {"key": f"count{number}", "kind": "count", "label": "Count", "about": step["key"]},
        {"key": f"total{number}", "kind": "total", "label": "Total", "about": f"{step['key']}.n"},
    ]
    return {f"count{number}": "number", f"total{number}": "number"}


@st.composite
def _calculations(draw, known, number):
    rows = []
    dates = [key for key, family in known.items() if family == "date"]
    numbers = [key for key, family in known.items() if family == "number"]
    if dates and draw(st.booleans()):
        kind = draw(st.sampled_from(["years_since", "days_since"]))
        rows.append({"key": f"since{number}", "kind": kind, "label": "Since", "about": draw(st.sampled_from(dates))})
    if draw(st.integers(0, 2)) == 0:
        lines = [{"fee": "swim", "concession": "support", "when": draw(conditions(known))}, {"fee": "swim"}]
        small = [key for key in numbers if key.startswith(("q", "count"))]
        per = {"per": draw(st.sampled_from(small))} if small and draw(st.booleans()) else {}
        fee = {"key": f"fee{number}", "kind": "fee", "label": "Fee", "about": "pool", "base": 2, **per}
        rows.append({**fee, "fees": lines[: draw(st.integers(1, 2))]})
        numbers = [rows[-1]["key"], *numbers]
    if numbers and draw(st.booleans()):
        terms = [{"about": key, "times": draw(st.integers(-2, 2))} for key in numbers[:3]]
        rows.append({"key": f"sum{number}", "kind": "sum", "label": "Sum", "terms": terms, "base": 1})
    if draw(st.integers(0, 2)) == 0:
        kind = draw(st.sampled_from(["score", "table"]))
        points = [{"when": draw(conditions(known)), "number": draw(st.integers(-3, 5))} for _row in range(2)]
        rows.append({"key": f"points{number}", "kind": kind, "label": "Points", "rows": points})
    return rows


AMOUNTS = st.integers(0, 1200).map(lambda pence: Decimal(pence) / 100)
FEES = st.fixed_dictionaries({}, optional={f"pool/swim/{payer}": AMOUNTS for payer in ("standard", "support")})


@st.composite
def answers(draw, form: dict[str, Any]) -> dict[str, Any]:
    """To some of the questions, shown or not, each good by itself."""
    given: dict[str, Any] = {}
    for step in form["steps"]:
        if step.get("kind") == "group":
            number = st.integers(0, 10).map(Decimal)
            given[step["key"]] = draw(st.lists(st.fixed_dictionaries({"n": number}), max_size=4))
            continue
        for question in step["questions"]:
            if draw(st.integers(0, 5)):
                given[question["key"]] = draw(_answer(question["kind"]))
    return given


def _answer(kind: str) -> st.SearchStrategy[Any]:
    match kind:
        case "yes_no":
            return st.sampled_from(["yes", "no"])
        case "radios":
            return st.sampled_from("abc")
        case "checkboxes":
            return st.lists(st.sampled_from("abc"), min_size=1, unique=True)
        case "number":
            return st.integers(0, 10).map(Decimal)
        case "date":
            return st.dates(dt.date(2000, 1, 1), dt.date(2027, 2, 28)) | st.sampled_from(
                [dt.date(2008, 2, 28), dt.date(2008, 2, 29), dt.date(2008, 3, 1), ON]
            )
    return st.just("some words")
