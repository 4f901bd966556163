"""A form as other systems need it: what is asked, in which words, and what an answer looks like.

Rules and destinations stay with us: which step and question is shown now, the state of a draft says.
"""

from typing import Any

from portal.smartforms.api.schemas import schema_of, schema_of_group
from portal.smartforms.definition.model import Definition, Question, Step, StepKind
from portal.smartforms.kinds import kind_of
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.versions import definition_of


def form_row(form: SmartForm) -> dict[str, Any]:
    return {
        "slug": form.slug,
        "title": form.title,
        "summary": form.summary,
        "service": form.service.slug,
        "version": form.live_version.number if form.live_version else None,
    }


def form_as_json(form: SmartForm, version: FormVersion) -> dict[str, Any]:
    definition = definition_of(version)
    return {
        **form_row(form),
        "version": version.number,
        "published_at": version.published_at.isoformat(),
        "declaration": definition.declaration,
        "steps": [_step(step) for step in definition.steps],
        "calculations": _calculations(definition),
    }


def _step(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": step.key,
        "title": step.title,
        "kind": step.kind.value,
        "body": step.body,
        "is_conditional": step.show_when is not None,
        "questions": [_question(question) for question in step.questions],
    }
    if step.kind is StepKind.GROUP:
        found |= {"item_name": step.item_name, "least": step.least, "most": step.most, "schema": schema_of_group(step)}
    return found


def _question(question: Question) -> dict[str, Any]:
    options = kind_of(question).options(question) or question.options
    return {
        "key": question.key,
        "kind": question.kind,
        "label": question.label,
        "hint": question.hint,
        "help": question.help,
        "why": question.why,
        "required": question.required,
        "is_conditional": question.show_when is not None,
        "data_class": question.data_class.value,
        "options": [_option(option) for option in options],
        "rows": [_option(row) for row in question.rows],
        "schema": schema_of(question),
    }


def _option(option: Any) -> dict[str, str]:
    return {"value": option.value, "label": str(option.label), "hint": str(option.hint)}


def _calculations(definition: Definition) -> list[dict[str, str]]:
    return [{"key": row.key, "label": row.label} for row in definition.calculations]
