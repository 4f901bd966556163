"""`/api/schema/`: the OpenAPI description of our own API, as JSON, made from the code. Nothing comes from elsewhere."""

from functools import cache

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator


@require_safe
def api_schema(request: HttpRequest) -> JsonResponse:
    response = JsonResponse(_schema(), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=3600"
    return response


@cache
def _schema() -> dict[str, object]:
    return SchemaGenerator().get_schema(request=None, public=True)
