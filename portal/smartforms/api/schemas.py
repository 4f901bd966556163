"""What an answer looks like in JSON, as a JSON Schema, and whether a sent one has that shape."""

from typing import Any

from portal.smartforms.definition.model import Question, Step
from portal.smartforms.kinds import Family, kind_of

_DAY = {"type": "string", "format": "date"}
_TEXT = {"type": "string"}


def schema_of(question: Question) -> dict[str, Any]:
    """The kind's own checks say more: a telephone number that nobody can call has this shape, too."""
    kind = kind_of(question)
    codes = [option.value for option in kind.options(question)]
    match kind.family:
        case Family.CHOICE:
            return {"type": "string", "enum": codes}
        case Family.TICKED:
            return {"type": "array", "items": {"type": "string", "enum": codes}, "uniqueItems": True}
        case Family.NUMBER:
            return {"type": ["string", "number"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
        case Family.DATE:
            return _DAY
        case Family.TEXT:
            bounds = {"minLength": question.least, "maxLength": question.most} if kind.is_cut_to_length else {}
            return {"type": "string", **{name: int(bound) for name, bound in bounds.items() if bound is not None}}
    return _schema_of_thing(question)


def _schema_of_thing(question: Question) -> dict[str, Any]:
    match question.kind:
        case "files":
            parts = {"id": {"type": "string", "format": "uuid"}, "name": _TEXT, "size": {"type": "integer"}}
            return {"type": "array", "items": _object(parts, needed=["id"])}
        case "table":
            code = {"type": "string", "enum": [option.value for option in question.options]}
            return _object({row.value: code for row in question.rows})
        case "person":
            parts = {part: _DAY if part.startswith("date") else _TEXT for part in question.parts}
            return _object({"first_name": _TEXT, "last_name": _TEXT, **parts}, needed=["first_name", "last_name"])
        case "date_range":
            return _object({"from": _DAY, "to": _DAY})
        case "address":
            return _object({"uprn": _TEXT, "text": _TEXT})
        case "location":
            return _object({"easting": _TEXT, "northing": _TEXT, "text": _TEXT})
        case "signature":
            return _object({"name": _TEXT})
    return {"type": "object", "additionalProperties": _TEXT}


def _object(parts: dict[str, Any], *, needed: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": parts,
        "required": list(parts) if needed is None else needed,
        "additionalProperties": False,
    }


def schema_of_group(step: Step) -> dict[str, Any]:
    things = _object(
        {question.key: schema_of(question) for question in step.questions},
        needed=[question.key for question in step.questions if question.required and question.show_when is None],
    )
    return {"type": "array", "minItems": step.least, "maxItems": step.most, "items": things}


def wrong_shape(question: Question, sent: Any) -> str:
    """What is wrong with the type of a sent value; empty when it can be looked at as an answer."""
    match kind_of(question).family:
        case Family.TICKED if not (isinstance(sent, list) and all(isinstance(code, str) for code in sent)):
            return "A list of texts is needed here."
        case Family.NUMBER if isinstance(sent, bool) or not isinstance(sent, str | int | float):
            return "A number, or a number as a text, is needed here."
        case Family.CHOICE | Family.TEXT | Family.DATE if not isinstance(sent, str):
            return "A text is needed here."
        case Family.THING if not isinstance(sent, dict | list):
            return "An object is needed here." if question.kind != "files" else "A list of files is needed here."
    return ""
