"""Figures: numbers that say what they measure and where they come from."""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Self

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

Number = int | float
Weight = int | float | Fraction
Finite = Annotated[Number, Field(allow_inf_nan=False)]

YOURS = _("your figure")
COMPUTED = "computed: "
ESTIMATE = "model estimate"
MISSING = "not estimated: add "
# The same with what follows, as pages know them again.
TOLD = (_("computed: {formula}"), _("model estimate"), _("model estimate: {reason}"), _("not estimated: add {what}"))


class Figure(BaseModel):
    """A number with its unit, its range where it is uncertain, and its basis; or the sentence what to add."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Finite | None
    unit: str
    low: Finite | None = None
    high: Finite | None = None
    basis: str = Field(pattern=rf"^(?s:{YOURS}|{COMPUTED}.+|{ESTIMATE}(: .+)?|{MISSING}.+)$")

    @model_validator(mode="after")
    def check_that_the_basis_fits(self) -> Self:
        """Refuse a number without a source, and an estimate that hides how uncertain it is."""
        if (self.value is None) != self.basis.startswith(MISSING):
            raise ValueError("a figure has a value exactly when its basis does not say what to add")
        if self.basis.startswith(ESTIMATE) and (self.low is None or self.high is None):
            raise ValueError("an estimate needs a low and a high")
        return self


def yours(value: Number, unit: str) -> dict[str, Any]:
    """A number as the brief states it."""
    return Figure(value=value, unit=unit, basis=YOURS).model_dump()


def computed(
    value: Number, unit: str, formula: str, *, low: Number | None = None, high: Number | None = None
) -> dict[str, Any]:
    """A number that follows from others; ``formula`` says in words how."""
    bounds = {"low": None if low is None else tidy(low), "high": None if high is None else tidy(high)}
    return Figure(value=tidy(value), unit=unit, basis=COMPUTED + formula, **bounds).model_dump()


def estimated(value: Number, unit: str, *, low: Number, high: Number, reason: str) -> dict[str, Any]:
    """A planning assumption of ours, with the range that it may as well be."""
    return Figure(
        value=tidy(value), unit=unit, low=tidy(low), high=tidy(high), basis=f"{ESTIMATE}: {reason}"
    ).model_dump()


def priced(value: Number, unit: str, formula: str) -> dict[str, Any]:
    """An amount of money that follows from others: to the hundredth where that counts, whole from 100 on."""
    exact = tidy(value) if abs(value) >= 100 or abs(value) < 1 else round(value, 2)
    return Figure(value=exact, unit=unit, basis=COMPUTED + formula).model_dump()


def missing(unit: str, what: str) -> dict[str, Any]:
    """The place of a number that nothing in the brief leads to; ``what`` is what the user would have to add."""
    return Figure(value=None, unit=unit, basis=MISSING + what).model_dump()


def tidy(value: Number) -> Number:
    """Round to what a reader can use: whole from 100 on, one decimal from 10 on, else two figures that count."""
    size = abs(value)
    if size >= 100 or value == int(value):
        return round(value)
    if size >= 10:
        return round(value, 1)
    return round(value, 2 if size >= 0.1 else 1 - math.floor(math.log10(size)))


def split(total: int, weights: Sequence[Weight]) -> list[int]:
    """
    Share out whole units by weight so that the parts add up exactly (largest remainder).

    Equal remainders go to the earlier part. Without any weight the parts are equal.
    """
    if not weights:
        return []
    # Fractions, because a remainder that floats get wrong by 1e-16 would move a unit from one part to another.
    exact = [Fraction(weight) for weight in weights]
    if not sum(exact):
        exact = [Fraction(1)] * len(exact)
    whole = sum(exact)
    quotas = [total * weight / whole for weight in exact]
    parts = [math.floor(quota) for quota in quotas]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - quotas[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def split_amount(amount: Number, weights: Sequence[Weight]) -> list[Number]:
    """Share out money by weight to the last digit in which it was stated: whole units, or its decimals."""
    exact = Decimal(str(amount)).normalize()
    decimals = max(0, -int(exact.as_tuple().exponent))
    parts = split(int(exact.scaleb(decimals)), weights)
    if not decimals:
        return list(parts)
    return [float(Decimal(part).scaleb(-decimals)) for part in parts]


def number(value: Number) -> str:
    """A number as prose writes it: thousands grouped, no exponent, no needless decimals."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{Decimal(str(value)):,f}"


def reading(figure: dict[str, Any]) -> str:
    """A figure as prose writes it, with its unit; only for one that has a value."""
    unit: str = figure["unit"]
    return f"{number(figure['value'])} {unit}".rstrip()
