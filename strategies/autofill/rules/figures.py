"""Figures, amounts and names as they stand in running text."""

import re
from typing import Final

from strategies.autofill.quotes import WORDS

# Grouped in threes, or plain, with a decimal part; then thousands or millions in short.
_DIGITS: Final = r"(?:\d{1,3}(?:[.,'\u00a0 ]\d{3}){1,4}(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)(?:\s?[kKmM](?![\w²]))?"
NUMBER: Final = rf"(?<![\w.,]){_DIGITS}"
_WORDS: Final = "|".join(WORDS)
COUNT: Final = rf"(?:\d{{1,3}}(?!\d)|{_WORDS})"
_SIGN: Final = r"(?:US\$|[$€£¥]|EUR|USD|GBP|CHF|PLN|AUD|CAD|euros?|dollars?)"
MONEY: Final = re.compile(rf"(?:{_SIGN}\s?(?:{_DIGITS}))|(?:{NUMBER}\s?{_SIGN}(?!\w))", re.IGNORECASE)
PERCENT: Final = re.compile(rf"{NUMBER}\s?(?:%|percent|per cent|prozent)", re.IGNORECASE)
PLAIN: Final = re.compile(NUMBER)

MONTHLY: Final = re.compile(
    r"(?:per|a|each|every|pro|im|je|/)\s?(?:month|monat)|monthly|monatlich|mtl\.|p\.\s?m\.", re.IGNORECASE
)
OTHER_TIME: Final = re.compile(
    r"(?:per|a|each|every|pro|im|je|/)\s?(?:year|jahr|week|woche|quarter|quartal|day|tag)|annual|yearly|jährlich|jahres"
    r"|weekly|wöchentlich|p\.\s?a\.|in total|insgesamt|one-off|einmalig",
    re.IGNORECASE,
)
_GROUPED: Final = re.compile(r"(\d{1,3})\.(\d{3})")


def counted(text: str) -> str:
    """Return a count as the brief reads it: "1.200 Besucher" are not a little more than one."""
    return "".join(found.groups()) if (found := _GROUPED.fullmatch(text.strip())) else text.strip()


def amount(text: str) -> str:
    """Return an amount without the words that the brief does not read as a currency."""
    text = re.sub(r"dollars?", "USD", text, flags=re.IGNORECASE)
    return re.sub(r"(?<=\d)\s+(?=[kKmM](?!\w))", "", text).strip()


def percentage(text: str) -> str:
    """Return a percentage with its sign alone."""
    return re.sub(r"\s*(?:%|percent|per cent|prozent)", "%", text, flags=re.IGNORECASE)


_AND: Final = re.compile(r"\s*(?:[,;/]|\band\b|\bund\b|\boder\b|\bor\b|&(?=\s))\s*")
_NAME: Final = re.compile(r"[A-Z0-9ÄÖÜ][\w.&'’+-]*(?: [\w.&'’+-]+){0,4}")
_TAIL: Final = re.compile(
    r"\s+(?:but|who|which|that|because|in|on|for|with|aber|die|der|das|weil|mit|für|auf|are|is|sind|ist)\b.*"
)


def names(text: str) -> list[str]:
    """Return the names in a list such as "Matomo, Fathom and Google Analytics"; what is none ends it."""
    found: list[str] = []
    for part in _AND.split(re.split(r"[.!?](?:\s|$)|\s[–—-]\s|\(", text, maxsplit=1)[0])[:30]:
        said = re.sub(r"^(?:the|die|der|das) ", "", _TAIL.sub("", part.strip(" .:\"'„“”")), flags=re.IGNORECASE)
        if not said:
            continue
        if not _NAME.fullmatch(said) or len(said) > 60:
            break
        found.append(said)
    return found
