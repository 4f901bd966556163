"""What the worker's supervisor does besides, every few seconds. A higher app registers it in `AppConfig.ready()`.

    chores.register("periodic jobs", periodic_runs.look)

A chore is short: it reads a little and at most writes tasks. Every supervisor runs it, so it decides by locks and
unique keys, not by who comes first.
"""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError

Chore = Callable[[], object]

log = structlog.get_logger("barnet.worker")
_chores: dict[str, Chore] = {}


class DuplicateChoreError(ValueError):
    """Two chores under one name: one of them would silently not run."""


def register(name: str, chore: Chore) -> None:
    if name in _chores:
        raise DuplicateChoreError(name)
    _chores[name] = chore


def do_all() -> None:
    """One that fails does not keep the others from running; a database that is away is the supervisor's to know."""
    for name, chore in list(_chores.items()):
        try:
            chore()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("chore failed", chore=name)
