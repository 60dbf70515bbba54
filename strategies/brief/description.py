"""The brief in words, for prompts, pages and the admin."""

import re
from collections.abc import Mapping
from typing import Any

from .fields import Field
from .registry import FIELDS
from .texts import blank

_BREAKS = re.compile(r"[\n\x85\u2028\u2029]+")

_SINGULAR = {"people": "person", "seconds": "second", "visits per month": "visit per month"}


def describe(brief: Mapping[str, Any]) -> list[tuple[Field, str]]:
    """
    Return what a canonical brief says, field by field, in the registry's order.

    An object has a line for each member and a list a line for each entry. Line breaks inside an answer become
    blanks, so nobody's text can pass for a line of its own; otherwise it is whole and as it was written: data,
    to be escaped or bordered where it is shown.
    """
    return [(each, "\n".join(_said(each, brief[each.id]))) for each in FIELDS if not blank(brief.get(each.id))]


def say(field: Field, value: Any) -> str:
    """Return a single canonical value in words, such as "9,000 EUR per month"."""
    return "\n".join(_said(field, value))


def _said(field: Field, value: Any) -> list[str]:
    match field.type:
        case "texts":
            return [_flat(entry) for entry in value]
        case "choices":
            return ["; ".join(map(_flat, value))]
        case "boolean":
            return ["yes" if value else "no"]
        case "number" | "integer" | "percent":
            return [_measured(_grouped(value), field)]
        case "money":
            return [_measured(f"{_grouped(value['amount'])} {value['currency']}".rstrip(), field)]
        case "object":
            return _members(field, value)
        case "objects":
            return ["; ".join(_members(field, row)) for row in value]
        case _:
            return [_flat(value)]


def _members(field: Field, value: Mapping[str, Any]) -> list[str]:
    given = [each for each in field.fields if not blank(value.get(each.id))]
    return [f"{each.label}: {'; '.join(_said(each, value[each.id]))}" for each in given]


def _flat(text: str) -> str:
    return _BREAKS.sub(" ", text)


def _grouped(value: float) -> str:
    # Six decimals are all that a canonical number has; without the format small ones would show an exponent.
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0")


def _measured(figure: str, field: Field) -> str:
    if field.unit == "%":
        return f"{figure}%"
    unit = _SINGULAR.get(field.unit, field.unit) if figure == "1" else field.unit
    return f"{figure} {unit}".rstrip()
