"""
How a log line is written: text with ``key=value``, or one JSON object.

Each line bears the id of the request it was written for. What may stand in a message is said where it is logged; here
it is made sure that one record is one line, whatever somebody sent us.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from sse import trace

# What begins a new line on some terminal or in some collector, and what moves a terminal's cursor.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN = re.compile(r"[^\s\"=]+")


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a record says beside its message: the request's id, and ``extra={"fields": …}``."""
    request = getattr(record, "request_id", None) or trace.current()
    return {"request_id": request or None, **getattr(record, "fields", {})}


class Line(logging.Formatter):
    """``time LEVEL logger: message key=value …``; a traceback follows on lines of its own, indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        told = "".join(f" {name}={_value(value)}" for name, value in fields(record).items() if value is not None)
        text = f"{_time(record)} {record.levelname:<7} {record.name}: {_escaped(record.getMessage())}{told}"
        if record.exc_info:
            text += "\n" + "\n".join("    " + line for line in self.formatException(record.exc_info).splitlines())
        return text


class Json(logging.Formatter):
    """One JSON object for each record: time, level, logger, message, request_id, fields, error."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        told = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **fields(record),
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _escaped(text: str) -> str:
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _value(value: object) -> str:
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
