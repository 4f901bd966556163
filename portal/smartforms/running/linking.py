"""A link to a form may say answers, `/forms/report-a-street-problem/?problem=light`, so that a page about street lights
leads into the right branch.

They stand in their fields as if somebody had chosen them, and count when their page is sent. Only questions that the
author opened to links take one; what their kind refuses is left out without a word: the person did not write it.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any as Anything

from django.http import QueryDict

from portal.smartforms.answers import is_given, write_answer
from portal.smartforms.definition.model import Definition, Question
from portal.smartforms.kinds import Asking, Family, kind_of

_LONGEST = 200  # a link is no place for letters


def answers_in(definition: Definition, said: QueryDict, on: dt.date) -> dict[str, Anything]:
    """In JSON, as a draft keeps them."""
    return dict(_answers(definition, said, Asking(on)))


def _answers(definition: Definition, said: QueryDict, asking: Asking) -> Iterator[tuple[str, Anything]]:
    for key, question in definition.questions.items():
        if question.from_link and key in said:
            answer = _answer(question, said.getlist(key), asking)
            if is_given(answer):
                yield key, write_answer(question, answer)


def _answer(question: Question, texts: list[str], asking: Asking) -> Anything:
    if any(len(text) > _LONGEST for text in texts):
        return None
    kind = kind_of(question)
    try:
        return kind.accepted(question, asking, texts if kind.family is Family.TICKED else kind.from_json(texts[-1]))
    except ValueError:
        return None
