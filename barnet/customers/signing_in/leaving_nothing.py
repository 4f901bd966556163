"""What a page at a shared screen does not give the browser to keep: files, and what was typed.

It works on what goes out, whatever page it is, so that no file and no form can be forgotten.
"""

import re
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

_AUTOCOMPLETE = re.compile(rb' autocomplete="[^"]*"')
_FORM = re.compile(rb"<form\b")


def kept_by_nobody(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A file to save is answered by a page that says where to fetch it; forms ask the browser to remember nothing."""
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        return _no_file(request)
    if _is_page(response):
        plain = _AUTOCOMPLETE.sub(b"", response.content)
        response.content = _FORM.sub(b'<form autocomplete="off"', plain)
    return response


def _no_file(request: HttpRequest) -> HttpResponse:
    return kept_by_nobody(request, render(request, "customers/kiosk_no_files.html", status=HTTPStatus.FORBIDDEN))


def _is_page(response: HttpResponseBase) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
