"""How many fields a form may send: Django's number everywhere, more in the views that the settings name, for staff.

Django reads one number for the whole site when it takes a form apart; to take 20,000 fields apart costs ten times as
much as 1,000. `FieldLimit` is that number, and says more while a request runs that may send more.

Also used by the settings: nothing here may need them when it is imported.
"""

from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_raised: ContextVar[int | None] = ContextVar("many_fields", default=None)


class FieldLimit(int):
    """Django adds to it, and asks whether it is less than what came (`MultiPartParser`, `parse_qsl`)."""

    @property
    def now(self) -> int:
        return _raised.get() or int(self)

    def __add__(self, more: int) -> int:
        return self.now + more

    def __lt__(self, sent: int) -> bool:
        return self.now < sent


class ManyFieldsMiddleware:
    """Before whatever reads a form. `MANY_FIELDS_VIEWS` are the names of the views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = _raised.set(None)
        try:
            return self.get_response(request)
        finally:
            _raised.reset(before)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        view = request.resolver_match.view_name if request.resolver_match else ""
        if view in settings.MANY_FIELDS_VIEWS and request.user.is_staff:
            _raised.set(settings.MANY_FIELDS)
