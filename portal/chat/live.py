"""Server-sent events that end at once: the browser asks again after a few seconds and says which line it had last. No
connection is held, so a conversation costs no worker; see docs/decisions/live-conversations.md."""

import json
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse

SECONDS = 3


def event(name: str, data: object, pk: int | None = None) -> str:
    ident = f"id: {pk}\n" if pk is not None else ""
    return f"{ident}event: {name}\ndata: {json.dumps(data)}\n\n"


def stream(events: Iterable[str]) -> HttpResponse:
    def body() -> Iterator[str]:
        yield f"retry: {SECONDS * 1000}\n\n"
        yield from events

    response = HttpResponse("".join(body()), content_type="text/event-stream; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def last_seen(request: HttpRequest) -> int:
    """The line that the browser had last: it says so itself when it asks again."""
    typed = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
