"""What was answered in a form that was sent, as the evaluator reckons with it."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any as Anything

from portal.smartforms.evaluating import FACTS, Facts
from portal.smartforms.models import Answer, Submission

_PATH = re.compile(r"(?:(?P<group>\w+)\[(?P<number>\d+)\]\.)?(?P<key>\w+)")
_GIVEN_ANEW = {"files", "declaration", "signature"}  # what somebody did once is not done by showing it again


def kept_of(answers: Iterable[Answer]) -> dict[str, Anything]:
    """As a draft keeps them: the things of a group in a list under its step."""
    kept: dict[str, Anything] = {}
    for answer in answers:
        found = _PATH.fullmatch(answer.path)
        if found is None:
            continue
        if found["group"]:
            things, number = kept.setdefault(found["group"], []), int(found["number"])
            things.extend({} for _thing in range(number + 1 - len(things)))
            things[number][found["key"]] = answer.value
        else:
            kept[found["key"]] = answer.value
    return kept


def shown_again(submission: Submission, asked: Iterable[str]) -> dict[str, Anything]:
    """The earlier answers to what is asked, to stand in the fields."""
    wanted = set(asked)
    kept = kept_of(answer for answer in submission.answers.all() if answer.kind not in _GIVEN_ANEW)
    return {key: value for key, value in kept.items() if key in wanted}


def facts_then(submission: Submission) -> Facts:
    """What was known without asking when it was sent."""
    on = submission.facts.get("on")
    return Facts(
        on=dt.date.fromisoformat(on) if on else submission.sent_at.date(),
        fees={key: Decimal(amount) for key, amount in submission.facts.get("fees", {}).items()},
        **{name: bool(submission.facts.get(name)) for name in FACTS},
    )
