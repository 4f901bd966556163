"""One line of structured log per event, with the id of the request that caused it.

The id goes to the visitor as `X-Request-ID`. Work that is done later carries it on: keep `current_request_id()` with
the task, and wrap the work in `with request_id_bound(id):` so that the worker's lines have it too.
"""

import logging.config
from contextlib import AbstractContextManager

import structlog


def current_request_id() -> str:
    """Empty outside a request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def request_id_bound(request_id: str) -> AbstractContextManager[None]:
    return structlog.contextvars.bound_contextvars(**({"request_id": request_id} if request_id else {}))


def logging_config(*, json: bool, level: str) -> None:
    """Sends Django's, the worker's and our own lines through structlog: JSON for machines, text for people."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
                    "foreign_pre_chain": shared,
                }
            },
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["console"], "level": level},
            "loggers": {
                # Both would say a second time what the line of the request says.
                "django.server": {"handlers": [], "propagate": False},
                "django.request": {"handlers": [], "propagate": False},
                # They tell of every page written and indexed: of use when something is wrong, noise otherwise.
                "wagtail": {"level": "WARNING"},
                "django_tasks": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,  # type: ignore[list-item]
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
