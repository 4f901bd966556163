"""The description in OpenAPI is valid, and the schema of an answer is what the form takes and gives."""

import datetime as dt

import jsonschema
import pytest
from django.urls import reverse

from portal.smartforms import library
from portal.smartforms.api.schemas import schema_of
from portal.smartforms.kinds import kind_of
from portal.smartforms.proving.examples import some_answer

ON = dt.date(2026, 3, 27)


def test_description_is_valid_and_names_every_call(client, db):
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.validation import validate_schema

    validate_schema(SchemaGenerator().get_schema(request=None, public=True))
    paths = client.get(reverse("api_schema")).json()["paths"]
    draft = "/api/v1/forms/{slug}/drafts/{draft_id}/"
    assert {path: set(calls) for path, calls in paths.items() if path.startswith("/api/v1/forms/")} == {
        "/api/v1/forms/": {"get"},
        "/api/v1/forms/{slug}/": {"get"},
        "/api/v1/forms/{slug}/drafts/": {"post"},
        draft: {"get", "delete"},
        f"{draft}steps/{{step_key}}/": {"put"},
        f"{draft}files/{{question}}/": {"post"},
        f"{draft}link/": {"post"},
        f"{draft}file/{{file_id}}/": {"delete"},
        f"{draft}submit/": {"post"},
        "/api/v1/forms/{slug}/submissions/": {"get"},
        "/api/v1/forms/{slug}/submissions/{draft_id}/": {"get"},
    }
    begin = paths["/api/v1/forms/{slug}/drafts/"]["post"]
    assert any(one["name"] == "Idempotency-Key" and one["required"] for one in begin["parameters"])


@pytest.mark.parametrize("name", library.names())
def test_a_good_answer_has_the_shape_that_its_schema_tells(name):
    for place, question in library.form(name).questions.items():
        schema = schema_of(question)
        jsonschema.Draft202012Validator.check_schema(schema)
        given = kind_of(question).to_json(some_answer(question, ON))
        assert jsonschema.Draft202012Validator(schema).is_valid(given), (place, given, schema)
        assert not jsonschema.Draft202012Validator(schema).is_valid({"another": {"shape": 1}}), place
