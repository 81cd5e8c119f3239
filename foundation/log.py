"""Logs: an event name with scalar fields, one JSON line each, on standard error."""

import logging
import sys
from typing import Any, cast

import structlog

SCALARS = (str, int, float, bool, type(None))


class NotScalar(TypeError):
    """A field of a log line was a collection or an object: personal data slips into logs that way."""


def _refuse_collections(logger: Any, method: str, event: Any) -> Any:
    for name, value in event.items():
        if not isinstance(value, SCALARS) and name not in {"exc_info", "stack_info"}:
            raise NotScalar(f"log field {name} is a {type(value).__name__}")
    return event


def configure(level: int = logging.INFO) -> None:
    """Set up logging for this process; call it once, at its entry."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _refuse_collections,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def fresh(**fields: str | int) -> None:
    """From here on every line of this thread carries *fields*, and nothing of what was done before."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**fields)


def bind(**fields: str | int) -> None:
    """Every further line of this thread carries *fields* too."""
    structlog.contextvars.bind_contextvars(**fields)


def get(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(module=name))
