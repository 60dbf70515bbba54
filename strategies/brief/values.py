"""
Single values of the brief: from what was typed to their canonical form.

Each reader takes a field and a raw JSON value that is not blank, and returns the canonical value, or None where
nothing was said after all, or raises `Rejected`.
"""

import functools
import re
import unicodedata
import zoneinfo
from collections.abc import Callable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from . import numbers
from .fields import LIST_LENGTH, Field, bounds, single_line, text_length
from .words import QUOTE_LENGTH, Rejected, kind, mistaken, quote, refused

# Decimals that are kept. Beyond them lies what binary fractions add, such as 0.30000000000000004.
DECIMALS = 6

# NUL is refused by PostgreSQL, the other control characters by XML (DOCX), lone surrogates by UTF-8 itself. Better
# one sentence at the door than a failed export in a month. Tab and line feed are text.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")

_ANSWERS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST_LABEL = re.compile(r"\w(?:[\w-]{0,61}\w)?")


def blank(raw: object) -> bool:
    """Tell whether nothing was said: null, no visible character, an empty list or object."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return all(c in "\t\r\n" or unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cf") for c in raw)
    return isinstance(raw, list | tuple | Mapping) and not raw


def text(field: Field, raw: object) -> str | None:
    """Read text: whole and as it is, but for blanks around it and the line ends of Windows."""
    if not isinstance(raw, str):
        raise mistaken(field, raw)
    value = raw.replace("\r\n", "\n")
    if found := _UNSTORABLE.search(value):
        raise refused(field, f"The character U+{ord(found[0]):04X} can't be stored")
    value = value.strip()
    if len(value) > text_length(field):
        raise refused(field, f"{len(value):,} characters are too many")
    if single_line(field) and "\n" in value:
        raise refused(field, "This has a line break")
    return None if blank(value) else value


def texts(field: Field, raw: object) -> list[str] | None:
    """
    Read a list of texts, one line each.

    A line break always begins a new entry, as in a form. In one string so does a semicolon; a comma does not,
    since these entries are sentences.
    """
    said = [text(field, entry) for entry in _entries(field, raw, marks=r"[\n;]")]
    return _distinct([value for value in said if value])


def choice(field: Field, raw: object) -> str | None:
    """Read one of the options, whatever its case."""
    value = text(field, raw)
    if value is None:
        return None
    option = _options(field).get(_folded(value))
    if option is None:
        raise _unknown_option(field, value)
    return option


def choices(field: Field, raw: object) -> list[str] | None:
    """Read a list of options, given as a list or as one string with commas, semicolons or line breaks."""
    said = [text(field, entry) for entry in _entries(field, raw, marks=r"[\n;,]")]
    options = _options(field)
    chosen = [options.get(_folded(value), value) for value in said if value]
    strange = [value for value in chosen if value not in field.options]
    if strange and not field.free_entry:
        raise _unknown_option(field, ", ".join(strange))
    return _distinct(chosen)


def number(field: Field, raw: object) -> int | float:
    """Read a number, whether it is one or was typed."""
    if not isinstance(raw, str):
        return _within(field, raw)
    try:
        value = numbers.number(raw, percent=field.type == "percent")
    except ValueError as error:
        raise refused(field, f"{quote(raw)}: {error}") from None
    return _within(field, value)


def integer(field: Field, raw: object) -> int:
    """Read a whole number."""
    value = number(field, raw)
    if isinstance(value, float):
        raise refused(field, "This is not a whole number")
    return value


def money(field: Field, raw: object) -> dict[str, Any] | None:
    """Read an amount: a number, text, or an object with ``amount`` and ``currency``."""
    parts = raw if isinstance(raw, Mapping) else {"amount": raw}
    if not parts.keys() <= {"amount", "currency"}:
        raise refused(field, "An amount has other members than those")
    amount = parts.get("amount")
    named = _currency(field, parts.get("currency"))
    if blank(amount):
        if named:
            raise refused(field, "The amount is missing")
        return None
    if not isinstance(amount, str):
        return {"amount": _within(field, amount), "currency": named}
    try:
        value, typed = numbers.money(amount)
    except ValueError as error:
        raise refused(field, f"{quote(amount)}: {error}") from None
    if named and typed and named != typed:
        raise refused(field, "Two currencies are named")
    return {"amount": _within(field, value), "currency": named or typed}


def boolean(field: Field, raw: object) -> bool:
    """Read yes or no."""
    if isinstance(raw, int) and raw in (0, 1):
        return bool(raw)
    if not isinstance(raw, str):
        raise mistaken(field, raw)
    answer = _ANSWERS.get(raw.strip().lower())
    if answer is None:
        raise refused(field, f"{quote(raw)} is neither yes nor no")
    return answer


def url(field: Field, raw: object) -> str | None:
    """Read a web address; a bare domain is taken as https."""
    value = text(field, raw)
    if value is None:
        return None
    bare = not _SCHEME.match(value)
    address = f"https://{value.removeprefix('//')}" if bare else value
    # Measured with its scheme, or a stored address could be too long to be read again.
    if len(address) > text_length(field) or not _leads_to_a_site(address, bare=bare):
        raise refused(field, f"{quote(value)} is not a web address")
    return address


def timezone(field: Field, raw: object) -> str | None:
    """Read the name of a time zone, whatever its case."""
    value = text(field, raw)
    if value is None:
        return None
    zones = _zones()
    if value.lower() in zones:
        return zones[value.lower()]
    error = refused(field, f"{quote(value)} is not a time zone")
    close = get_close_matches(value[:QUOTE_LENGTH].lower(), zones, n=1)
    raise Rejected(f"{error} Did you mean {zones[close[0]]}?") if close else error


READERS: dict[str, Callable[[Field, object], Any]] = {
    "text": text,
    "texts": texts,
    "choice": choice,
    "choices": choices,
    "number": number,
    "integer": integer,
    "percent": number,
    "money": money,
    "boolean": boolean,
    "url": url,
    "timezone": timezone,
}


def _within(field: Field, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise mistaken(field, value)
    low, high = bounds(field)
    # NaN is not between anything, so it ends here too.
    if not low <= value <= high:
        raise refused(field, "The number is out of range")
    rounded = round(Decimal(str(value)), DECIMALS)
    return int(rounded) if rounded == int(rounded) else float(rounded)


def _currency(field: Field, raw: object) -> str:
    if blank(raw):
        return ""
    if not isinstance(raw, str):
        raise refused(field, f"The currency is {kind(raw)}")
    try:
        return numbers.currency(raw)
    except ValueError as error:
        raise refused(field, f"{quote(raw)}: {error}") from None


def _entries(field: Field, raw: object, *, marks: str) -> list[str]:
    if isinstance(raw, str):
        found = re.split(marks, raw.replace("\r\n", "\n"))
    elif isinstance(raw, list | tuple):
        found = _lines(field, raw)
    else:
        raise mistaken(field, raw)
    said = [entry for entry in found if not blank(entry)]
    if len(said) > LIST_LENGTH:
        raise refused(field, f"{len(said):,} entries are too many")
    return said


def _lines(field: Field, raw: list[Any] | tuple[Any, ...]) -> list[str]:
    for position, entry in enumerate(raw, start=1):
        if entry is not None and not isinstance(entry, str):
            raise refused(field, f"Entry {position} is {kind(entry)}")
    return [line for entry in raw if entry for line in entry.replace("\r\n", "\n").split("\n")]


def _distinct(values: list[str]) -> list[str] | None:
    return list(dict.fromkeys(values)) or None


def _folded(text: str) -> str:
    """Return a form in which spellings of one option are equal: case, blanks and the kind of dash don't count."""
    return " ".join(re.sub(r"[‐‑‒–—]", "-", text).replace("’", "'").casefold().split())


@functools.cache
def _options(field: Field) -> dict[str, str]:
    return {_folded(option): option for option in field.options}


def _unknown_option(field: Field, value: str) -> Rejected:
    return refused(field, f"{quote(value)} is not among the options")


@functools.cache
def _zones() -> dict[str, str]:
    # Two names that some systems list and that mean "whatever this machine is set to" and "not set".
    return {zone.lower(): zone for zone in zoneinfo.available_timezones() - {"localtime", "Factory"}}


def _leads_to_a_site(address: str, *, bare: bool) -> bool:
    if not address.isprintable() or re.search(r"[ <>\"\\^`{|}]", address):
        return False
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    # A user name before the host is how a false address looks true: https://bank.example@evil.example.
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return False
    if parts.netloc.startswith("["):
        return True  # an IPv6 address, which urlsplit has checked
    labels = host.removesuffix(".").split(".")
    named = len(labels) > 1 and not labels[-1].isdigit()
    return all(map(_HOST_LABEL.fullmatch, labels)) and (named or not bare)
