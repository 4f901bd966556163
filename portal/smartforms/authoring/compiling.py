"""The blocks of the editor and the JSON of a definition, each from the other.

Both sides are plain data: blocks as Wagtail keeps them (`{"type", "value"}`), a definition as `definition.reading`
takes it. What is missing or wrong stays so and keeps its place: the reader and the proof name it by that place.
"""

import json
from typing import Any

from portal.smartforms.authoring.rows import condition_of, moment_of, rows_of, words_of_moment
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.writing import write

PARTS = ("steps", "ends", "calculations", "outcomes", "destinations")
Blocks = dict[str, list[dict[str, Any]]]
Plain = dict[str, Any]


def compiled(blocks: Blocks, **about: Any) -> Plain:
    """`about`: slug, title, summary, service, declaration and needs_account."""
    steps = [_step(block["type"], block["value"]) for block in blocks["steps"]]
    return {
        **about,
        "steps": steps,
        **{name: [_PART[name](row["value"]) for row in blocks[name]] for name in PARTS[1:]},
    }


def _items(listed: Any) -> list[Plain]:
    """Of a list block, whose rows may be wrapped."""
    return [item["value"] for item in listed or []]


def _some(value: Plain, *names: str) -> Plain:
    return {name: value[name] for name in names if value.get(name) not in (None, "")}


def _rule(name: str, value: Plain) -> Plain:
    condition = condition_of(value.get(name))
    return {} if condition is None else {name: condition}


def _step(kind: str, value: Plain) -> Plain:
    step = {"key": value["key"], "title": value["title"], "kind": kind, **_some(value, "body", "item_name")}
    step |= {name: int(value[name]) for name in ("least", "most") if value.get(name) is not None}
    if kind != "information":
        step["questions"] = [_question(question) for question in _items(value["questions"])]
    return step | _rule("show_when", value)


def _question(value: Plain) -> Plain:
    question = _some(value, "hint", "help", "why", "prefill", "data_class", "least", "most", "pattern")
    question |= {"key": value["key"], "label": value["label"], "kind": value["kind"], "required": value["is_required"]}
    question |= _rule("show_when", value)
    for name in ("options", "rows"):
        if value.get(name):
            question[name] = [
                {"value": option["value"], "label": option["label"], **_some(option, "hint")}
                for option in _items(value[name])
            ]
    if value.get("parts"):
        question["parts"] = list(value["parts"])
    for name in ("earliest", "latest"):
        if value.get(name):
            question[name] = moment_of(value[name])
    if value.get("from_link"):
        question["from_link"] = True
    if value.get("setup"):
        question["setup"] = [{"name": row["name"], "value": row["value"]} for row in _items(value["setup"])]
    if days := value.get("keep_days"):
        question["keep_days"] = int(days) if str(days).isdecimal() else days
    if value["checks"]:
        question["checks"] = [
            {"must": condition_of(check["must"]) or {}, "message": check["message"]}
            for check in _items(value["checks"])
        ]
    return question


def _end(value: Plain) -> Plain:
    return {"after": value["after"], "when": condition_of(value["when"]) or {}, **_some(value, "outcome")}


def _calculation(value: Plain) -> Plain:
    row = {"key": value["key"], "kind": value["kind"], "label": value["label"], **_some(value, "about", "base", "per")}
    if value.get("shown"):
        row["shown"] = True
    if value.get("fees"):
        row["fees"] = [
            {"fee": line["fee"], **_some(line, "concession"), **_rule("when", line)} for line in _items(value["fees"])
        ]
    if value["terms"]:
        row["terms"] = [{"about": term["about"], **_some(term, "times")} for term in _items(value["terms"])]
    if value["rows"]:
        row["rows"] = [
            {"when": condition_of(line["when"]) or {}, "number": line["number"]} for line in _items(value["rows"])
        ]
    return row


def _outcome(value: Plain) -> Plain:
    outcome = {"key": value["key"], "title": value["title"], "sends": value["sends"], **_some(value, "body")}
    return outcome | _rule("when", value)


