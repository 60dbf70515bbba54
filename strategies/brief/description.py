"""The brief in words, for prompts, pages and the admin."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from .fields import Field
from .registry import FIELDS
from .texts import blank

_BREAKS = re.compile(r"[\n\x85\u2028\u2029]+")

_SINGULAR = {
    "people": _("person"),
    "seconds": _("second"),
    "visits per month": _("visit per month"),
}


@dataclass(frozen=True)
class Tongue:
    """A language: ``say`` puts words of ours into it, labels, options and units, ``mark`` a number into its writing."""

    say: Callable[[str], str] = str
    mark: Callable[[str], str] = str


ENGLISH = Tongue()


def describe(brief: Mapping[str, Any], tongue: Tongue = ENGLISH) -> list[tuple[Field, str]]:
    """
    Return what a canonical brief says, field by field, in the registry's order.

    An object has a line for each member and a list a line for each entry. Line breaks inside an answer become
    blanks, so nobody's text can pass for a line of its own; otherwise it is whole and as it was written: data,
    to be escaped or bordered where it is shown.
    """
    given = [each for each in FIELDS if not blank(brief.get(each.id))]
    return [(each, "\n".join(_said(each, brief[each.id], tongue))) for each in given]


def say(field: Field, value: Any, tongue: Tongue = ENGLISH) -> str:
    """Return a single canonical value in words, such as "9,000 EUR per month"."""
    return "\n".join(_said(field, value, tongue))


def _said(field: Field, value: Any, tongue: Tongue) -> list[str]:
    match field.type:
        case "texts":
            return [_flat(entry) for entry in value]
        case "choices":
            return ["; ".join(_option(field, entry, tongue) for entry in value)]
        case "boolean":
            return [tongue.say("yes" if value else "no")]
        case "number" | "integer" | "percent":
            return [_measured(_grouped(value), field, tongue)]
        case "money":
            amount = tongue.mark(_grouped(value["amount"]))
            return [f"{amount} {value['currency']}".rstrip() + f" {tongue.say(field.unit)}"]
        case "object":
            return _members(field, value, tongue)
        case "objects":
            return ["; ".join(_members(field, row, tongue)) for row in value]
        case _:
            return [_option(field, value, tongue)]


def _members(field: Field, value: Mapping[str, Any], tongue: Tongue) -> list[str]:
    given = [each for each in field.fields if not blank(value.get(each.id))]
    return [f"{tongue.say(each.label)}: {'; '.join(_said(each, value[each.id], tongue))}" for each in given]


def _option(field: Field, text: str, tongue: Tongue) -> str:
    return tongue.say(text) if text in field.options else _flat(text)


def _flat(text: str) -> str:
    return _BREAKS.sub(" ", text)


def _grouped(value: float) -> str:
    # Six decimals are all that a canonical number has; without the format small ones would show an exponent.
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0")


def _measured(figure: str, field: Field, tongue: Tongue) -> str:
    if field.unit == "%":
        return tongue.say("{amount}%").format(amount=tongue.mark(figure))
    unit = _SINGULAR.get(field.unit, field.unit) if figure == "1" else field.unit
    return f"{tongue.mark(figure)} {tongue.say(unit)}".rstrip()


# The sign of a percentage stands apart in some languages.
_("{amount}%")
