"""
Where the numbers in a text come from.

A number that a text states is founded when it is the user's (it stands in the brief) or a figure of the document
(computed, or marked an estimate). Percentages are only founded by percentages: 20 pieces don't justify "20 %". What is
left is invented.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .brief import registry

# A number with grouped thousands or decimals, and the percent sign that may follow it, also after the end of a range:
# in "20–30 %" both are percentages.
NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+|,\d{1,2}(?!\d))?)(?P<scale>[kKmM]\b)?(?!\d)"
    r"(?=(?P<percent>(?:\s*(?:–|-|to|and|or)\s*\d+(?:[.,]\d+)*)?\s*(?:%|percent\b|per cent\b)))?"
)
# A range of percentages is one claim: that both its ends occur somewhere, each for itself, does not found it.
RANGE = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?)\s*%?\s*[–-]\s*(\d+(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)")
SCALES = {"k": 1_000, "m": 1_000_000}
# Figures of the document that rate or count something and so found no number that a text states about the business.
RATINGS = frozenset({"probability", "impact", "score", "weight"})
# Texts of the document that are not prose: names of keys, units and the like.
SILENT = frozenset({"key", "field", "fields", "engine", "made_with", "unit", "kind", "bound_by"})


@dataclass(frozen=True)
class Stated:
    """A number as a text states it."""

    digits: str
    percent: bool
    scale: int = 1

    @property
    def digits_read(self) -> Decimal:
        """The digits as a number; a comma before exactly three final digits groups, any other is a decimal comma."""
        grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", self.digits)
        return Decimal(self.digits.replace(",", "" if grouped else "."))

    @property
    def value(self) -> Decimal:
        """The number itself."""
        return self.digits_read * self.scale

    def matches(self, known: Decimal) -> bool:
        """Whether it is a known number, or that number rounded to the decimals that the text shows."""
        last_digit = Decimal(self.scale).scaleb(int(self.digits_read.as_tuple().exponent))
        return abs(known - self.value) * 2 <= last_digit


@dataclass(frozen=True)
class Founded:
    """The numbers that a text may state: plain ones, percentages, and the user's own words."""

    plain: frozenset[Decimal]
    percent: frozenset[Decimal]
    ranges: frozenset[tuple[Decimal, Decimal]]
    words: re.Pattern[str]

    def allows(self, stated: Stated) -> bool:
        """Whether a number is the user's or computed; a figure stated without its percent sign counts as one with."""
        known = self.percent if stated.percent else self.plain | self.percent
        return stated.value in known or any(stated.matches(value) for value in known)


def scan(text: str) -> list[Stated]:
    """Return the numbers that a text states."""
    return [
        Stated(found["digits"], found["percent"] is not None, SCALES.get((found["scale"] or "").lower(), 1))
        for found in NUMBER.finditer(text)
    ]


def scan_ranges(text: str) -> list[tuple[Decimal, Decimal]]:
    """Return the ranges of percentages that a text states."""
    return [(Decimal(found[1]), Decimal(found[2])) for found in RANGE.finditer(text)]


def text_leaves(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text of a document that people read, with its path."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            if key not in SILENT:
                yield from text_leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, Iterable):
        for place, value in enumerate(data):
            yield from text_leaves(value, f"{path}[{place}]")


def collect(brief: Mapping[str, Any], *figured: Any) -> Founded:
    """
    Return what is founded by a brief and by the figures of a document or a part of it.

    The brief may carry the strategy's ``name`` and ``industry`` beside its fields: they are the user's words too.
    """
    words = sorted({text for _, text in text_leaves(brief)}, key=len, reverse=True)
    stated = [number for text in words for number in scan(text)]
    known = [pair for part in figured for pair in _numbers(part, percent=False)]
    return Founded(
        plain=frozenset(
            {value for value, _ in [*known, *_numbers(brief, percent=False)]}
            | {number.value for number in stated if not number.percent}
        ),
        percent=frozenset(
            {value for value, percent in known if percent}
            | set(_percentages(brief))
            | {number.value for number in stated if number.percent}
        ),
        ranges=frozenset(
            {pair for part in figured for pair in _ranges(part)}
            | {pair for text in words for pair in scan_ranges(text)}
        ),
        words=_match_any(words),
    )


def _match_any(words: Sequence[str]) -> re.Pattern[str]:
    """
    Match any of the user's texts where it stands whole.

    Not inside another number or word: the answer "6 months" must not eat half of "0.66 months". Short answers are left
    out; they could found nothing but their own digits, and those are known.
    """
    texts = [re.escape(text) for text in words if len(text) > 3]
    return re.compile(rf"(?<!\w)(?<!\d[.,])(?:{'|'.join(texts)})(?!\w)" if texts else r"(?!)")


def _ranges(data: Any) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield low and high of each percentage that has them."""
    if isinstance(data, Mapping):
        if "%" in str(data.get("unit", "")) and data.get("low") is not None and data.get("high") is not None:
            yield Decimal(str(data["low"])), Decimal(str(data["high"]))
        for value in data.values():
            yield from _ranges(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _ranges(value)


def _percentages(brief: Mapping[str, Any]) -> Iterator[Decimal]:
    """Yield what the brief states in percent, by the registry of its fields."""
    for field in registry.FIELDS:
        value = brief.get(field.id)
        if field.type == "percent" and value is not None:
            yield abs(Decimal(str(value)))
        if field.type == "object" and value:
            parts = [part.id for part in field.fields if part.type == "percent" and part.id in value]
            yield from (abs(Decimal(str(value[part]))) for part in parts)


def _numbers(data: Any, *, percent: bool) -> Iterator[tuple[Decimal, bool]]:
    """Yield the numbers of data that are not text, and whether their unit makes them percentages."""
    if isinstance(data, bool):
        return
    if isinstance(data, int | float):
        # Prose says "falls by 2 %": the sign is in the words.
        yield abs(Decimal(str(data))), percent
    elif isinstance(data, Mapping):
        unit = data.get("unit")
        inside = "%" in unit if isinstance(unit, str) else percent
        for key, value in data.items():
            if key not in RATINGS or isinstance(value, Mapping | list):
                yield from _numbers(value, percent=inside or key == "share")
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _numbers(value, percent=percent)


def invented(text: str, founded: Founded) -> list[str]:
    """Return the numbers of a text that nothing founds; the user's own words are passed over, whole."""
    text = founded.words.sub(" ", text)
    found = [number.digits + (" %" if number.percent else "") for number in scan(text) if not founded.allows(number)]
    return found + [f"{low}–{high} %" for low, high in scan_ranges(text) if (low, high) not in founded.ranges]


def find_invented(data: Any, founded: Founded) -> list[tuple[str, str]]:
    """Return path and number of all that is invented in a section, a draft or a document."""
    return [(path, number) for path, text in text_leaves(data) for number in invented(text, founded)]
