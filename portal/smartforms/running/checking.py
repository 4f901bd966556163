"""What is wrong with the answers of a page beyond each single answer: the checks that the author wrote."""

from collections.abc import Mapping

from portal.smartforms.definition.model import Step
from portal.smartforms.evaluating import Value, broken_checks
from portal.smartforms.running.run import Run
from portal.smartforms.running.step_form import StepForm


def check_together(run: Run, step: Step, form: StepForm, answers: Mapping[str, Value]) -> None:
    """Adds the author's sentences to the form."""
    merged = {**run.values, **answers}
    for question in step.questions:
        if question.key not in answers:
            merged.pop(question.key, None)
    for question, message in broken_checks(run.definition, merged, run.facts, step, known=run.background):
        if question.key in form.fields and not form.has_error(question.key):
            form.refuse(question, message)
