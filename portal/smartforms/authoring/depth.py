"""How deep rules may be nested: as deep as the editor has rows."""

from collections.abc import Iterator

from portal.smartforms.authoring.rows import NEGATED
from portal.smartforms.authoring.rule_blocks import DEEPEST
from portal.smartforms.definition.conditions import All, Any, Condition, Not, Test
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import Finding


def too_deep(definition: Definition) -> list[Finding]:
    sentence = (
        f"This rule is nested deeper than {DEEPEST} groups, which nobody can edit. Put a part of it into a calculation."
    )
    return [
        Finding(place, sentence) for place, rule in rules_of(definition) if rule is not None and depth(rule) > DEEPEST
    ]


def depth(rule: Condition) -> int:
    """Groups around the innermost row. All of a rule's rows together need no group, and "is not" is one row."""
    return max(_depth(part) for part in rule.parts) if isinstance(rule, All) and len(rule.parts) > 1 else _depth(rule)


def _depth(rule: Condition) -> int:
    match rule:
        case Test():
            return 0
        case Not(Test(op=op)) if op in NEGATED.values():
            return 0
        case Not(part):
            return 1 + depth(part)
        case All(parts) | Any(parts):
            return 1 + max(_depth(part) for part in parts)


def rules_of(definition: Definition) -> Iterator[tuple[str, Condition | None]]:
    """With their places."""
    for number, step in enumerate(definition.steps):
        yield f"form.steps[{number}].show_when", step.show_when
        for row, question in enumerate(step.questions):
            there = f"form.steps[{number}].questions[{row}]"
            yield f"{there}.show_when", question.show_when
            yield from ((f"{there}.checks[{at}].must", check.must) for at, check in enumerate(question.checks))
    for name in ("ends", "outcomes", "destinations"):
        yield from ((f"form.{name}[{number}].when", row.when) for number, row in enumerate(getattr(definition, name)))
    for number, calculation in enumerate(definition.calculations):
        there = f"form.calculations[{number}]"
        yield from ((f"{there}.rows[{at}].when", row.when) for at, row in enumerate(calculation.rows))
        yield from ((f"{there}.fees[{at}].when", row.when) for at, row in enumerate(calculation.fees))