def _destination(value: Plain) -> Plain:
    destination = {"service": value["service"], "case_title": value["case_title"]}
    if value.get("tells_team"):
        destination["tells_team"] = True
    return destination | _some(value, "team", "urgency", "next_steps") | _rule("when", value)


_PART = {"ends": _end, "calculations": _calculation, "outcomes": _outcome, "destinations": _destination}

# --- back -------------------------------------------------------------------------------------------------------------

_NOWHERE_ELSE = {"team": "", "urgency": "normal", "next_steps": "", "tells_team": False}
_QUESTION_TEXTS = ("key", "label", "hint", "help", "why", "prefill", "least", "most", "keep_days", "pattern")


def blocks_of(definition: Definition) -> Blocks:
    form = json.loads(write(definition))
    return {
        "steps": [{"type": step.get("kind", "questions"), "value": _step_block(step)} for step in form["steps"]],
        "ends": [
            {"type": "end", "value": {**end, "when": rows_of(end["when"]), "outcome": end.get("outcome", "")}}
            for end in form.get("ends", [])
        ],
        "calculations": [
            {"type": "calculation", "value": _calculation_block(row)} for row in form.get("calculations", [])
        ],
        "outcomes": [
            {"type": "outcome", "value": {"body": "", "sends": True, **row, "when": rows_of(row.get("when"))}}
            for row in form["outcomes"]
        ],
        "destinations": [
            {"type": "destination", "value": {**_NOWHERE_ELSE, **row, "when": rows_of(row.get("when"))}}
            for row in form.get("destinations", [])
        ],
    }


def _listed(values: list[Plain]) -> list[Plain]:
    """The id, though empty, tells Wagtail that these are its blocks: without it the editor would show none of them."""
    return [{"type": "item", "value": value, "id": ""} for value in values]


def _step_block(step: Plain) -> Plain:
    kind = step.get("kind", "questions")
    value = {"key": step["key"], "title": step["title"], "body": step.get("body", "")}
    value["show_when"] = rows_of(step.get("show_when"))
    if kind == "group":
        value |= {"item_name": step.get("item_name", ""), "least": step.get("least", 0), "most": step.get("most", 20)}
    if kind != "information":
        value["questions"] = _listed([_question_block(question) for question in step.get("questions", [])])
    return value


def _question_block(question: Plain) -> Plain:
    value: Plain = {name: str(question.get(name, "")) for name in _QUESTION_TEXTS}
    value |= {"kind": question["kind"], "is_required": question.get("required", True)}
    value |= {"data_class": question.get("data_class", "personal"), "show_when": rows_of(question.get("show_when"))}
    value |= {name: words_of_moment(question.get(name, "")) for name in ("earliest", "latest")}
    for name in ("options", "rows"):
        value[name] = _listed([{"hint": "", **option} for option in question.get(name, [])])
    value["parts"] = question.get("parts", [])
    value["from_link"] = question.get("from_link", False)
    value["setup"] = _listed(question.get("setup", []))
    value["checks"] = _listed(
        [{"must": rows_of(check["must"]), "message": check["message"]} for check in question.get("checks", [])]
    )
    return value


def _calculation_block(row: Plain) -> Plain:
    return {
        **{name: row[name] for name in ("key", "kind", "label")},
        "about": row.get("about", ""),
        "base": str(row.get("base", 0)),
        "per": row.get("per", ""),
        "shown": row.get("shown", False),
        "fees": _listed(
            [{"concession": "standard", **line, "when": rows_of(line.get("when"))} for line in row.get("fees", [])]
        ),
        "terms": _listed(
            [{"about": term["about"], "times": str(term.get("times", 1))} for term in row.get("terms", [])]
        ),
        "rows": _listed(
            [{"when": rows_of(line["when"]), "number": str(line["number"])} for line in row.get("rows", [])]
        ),
    }
