"""One answer, as XML or JSON. JSON is the XML without its outer wrapper."""

import re
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse, JsonResponse

# What XML 1.0 cannot hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ITEMS = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}


def answer(root: str, data: Any, suffix: str, status: int = 200) -> HttpResponse:
    if suffix == "json":
        response: HttpResponse = JsonResponse(
            data, safe=False, status=status, content_type="application/json; charset=utf-8"
        )
    else:
        text = ElementTree.tostring(_element(root, data), encoding="utf-8", xml_declaration=True)
        response = HttpResponse(text, content_type="text/xml; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response


def refusal(sentence: str, status: int, suffix: str) -> HttpResponse:
    return answer("errors", [{"code": status, "description": sentence}], suffix, status)


def _element(name: str, data: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(data, dict):
        element.extend(_element(key, value) for key, value in data.items())
    elif isinstance(data, list):
        element.extend(_element(_ITEMS[name], value) for value in data)
    elif isinstance(data, bool):
        element.text = "true" if data else "false"
    elif data is not None:
        element.text = _NOT_XML.sub("", str(data))
    return element
