"""What stands in a part of a document, read as what should stand there; anything else is an unknown shape."""

from collections.abc import Mapping
from typing import Any

from strategies.templatetags import wording

Data = Mapping[str, Any]


class UnknownShape(Exception):
    """A part of a document is not what this release writes there; it can be shown plainly all the same."""


def data(value: object) -> Data:
    """Return an object; what is not there is an empty one."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    raise UnknownShape


def text(value: object) -> str:
    """Return a text, or a number as prose has it; what is not there is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return wording.number(value)
    raise UnknownShape


def number(value: object) -> float | None:
    """Return a number; None where there is none."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise UnknownShape


def rows(value: object) -> list[Data]:
    """Return a list of objects."""
    return [data(row) for row in _listed(value)]


def lines(value: object) -> list[str]:
    """Return a list of texts."""
    return [text(line) for line in _listed(value)]


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise UnknownShape
