"""What stands in the fields of a page before anybody typed there."""

from typing import Any as Anything

from portal.smartforms.evaluating import ShownStep
from portal.smartforms.kinds import Asking
from portal.smartforms.running.prefilling import Prefilled, known
from portal.smartforms.running.reusing import earlier_answer, earlier_thing, told_already
from portal.smartforms.running.run import Run


def known_on_page(run: Run, shown: ShownStep, asking: Asking, given: Anything) -> dict[str, Prefilled]:
    """What we can fill in for questions that have no answer yet, on a page that was not sent yet: what was told on an
    earlier page of this form, then what they want to use again, then the account."""
    if shown.step.key in run.draft.seen:
        return {}
    found = {
        question.key: told_already(run, shown.step, question, asking)
        or earlier_answer(run.draft, question, asking)
        or known(question, run.party.customer, asking)
        for question in shown.questions
        if question.key not in given
    }
    return {key: prefilled for key, prefilled in found.items() if prefilled}


def known_of_thing(run: Run, shown: ShownStep, number: int) -> dict[str, Prefilled]:
    """Of a thing that is not there yet, on the first way through the group: what they want to use again."""
    if shown.step.key in run.draft.seen:
        return {}
    asked_now = {question.key for question in shown.questions}
    found = earlier_thing(run.draft, shown.step, number, run.asking)
    return {key: prefilled for key, prefilled in found.items() if key in asked_now}
