"""Answers of a request as the attributes that the office asks for: the operator says which answer is which."""

from typing import Any

from portal.cases.delivery.kinds import RefusedError
from portal.cases.delivery.models import BackOffice
from portal.cases.delivery.open311.options import attributes_of, chosen, service_code
from portal.cases.delivery.open311.protocol import Fields, Row, get, text
from portal.cases.models import Case


def attributes_to_send(office: BackOffice, case: Case) -> Fields:
    """In a list of the office the answer is sent as its key there. What is fixed is sent whatever was answered."""
    wanted = attributes_of(office, case.service)
    if chosen(office, "details") == "no":
        wanted = {code: label for code, label in wanted.items() if label.startswith("=")}
    answers = {str(label).casefold(): str(value) for label, value in case.details}
    given = {
        code: label[1:] if label.startswith("=") else answers.get(label.casefold(), "")
        for code, label in wanted.items()
    }
    if not any(given.values()):
        return []
    asked = _asked(office, service_code(office, case.service))
    return [field for code, value in given.items() if value for field in _fields(code, value, asked.get(code, {}))]


def _fields(code: str, value: str, asked: Row) -> Fields:
    keys = _keys(asked)
    if text(asked, "datatype") == "multivaluelist":
        return [(f"attribute[{code}][]", keys.get(one.casefold(), one)) for one in value.split(", ")]
    return [(f"attribute[{code}]", keys.get(value.casefold(), value))]


def _keys(asked: Row) -> dict[str, str]:
    """By what people read. A value that is sent as its key already stays."""
    return {text(value, "name").casefold(): text(value, "key") for value in _list(asked.get("values"))}


def _asked(office: BackOffice, code: str) -> dict[str, Row]:
    try:
        rows = get(office, "services", code)
    except RefusedError:
        return {}  # it describes nothing: what was answered is sent as it is
    return {text(row, "code"): row for found in rows for row in _list(found.get("attributes"))}


def _list(found: Any) -> list[Row]:
    """Some write `{"attribute": [...]}` for a list."""
    if isinstance(found, dict):
        found = next(iter(found.values()), None)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
