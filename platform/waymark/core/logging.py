"""Structured logs on standard error: ids only, never names or addresses."""

from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "keyvalue": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"]),
            "foreign_pre_chain": _SHARED,
        }
    },
    "filters": {"masked": {"()": "waymark.core.masking.MaskedPaths"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "keyvalue", "filters": ["masked"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # What it says of a refused request, the site's own record of requests says too.
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    }
    | {
        name: {"handlers": ["stderr"], "level": "INFO", "propagate": False}
        for name in ("waymark", "courses", "assessments", "grading")
    },
}

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
