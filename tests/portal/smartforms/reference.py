"""The evaluator told a second time, straight from the JSON and in the plainest way, to compare with."""

import datetime as dt
import operator
from decimal import Decimal

from dateutil.relativedelta import relativedelta

_OPS = {
    "equals": operator.eq,
    "at_least": operator.ge,
    "more_than": operator.gt,
    "at_most": operator.le,
    "less_than": operator.lt,
    "before": operator.lt,
    "on_or_before": operator.le,
    "after": operator.gt,
    "on_or_after": operator.ge,
}


def run(form: dict, given: dict, facts: dict, on: dt.date) -> dict:
    """`steps` and `questions` that are shown, by key; `open`, `outcome`: a key; `destination`: an index; or None."""
    fees = facts.get("fees", {})
    told_facts = {f"fact.{name}": "yes" if yes else "no" for name, yes in facts.items() if name != "fees"}
    counts, steps, questions = told_facts, [], []
    rows = {row["key"]: row for row in form["calculations"]}

    def value(key):
        if key in rows:
            return calculate(rows[key])
        return counts.get(key)

    def calculate(row):
        kind = row["kind"]
        if kind == "count":
            return Decimal(len(counts.get(row["about"], [])))
        if kind == "total":
            group, key = row["about"].split(".")
            return sum((thing.get(key, Decimal(0)) for thing in counts.get(group, [])), Decimal(0))
        if kind == "fee":
            lines = [line for line in row["fees"] if true(line.get("when"))]
            if not lines:
                amount = row.get("base", 0)
            else:
                amount = fees.get(f"{row['about']}/{lines[0]['fee']}/{lines[0].get('concession', 'standard')}")
            return amount if amount is None or not row.get("per") else amount * (value(row["per"]) or 0)
        if kind == "sum":
            prices = [
                term["about"] for term in row["terms"] if rows.get(term["about"], {}).get("kind") in ("fee", "sum")
            ]
            if any(value(key) is None for key in prices):
                return None
            return row.get("base", 0) + sum((value(term["about"]) or 0) * term["times"] for term in row["terms"])
        if kind == "score":
            return row.get("base", 0) + sum(line["number"] for line in row["rows"] if true(line["when"]))
        if kind == "table":
            return ([line["number"] for line in row["rows"] if true(line["when"])] + [row.get("base", 0)])[0]
        if value(row["about"]) is None:
            return None
        since = relativedelta(on, value(row["about"]))
        return since.years if kind == "years_since" else (on - value(row["about"])).days

    def true(condition):
        if condition is None:
            return True
        if "all" in condition:
            return all(true(part) for part in condition["all"])
        if "any" in condition:
            return any(true(part) for part in condition["any"])
        if "not" in condition:
            return not true(condition["not"])
        found = value(condition["about"])
        (op,) = condition.keys() - {"about"}
        if found is None:
            return False
        if op == "given":
            return True
        if op == "one_of":
            return found in condition[op]
        if op == "includes":
            return bool(set(found) & set(condition[op]))
        return _OPS[op](found, moment(condition[op]))

    def moment(asked):
        if asked == "today":
            return on
        if isinstance(asked, dict):
            return on + relativedelta(**asked)
        return dt.date.fromisoformat(asked) if isinstance(asked, str) else asked

    def ending(key=""):
        row = next((row for row in form["outcomes"] if (row["key"] == key if key else true(row.get("when")))), None)
        sends = row is not None and row.get("sends", True)
        there = [number for number, line in enumerate(form["destinations"]) if sends and true(line.get("when"))]
        return {"outcome": row and row["key"], "destination": there[0] if there else None}

    def told(**rest):
        return {"steps": steps, "questions": questions, "open": None, "outcome": None, "destination": None, **rest}

    for step in form["steps"]:
        if not true(step.get("show_when")):
            continue
        steps.append(step["key"])
        shown = [question for question in step["questions"] if true(question.get("show_when"))]
        questions += [question["key"] for question in shown]
        if step.get("kind") == "group":
            counts[step["key"]] = things = given.get(step["key"], [])
            good = step["least"] <= len(things) <= step["most"]
            good = good and all(not q["required"] or q["key"] in thing for q in shown for thing in things)
        else:
            counts.update({question["key"]: given[question["key"]] for question in shown if question["key"] in given})
            good = all(not question["required"] or question["key"] in given for question in shown)
            for question in shown:
                if question["key"] in given:
                    good = good and all(true(check["must"]) for check in question.get("checks", []))
        if not good:
            return told(open=step["key"])
        for end in form["ends"]:
            if end["after"] == step["key"] and true(end["when"]):
                return told(**ending(end["outcome"]))
    return told(**ending())
