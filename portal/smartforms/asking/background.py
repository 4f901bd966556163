"""What was answered in a form that was sent, as the evaluator reckons with it."""

from collections.abc import Iterable
from typing import Any as Anything

from portal.smartforms.answers import is_given
from portal.smartforms.definition.model import DataClass
from portal.smartforms.models import Answer, Submission
from portal.smartforms.results import paths

_GIVEN_ANEW = {"files", "declaration", "signature"}  # what somebody did once is not done by showing it again


def kept_of(answers: Iterable[Answer]) -> dict[str, Anything]:
    """As a draft keeps them: the things of a group in a list under its step."""
    return paths.kept_of((answer.path, answer.value) for answer in answers if is_given(answer.value))


def shown_again(submission: Submission, asked: Iterable[str]) -> dict[str, Anything]:
    """The earlier answers to what is asked, to stand in the fields. Not those of special category: the pages are open
    to a delegate, to staff who serve the customer, and to whoever reads the mail at an address that was typed."""
    wanted = set(asked)
    shown = (
        answer for answer in submission.answers.all() if answer.kind not in _GIVEN_ANEW and not _is_special(answer)
    )
    kept = kept_of(shown)
    return {key: value for key, value in kept.items() if key in wanted}


def is_withheld(submission: Submission, asked: Iterable[str]) -> bool:
    """Whether something that was answered before is asked and not shown again."""
    wanted = set(asked)
    return any(wanted & set(kept_of([answer])) for answer in submission.answers.all() if _is_special(answer))


def _is_special(answer: Answer) -> bool:
    return answer.data_class == DataClass.SPECIAL
