"""A form of any size, three questions a page, and the answers that see all of it."""

import hashlib
import json
from typing import Any

from portal.smartforms.definition.reading import read
from portal.smartforms.definition.writing import write
from portal.smartforms.models import FormVersion, SmartForm
from tests.factories import ServiceFactory

_OPTIONS = [
    {"value": code, "label": f"The {word} answer"} for code, word in [("a", "first"), ("b", "second"), ("c", "last")]
]
_KINDS: list[tuple[dict[str, Any], Any]] = [
    ({"kind": "number", "least": 0, "most": 500}, "12"),
    ({"kind": "short_text"}, "In the afternoon"),
    ({"kind": "radios", "options": _OPTIONS}, "b"),
    ({"kind": "checkboxes", "options": _OPTIONS}, ["a", "c"]),
    ({"kind": "date", "earliest": "2000-01-01", "latest": "today"}, "2020-02-29"),
    ({"kind": "long_text"}, "A sentence or two about it."),
    ({"kind": "select", "options": _OPTIONS}, "a"),
    ({"kind": "name"}, "Asha Okafor"),
    ({"kind": "postcode"}, "EN5 4AA"),
    ({"kind": "money", "most": 9000}, "120.50"),
]


def large_form(slug: str, *, questions: int, rules: int, service: str = "general-enquiry") -> dict[str, Any]:
    """`rules`: the last chooses the outcome, the first show questions, the others count points."""
    pages = questions // 3
    shows = min(pages - 1, rules - 1)
    points = [
        {
            "when": {"all": [{"about": f"q{n}_0", "one_of": ["yes"]}, {"about": f"q{n + 1}_0", "given": True}]},
            "number": 1,
        }
        for n in (number % (pages - 1) for number in range(rules - 1 - shows))
    ]
    return {
        "slug": slug,
        "title": "A large form",
        "summary": "As large as a form may be.",
        "service": service,
        "steps": [_page(number, is_asked_by_rule=0 < number <= shows) for number in range(pages)],
        "calculations": [{"key": "points", "kind": "score", "label": "Points", "rows": points}] if points else [],
        "outcomes": [
            {"key": "soon", "title": "We look at it soon", "when": {"about": "q0_0", "one_of": ["yes"]}},
            {"key": "sent", "title": "We have it"},
        ],
        "destinations": [{"service": service, "case_title": "A large form"}],
    }


def _page(number: int, *, is_asked_by_rule: bool) -> dict[str, Any]:
    kinds = [{"kind": "yes_no"}, _kind(number, 1)[0], _kind(number, 2)[0]]
    questions: list[dict[str, Any]] = [
        {"key": f"q{number}_{row}", "label": f"Question {row + 1} of page {number}?", "hint": "As you know it.", **kind}
        for row, kind in enumerate(kinds)
    ]
    if is_asked_by_rule:
        before = {"about": f"q{number - 1}_0", "one_of": ["yes"]}
        more = {"not": {"about": f"q{number - 1}_0", "one_of": ["no"]}}
        questions[2]["show_when"] = {"any": [before, {"all": [before, more]}]} if number % 2 else before
    return {"key": f"page{number}", "title": f"Page {number}", "questions": questions}


def _kind(number: int, row: int) -> tuple[dict[str, Any], Any]:
    return _KINDS[(2 * number + row) % len(_KINDS)]


def large_answers(questions: int) -> dict[str, Any]:
    """As a draft keeps them."""
    found: dict[str, Any] = {}
    for number in range(questions // 3):
        found |= {f"q{number}_0": "yes", f"q{number}_1": _kind(number, 1)[1], f"q{number}_2": _kind(number, 2)[1]}
    return found


def live_unproved(form: dict[str, Any]) -> FormVersion:
    """Live without the proof, which takes its time for a form of this size and is tried elsewhere."""
    definition = read(form)
    source = write(definition)
    row = SmartForm.objects.create(
        slug=definition.slug,
        title=definition.title,
        summary=definition.summary,
        service=ServiceFactory(slug=definition.service),
    )
    row.live_version = FormVersion.objects.create(
        form=row,
        number=1,
        definition=json.loads(source),
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        ways=1,
    )
    row.save()
    return row.live_version
