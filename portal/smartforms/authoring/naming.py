"""Short names: made from the words once, and kept. What rules name by its words is then named by its short name, so
that a label can change without any rule noticing."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from portal.smartforms import kinds
from portal.smartforms.authoring.rows import Rows, each_row, joined, split
from portal.smartforms.rules_in_words import FACT_LABELS

Plain = dict[str, Any]


def settle(blocks: dict[str, list[Plain]]) -> None:
    """Changes the blocks, which are plain data, where they are."""
    _name_everything(blocks)
    _name_in_rules(blocks)


def keep_names(blocks: dict[str, list[Plain]], before: dict[str, list[Plain]]) -> None:
    """A page that is saved by itself while somebody writes does not know the names yet that the first saving made: they
    are found by the id of the block."""
    old = {block_id: value for rows in before.values() for block_id, value in _with_words(rows)}
    for block_id, value in (pair for rows in blocks.values() for pair in _with_words(rows)):
        for name in ("key", "value"):
            if name in value and not value[name]:
                value[name] = old.get(block_id, {}).get(name, "")


def _with_words(rows: list[Plain]) -> Iterator[tuple[str, Plain]]:
    for row in rows:
        value = row["value"]
        if "title" in value or "label" in value:
            yield row.get("id", ""), value
        for name in ("questions", "options", "rows"):
            yield from _with_words(value.get(name) or [])


def key_from(words: str, taken: set[str], *, otherwise: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    key = key if key[:1].isalpha() else f"{otherwise}_{key}".strip("_")
    key = key[:32].rstrip("_")
    if key not in taken:
        return key
    return next(longer for number in range(2, 10_000) if (longer := f"{key}_{number}") not in taken)


def _items(listed: Any) -> list[Plain]:
    return [item["value"] for item in listed or []]


def _questions(step: Plain) -> list[Plain]:
    return _items(step["value"].get("questions"))


# --- names ------------------------------------------------------------------------------------------------------------


def _name_everything(blocks: dict[str, list[Plain]]) -> None:
    groups = [step["value"] for step in blocks["steps"] if step["type"] == "group"]
    others = [step["value"] for step in blocks["steps"] if step["type"] != "group"]
    once = [question for step in blocks["steps"] if step["type"] != "group" for question in _questions(step)]
    calculations = [row["value"] for row in blocks["calculations"]]
    taken = _names([*groups, *once, *calculations])
    _fill(groups, "title", taken, "group")
    _fill(once, "label", taken, "question")
    _fill(calculations, "label", taken, "number")
    of_steps = {group["key"] for group in groups} | _names(others)
    _fill(others, "title", of_steps, "page")
    outcomes = [row["value"] for row in blocks["outcomes"]]
    _fill(outcomes, "title", _names(outcomes), "outcome")
    for step in blocks["steps"]:
        if step["type"] == "group":
            _fill(_questions(step), "label", _names(_questions(step)), "question")
        for question in _questions(step):
            for name, otherwise in (("options", "answer"), ("rows", "row")):
                answers = _items(question.get(name))
                _fill(answers, "label", _names(answers, "value"), otherwise, name="value")


def _names(values: list[Plain], name: str = "key") -> set[str]:
    return {value[name] for value in values if value[name]}


def _fill(values: list[Plain], words: str, taken: set[str], otherwise: str, *, name: str = "key") -> None:
    """A copied block brings the name of the first with it: it gets one of its own."""
    met: set[str] = set()
    for value in values:
        if not value[name] or value[name] in met:
            value[name] = key_from(value[words] or "", taken, otherwise=otherwise)
            taken.add(value[name])
        met.add(value[name])


# --- what rules name --------------------------------------------------------------------------------------------------


def _name_in_rules(blocks: dict[str, list[Plain]]) -> None:
    questions = {
        question["key"]: question
        for step in blocks["steps"]
        if step["type"] != "group"
        for question in _questions(step)
    }
    groups = {step["value"]["key"]: step for step in blocks["steps"] if step["type"] == "group"}
    known = {_folded(label): key for key, label in FACT_LABELS.items()}
    known |= {_folded(row["value"]["label"]): row["value"]["key"] for row in reversed(blocks["calculations"])}
    known |= {_folded(group["value"]["title"]): key for key, group in groups.items()}
    known |= {_folded(question["label"]): key for key, question in reversed(list(questions.items()))}
    keys = set(known.values())

    def key_of(typed: str | None) -> str:
        typed = (typed or "").strip()
        return typed if typed in keys else known.get(_folded(typed), typed)

    def put(row: Plain) -> None:
        row["about"] = key_of(row["about"])
        question = questions.get(row["about"])
        if row["test"] in {"one_of", "includes", "not_one_of", "not_includes"}:
            row["value"] = _codes(row["value"] or "", question, is_fact=row["about"].startswith("fact."))

    for rows in _rules(blocks):
        each_row(rows, put)
    _name_in_calculations(blocks, groups, key_of)
    _name_in_ends(blocks)


def _folded(words: Any) -> str:
    return " ".join(str(words or "").split()).casefold()


def _codes(typed: str, question: Plain | None, *, is_fact: bool) -> str:
    labels = {"yes": "yes", "no": "no"} if is_fact else {}
    if question:
        kind = kinds.kind_named(question["kind"])
        labels = {_folded(option.label): option.value for option in (kind.fixed_options if kind else ())}
        labels |= {_folded(option["label"]): option["value"] for option in _items(question["options"])}
    codes = set(labels.values())
    if _folded(typed) in labels and typed.strip() not in codes:
        return joined([labels[_folded(typed)]])
    return joined([part if part in codes else labels.get(_folded(part), part) for part in split(typed)])


def _rules(blocks: dict[str, list[Plain]]) -> Iterator[Rows]:
    for step in blocks["steps"]:
        yield step["value"]["show_when"]
        for question in _questions(step):
            yield question["show_when"]
            yield from (check["must"] for check in _items(question["checks"]))
    for name in ("ends", "outcomes", "destinations"):
        yield from (row["value"]["when"] for row in blocks[name])
    for calculation in blocks["calculations"]:
        for name in ("rows", "fees"):
            yield from (row["when"] for row in _items(calculation["value"].get(name)))


def _name_in_calculations(
    blocks: dict[str, list[Plain]], groups: dict[str, Plain], key_of: Callable[[str | None], str]
) -> None:
    for block in blocks["calculations"]:
        value = block["value"]
        for term in _items(value["terms"]):
            term["about"] = key_of(term["about"])
        value["per"] = key_of(value.get("per"))
        if value["kind"] == "fee":
            continue  # of a service, not of anything in the form
        value["about"] = key_of(value["about"])
        before, dot, after = value["about"].partition(".")
        group = groups.get(key_of(before))
        if dot and group:
            of_group = {_folded(question["label"]): question["key"] for question in _questions(group)}
            value["about"] = f"{group['value']['key']}.{of_group.get(_folded(after), after.strip())}"


def _name_in_ends(blocks: dict[str, list[Plain]]) -> None:
    steps = _by_title(blocks["steps"])
    outcomes = _by_title(blocks["outcomes"])
    for block in blocks["ends"]:
        end = block["value"]
        for name, known in (("after", steps), ("outcome", outcomes)):
            typed = (end[name] or "").strip()
            end[name] = typed if typed in known.values() else known.get(_folded(typed), typed)


def _by_title(rows: list[Plain]) -> dict[str, str]:
    return {_folded(row["value"]["title"]): row["value"]["key"] for row in reversed(rows)}
