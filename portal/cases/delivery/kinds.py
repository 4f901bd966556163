"""How a back office is told. One function a kind, registered from `AppConfig.ready()`; a second name is refused.

    register(OfficeKind("webhook", _("Signed call"), hand_over, try_out))

`hand_over(delivery)` returns what the office calls the request, or nothing; it raises RefusedError when the office will
never take this, UnavailableError when it may later, NotToldError when it hears nothing of the kind. It may be called
again with the same delivery after doubt: its `key` says so to the office.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from portal.cases.delivery.models import BackOffice, Delivery


class RefusedError(Exception):
    """The office answered that it does not take this. `status`: of the answer, if there was one."""

    def __init__(self, reason: str, *, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class NotToldError(Exception):
    """The office does not hear of such things: nothing was sent, and what follows goes on."""


class UnavailableError(Exception):
    """`is_silent`: nobody answers there at all. `wait`: how long the office asks us to."""

    def __init__(self, reason: str, *, is_silent: bool = False, wait: dt.timedelta | None = None) -> None:
        super().__init__(reason)
        self.is_silent = is_silent
        self.wait = wait


@dataclass(frozen=True)
class OfficeKind:
    """`signs`: the office tells us of requests at our door, with a secret that we share. `wrong_options(options)`: what
    an operator must change in the options, as sentences; without it there are none to set. `is_gathered`: what waits is
    told many at a time, by a job of the kind: it has no address, and `hand_over` is not called. `try_out(office)` tells
    it something that is about nobody, and returns what it answered, as sentences; it raises as `hand_over` does."""

    name: str
    label: str | Promise
    hand_over: Callable[[Delivery], str]
    try_out: Callable[[BackOffice], str]
    signs: bool = True
    wrong_options: Callable[[Mapping[str, str]], list[str]] | None = None
    is_gathered: bool = False


_kinds: dict[str, OfficeKind] = {}


def register(kind: OfficeKind) -> None:
    if kind.name in _kinds:
        raise ImproperlyConfigured(f"There is a kind of back office named {kind.name} already.")
    _kinds[kind.name] = kind


def kind_named(name: str) -> OfficeKind:
    try:
        return _kinds[name]
    except KeyError:
        raise RefusedError(f"No kind of back office is named {name}.") from None


def kinds() -> list[OfficeKind]:
    return list(_kinds.values())
