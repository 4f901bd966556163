"""Is this process alive, and may it be sent visitors?

`/health/live` answers as long as the process does and asks nothing else. `/health/ready` runs every registered check;
one failure makes it 503. A check returns a short text or raises; the answer tells a `NotReadyError`'s own words and
of any other error only its kind, because the address is public. The log has the rest.

    health.register("worker", check_pulse)
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

logger = structlog.get_logger(__name__)

Check = Callable[[], object]
_checks: dict[str, Check] = {}


class NotReadyError(Exception):
    """Its text is shown to anybody: a plain reason without secrets."""


class DuplicateCheckError(ValueError):
    """Two checks under one name: one of them would silently not run."""


@dataclass(frozen=True)
class Finding:
    name: str
    is_ok: bool
    text: str
    milliseconds: int


def register(name: str, check: Check) -> None:
    if name in _checks:
        raise DuplicateCheckError(name)
    _checks[name] = check


def findings() -> list[Finding]:
    return [_find(name, check) for name, check in list(_checks.items())]


def _find(name: str, check: Check) -> Finding:
    started = time.monotonic()
    try:
        is_ok, text = True, str(check() or "ok")
    except NotReadyError as reason:
        is_ok, text = False, str(reason)
    except Exception as error:
        logger.warning("health_check_failed", check=name, exc_info=True)
        is_ok, text = False, type(error).__name__
    return Finding(name, is_ok, text, round((time.monotonic() - started) * 1000))
