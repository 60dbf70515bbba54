"""
Numbers and amounts of money as people type them.

Both decimal marks are in use, so the rules say what happens where a mark is ambiguous:

* A comma before exactly three final digits groups thousands ("12,000" is twelve thousand, "1,234,567" too is one
  number), otherwise it is a decimal comma ("2,5k" is 2,500). After a lone zero nobody groups: "0,125" is an eighth.
* A single point is decimal ("1.5", and "12.0005"). Several points group ("1.234.567"), and so does one in money before
  exactly three final digits: "9.000 €" are nine thousand, as no amount has three decimals. Elsewhere such a point has
  two readings, a thousand times apart ("12.000" is twelve thousand in German), so it is refused with both. After a lone
  zero nobody groups, and before "k" or "m" nobody writes thousands: "0.125" and "1.234k" are plain.
* With both marks the later one is decimal: "1,234.56" and "1.234,56" are the same number.
* Spaces of any kind and apostrophes group threes of digits ("12 000", "12'000"); the mark after them is decimal.
* "k" is a thousand, "m" a million, except in a percentage, which may end in "%".
"""

import re
from decimal import Decimal

from django.utils.translation import gettext_noop as _

# Longer than any number with its currency; a bound so that no pattern below meets a megabyte.
LENGTH = 60

_SCALES = {"": Decimal(1), "k": Decimal(1_000), "m": Decimal(1_000_000)}

# Without "\n": two lines are two numbers.
_SPACES = re.compile("[ \t\N{NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}'’]")
# [0-9] and not \d, which takes the digits of every script.
_TYPED = re.compile(r"(?P<sign>[+-]?)(?P<body>[0-9., ]*[0-9]) ?(?P<scale>[kKmM]?) ?(?P<percent>%?)")

# Tried in this order, the first that fits wins; ``whole`` may contain grouping marks, ``part`` is the fraction.
_BODIES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<whole>[0-9]+)",
        r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]+))?",
        r"(?P<whole>[1-9][0-9]*,[0-9]{3})",
        r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+),(?P<part>[0-9]+)",
        r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,})",
        r"(?P<whole>[1-9][0-9]{0,2}(?: [0-9]{3})+)(?:[.,](?P<part>[0-9]+))?",
        r"(?P<whole>[0-9]*)[.,](?P<part>[0-9]+)",
    )
)

_THOUSANDS = re.compile(r"([+-]?[1-9][0-9]{0,2})\.([0-9]{3})")

# What people put before or behind an amount, and the code it stands for.
_SIGNS = {
    "$": "USD",
    "us$": "USD",
    "c$": "CAD",
    "a$": "AUD",
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "fr.": "CHF",
    "zł": "PLN",
    "₹": "INR",
    "₺": "TRY",
    "₩": "KRW",
    "₴": "UAH",
}
_CODE = re.compile(r"[A-Za-z]{3}")
_CURRENCY = "|".join([_CODE.pattern, *map(re.escape, _SIGNS)])
_MONEY = re.compile(rf"(?:(?P<before>{_CURRENCY}) ?)?(?P<amount>[^ ].*?)?(?: ?(?P<after>{_CURRENCY}))?", re.IGNORECASE)


def number(text: str, *, percent: bool = False) -> Decimal:
    """Read a number as typed; `ValueError` says what is wrong with it, in words that fit before a semicolon."""
    parts = _TYPED.fullmatch(_tidied(text))
    if parts is None:
        raise ValueError(_("that is not a number"))
    if parts["percent"] and not percent:
        raise ValueError(_("a percent sign does not belong here"))
    if parts["scale"] and percent:
        raise ValueError(_("a percentage has no thousands or millions"))
    if not parts["scale"] and not percent and (either := _THOUSANDS.fullmatch(parts["body"])):
        raise ValueError(_tell_both(either, sign=parts["sign"]))
    return _magnitude(parts["body"], negative=parts["sign"] == "-") * _SCALES[parts["scale"].lower()]


def money(text: str) -> tuple[Decimal, str]:
    """Read an amount and its currency ("" where none is named); `ValueError` as in `number`."""
    parts = _MONEY.fullmatch(_tidied(text))
    if parts is None:
        raise ValueError(_("that is not an amount"))
    named = {currency(sign) for sign in (parts["before"], parts["after"]) if sign}
    if len(named) > 1:
        raise ValueError(_("two currencies are named"))
    if parts["amount"] is None:
        raise ValueError(_("the amount is missing"))
    thousands = _THOUSANDS.fullmatch(parts["amount"])
    return number(thousands[1] + thousands[2] if thousands else parts["amount"]), named.pop() if named else ""


def currency(text: str) -> str:
    """Read a sign or a code of three letters as an upper-case code; `ValueError` as in `number`."""
    sign = _tidied(text).lower()
    if sign in _SIGNS:
        return _SIGNS[sign]
    if _CODE.fullmatch(sign):
        return sign.upper()
    raise ValueError(_("that is not a currency such as EUR, USD or €"))


def typed(value: float) -> str:
    """Return a number as `number` reads it: no exponent, no grouping, no three decimals that could be thousands."""
    text = format(Decimal(repr(value)), "f")
    return f"{text}0" if _THOUSANDS.fullmatch(text) else text


def _tell_both(found: re.Match[str], *, sign: str) -> str:
    """Say which two numbers a point before three digits may mean, and how each is written plainly."""
    grouped, decimal = sign + found[1] + found[2], sign + found[0].rstrip("0").rstrip(".")
    plainly = f"{decimal}0" if len(decimal) == len(sign + found[0]) else decimal
    told = _("that may be {amount} or {number}, so write {count} or {all}")
    return told.format(amount=f"{int(grouped):,}", number=decimal, count=grouped, all=plainly)


def _magnitude(body: str, *, negative: bool) -> Decimal:
    for pattern in _BODIES:
        if found := pattern.fullmatch(body):
            parts = found.groupdict()
            whole = re.sub(r"[^0-9]", "", parts["whole"]) or "0"
            return Decimal(f"{'-' if negative else ''}{whole}.{parts.get('part') or 0}")
    raise ValueError(_("the marks between its digits are unclear"))


def _tidied(text: str) -> str:
    """Return the text with every space and apostrophe as one blank, and the typographic minus as a hyphen."""
    if len(text) > LENGTH:
        raise ValueError(_("that is too long for a number"))
    return _SPACES.sub(" ", text.strip()).replace("\N{MINUS SIGN}", "-")
