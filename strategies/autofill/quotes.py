"""What the words quoted for a value say: whether they stand in a text, and whether the value stands in them."""

import re
from collections.abc import Sequence
from typing import Any, Final

from strategies.brief import numbers

from .places import Place

QUOTE_LENGTH: Final = 300
_DASHES = str.maketrans({**dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys('„“”«»"', "'"), **dict.fromkeys("’‘`", "'")})
# With blanks between groups of digits, and without: "82 000 visits" is one figure, "3, 4 or 5" are three.
_FIGURES = tuple(re.compile(rf"\d(?:[\d.,'{blanks}]*\d)?(?:\s?[kKmM](?![^\W_]))?") for blanks in (" \u00a0", ""))
_NUMBER_WORDS = (
    ("one", "eins"),
    *(("two", "zwei"), ("three", "drei"), ("four", "vier"), ("five", "fünf"), ("six", "sechs"), ("seven", "sieben")),
    *(("eight", "acht"), ("nine", "neun"), ("ten", "zehn"), ("eleven", "elf"), ("twelve", "zwölf")),
)
WORDS: Final = {word: number for number, words in enumerate(_NUMBER_WORDS, 1) for word in words}


def flat(text: str) -> str:
    """Return text in which spellings that readers take for the same are the same."""
    return " ".join(text.casefold().translate(_DASHES).split())


def say(quote: str, place: Place, value: Any) -> bool:
    """Tell whether the quote says a figure or a name; what is said in words of one's own is for people to judge."""
    match place.field.type:
        case "number" | "integer" | "percent":
            return _among(value, quote)
        case "money":
            return _among(value["amount"], quote)
        case "text" if place.in_rows and place.field.id == "name":
            return flat(value) in flat(quote)
        case _:
            return True


def _among(figure: float, quote: str) -> bool:
    return any(figure == found for found in figures(quote))


def figures(text: str) -> Sequence[float]:
    """Return the figures that a text holds, in each way they may be read."""
    found: list[float] = [WORDS[word] for word in re.findall(r"\w+", text.casefold()) if word in WORDS]
    for said in {said for pattern in _FIGURES for said in pattern.findall(text)}:
        for reader in (numbers.number, lambda typed: numbers.money(typed)[0]):
            try:
                found.append(float(reader(said)))
            except ValueError:
                continue
    return found


def shorten(quote: str) -> str:
    """Return a quote that is not too long to be shown."""
    return quote if len(quote) <= QUOTE_LENGTH else quote[: QUOTE_LENGTH - 1].rpartition(" ")[0] + "…"
