"""Texts of the brief, lists of them and options: from what was typed to their canonical form, as in `values`."""

import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from .fields import LIST_LENGTH, Field, single_line, text_length
from .words import Rejected, kind, mistaken, quote, refused

# NUL is refused by PostgreSQL, the other control characters by XML (DOCX), lone surrogates by UTF-8 itself. Better
# one sentence at the door than a failed export in a month. Tab and line feed are text.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")


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
        raise refused(field, _("The character U+{found} can't be stored").format(found=f"{ord(found[0]):04X}"))
    value = value.strip()
    if len(value) > text_length(field):
        raise refused(field, _("{value} characters are too many").format(value=f"{len(value):,}"))
    if single_line(field) and "\n" in value:
        raise refused(field, _("This has a line break"))
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


def _entries(field: Field, raw: object, *, marks: str) -> list[str]:
    if isinstance(raw, str):
        found = re.split(marks, raw.replace("\r\n", "\n"))
    elif isinstance(raw, list | tuple):
        found = _lines(field, raw)
    else:
        raise mistaken(field, raw)
    said = [entry for entry in found if not blank(entry)]
    if len(said) > LIST_LENGTH:
        raise refused(field, _("{said} entries are too many").format(said=f"{len(said):,}"))
    return said


def _lines(field: Field, raw: list[Any] | tuple[Any, ...]) -> list[str]:
    for position, entry in enumerate(raw, start=1):
        if entry is not None and not isinstance(entry, str):
            raise refused(field, _("Entry {position} is {entry}").format(position=position, entry=kind(entry)))
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
    return refused(field, _("{value} is not among the options").format(value=quote(value)))
