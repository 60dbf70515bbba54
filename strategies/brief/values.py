"""
Single values of the brief: from what was typed to their canonical form.

Each reader takes a field and a raw JSON value that is not blank, and returns the canonical value, or None where
nothing was said after all, or raises `Rejected`.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _

from . import numbers, places, texts
from .fields import Field, bounds
from .texts import blank
from .words import kind, mistaken, quote, refused

# Decimals that are kept. Beyond them lies what binary fractions add, such as 0.30000000000000004.
DECIMALS = 6

_ANSWERS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def number(field: Field, raw: object) -> int | float:
    """Read a number, whether it is one or was typed."""
    if not isinstance(raw, str):
        return _within(field, raw)
    try:
        value = numbers.number(raw, percent=field.type == "percent")
    except ValueError as error:
        raise refused(field, _("{value}: {error}").format(value=quote(raw), error=error)) from None
    return _within(field, value)


def integer(field: Field, raw: object) -> int:
    """Read a whole number."""
    value = number(field, raw)
    if isinstance(value, float):
        raise refused(field, _("This is not a whole number"))
    return value


def money(field: Field, raw: object) -> dict[str, Any] | None:
    """Read an amount: a number, text, or an object with ``amount`` and ``currency``."""
    parts = raw if isinstance(raw, Mapping) else {"amount": raw}
    if not parts.keys() <= {"amount", "currency"}:
        raise refused(field, _("An amount has other members than those"))
    amount = parts.get("amount")
    named = _currency(field, parts.get("currency"))
    if blank(amount):
        if named:
            raise refused(field, _("The amount is missing"))
        return None
    if not isinstance(amount, str):
        return {"amount": _within(field, amount), "currency": named}
    try:
        value, typed = numbers.money(amount)
    except ValueError as error:
        raise refused(field, _("{value}: {error}").format(value=quote(amount), error=error)) from None
    if named and typed and named != typed:
        raise refused(field, _("Two currencies are named"))
    return {"amount": _within(field, value), "currency": named or typed}


def boolean(field: Field, raw: object) -> bool:
    """Read yes or no."""
    if isinstance(raw, int) and raw in (0, 1):
        return bool(raw)
    if not isinstance(raw, str):
        raise mistaken(field, raw)
    answer = _ANSWERS.get(raw.strip().lower())
    if answer is None:
        raise refused(field, _("{value} is neither yes nor no").format(value=quote(raw)))
    return answer


READERS: dict[str, Callable[[Field, object], Any]] = {
    "text": texts.text,
    "texts": texts.texts,
    "choice": texts.choice,
    "choices": texts.choices,
    "number": number,
    "integer": integer,
    "percent": number,
    "money": money,
    "boolean": boolean,
    "url": places.url,
    "timezone": places.timezone,
}


def _within(field: Field, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise mistaken(field, value)
    low, high = bounds(field)
    # NaN is not between anything, so it ends here too.
    if not low <= value <= high:
        raise refused(field, _("The number is out of range"))
    rounded = round(Decimal(str(value)), DECIMALS)
    return int(rounded) if rounded == int(rounded) else float(rounded)


def _currency(field: Field, raw: object) -> str:
    if blank(raw):
        return ""
    if not isinstance(raw, str):
        raise refused(field, _("The currency is {kind}").format(kind=kind(raw)))
    try:
        return numbers.currency(raw)
    except ValueError as error:
        raise refused(field, _("{value}: {error}").format(value=quote(raw), error=error)) from None
