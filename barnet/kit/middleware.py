"""What every request passes: its line in the log, a check that its text is text, a sentence for a wrong method, and
patience with whoever is still sending when we have already decided."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django_structlog.middlewares import RequestMiddleware

from barnet.kit.logging import current_request_id

MOST_READ_TO_THE_END = 64 * 1024 * 1024  # bytes of a body that nobody wanted
_CHUNK = 64 * 1024
URLENCODED = "application/x-www-form-urlencoded"
_BROKEN_BYTES = "�"  # what Django reads in place of them


class UnreadBodyMiddleware:
    """Reads what a refused body has left before the answer goes out.

    A server that closes the line while a browser is still sending shows "the connection was reset" instead of the page
    that says what was wrong.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not hasattr(request, "_body"):  # read whole: nothing is left
            with suppress(UnreadablePostError):
                for _chunk in range(MOST_READ_TO_THE_END // _CHUNK):
                    if not request.read(_CHUNK):
                        break
        return response


class RequestLogMiddleware(RequestMiddleware):
    """One line a request, under an id that the visitor is told too. The query of the address stays out of the log: it
    may hold a name or a postcode."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response["X-Request-ID"] = current_request_id()
        super().handle_response(request, response)


class PlainInputMiddleware:
    """Refuses null bytes, and bytes that are not UTF-8, in addresses, cookies and form fields: a clear 400, never a
    500.

    Addresses and cookies are checked before anything reads a session. Forms are checked when a view is about to run;
    other kinds of body (JSON, streams) are left for the view to read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = f"{request.path}?{request.META.get('QUERY_STRING', '')}"
        if not _is_text(address.encode()):
            raise BadRequest("The address held characters that we cannot read.")
        if any("\x00" in text for cookie in request.COOKIES.items() for text in cookie):
            raise BadRequest("A cookie held characters that we cannot read.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        try:
            fields = request.POST
        except UnreadablePostError as broken:
            raise BadRequest("The form did not arrive whole.") from broken
        is_text = _is_text(request.body) if request.content_type == URLENCODED else _holds_text(fields, request.FILES)
        if not is_text:
            raise BadRequest("The form held characters that we cannot read.")


class WrongMethodMiddleware:
    """A person who opens an address that only takes a form reads what to do, where Django answers with nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            response.status_code != HTTPStatus.METHOD_NOT_ALLOWED
            or response.content
            or not request.accepts("text/html")
        ):
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page


def _holds_text(fields: QueryDict, files: MultiValueDict[str, UploadedFile]) -> bool:
    texts = [text for name, values in fields.lists() for text in (name, *values)]
    texts += [file.name or "" for _name, sent in files.lists() for file in sent]
    return not any("\x00" in text or _BROKEN_BYTES in text for text in texts)


def _is_text(quoted: bytes) -> bool:
    try:
        return "\x00" not in unquote_to_bytes(quoted).decode()
    except UnicodeDecodeError:
        return False
