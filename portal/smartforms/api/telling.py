"""Where a filling-in stands, and what became of what was sent."""

from typing import Any as Anything

from portal.cases.enums import CaseState
from portal.smartforms.answers import write_answer
from portal.smartforms.definition.model import StepKind
from portal.smartforms.evaluating import ShownStep
from portal.smartforms.models import DraftState, Submission
from portal.smartforms.running.run import Run


def state_of(run: Run) -> dict[str, Anything]:
    draft = run.draft
    if draft.state == DraftState.SENT:  # its answers are with the request now
        return {**_head(run), "steps": [], "next_step": None, "answers": {}, "calculated": {}, "outcome": None}
    walk = run.walk
    return {
        **_head(run),
        "steps": [_step(run, shown) for shown in walk.steps],
        "next_step": walk.open_step.key if walk.open_step else None,
        "answers": {key: value for shown in walk.steps for key, value in _answers(run, shown).items()},
        "calculated": {key: str(walk.values[key]) for key in run.definition.calculation if key in walk.values},
        "outcome": _outcome(walk.outcome) if walk.outcome else None,
    }


def _head(run: Run) -> dict[str, Anything]:
    draft = run.draft
    return {
        "id": str(draft.pk),
        "form": draft.form.slug,
        "version": draft.version.number,
        "state": draft.state,
        "expires_at": draft.expires_at.isoformat(),
    }


def _step(run: Run, shown: ShownStep) -> dict[str, Anything]:
    is_open = run.walk.open_step is not None and run.walk.open_step.key == shown.step.key
    return {
        "key": shown.step.key,
        "is_done": not is_open,
        "questions": [question.key for question in shown.questions],
        "asked_again": list(run.draft.ask_again.get(shown.step.key, [])),
    }


def _answers(run: Run, shown: ShownStep) -> dict[str, Anything]:
    values: Anything = run.walk.values
    if shown.step.kind is StepKind.GROUP:
        things = values.get(shown.step.key) or []
        return {shown.step.key: [_written(shown, thing) for thing in things]}
    return _written(shown, values)


def _written(shown: ShownStep, values: Anything) -> dict[str, Anything]:
    return {
        question.key: write_answer(question, values[question.key])
        for question in shown.questions
        if question.key in values
    }


def _outcome(outcome: Anything) -> dict[str, Anything]:
    return {"key": outcome.key, "title": outcome.title, "body": outcome.body, "sends": outcome.sends}


def submission_as_json(submission: Submission) -> dict[str, Anything]:
    """What became of it. The answers are the council's now, and are not given back."""
    case = submission.case
    return {
        "draft": str(submission.draft_id),
        "form": submission.version.form.slug,
        "version": submission.version.number,
        "reference": case.reference,
        "outcome": submission.outcome,
        "sent_at": submission.sent_at.isoformat(),
        "state": case.state,
        "state_in_words": CaseState(case.state).sentence,
        "promise_on": case.promise_on.isoformat(),
    }
