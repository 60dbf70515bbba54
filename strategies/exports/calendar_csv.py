"""The calendar as a spreadsheet reads it: CSV by RFC 4180, UTF-8 with its mark."""

import csv
import io
import unicodedata
from typing import Any, Final

from strategies.exports import pieces
from strategies.exports.text import legible

HEADS: Final = ("Date", "Title", "Description", "Format", "Channel", "Theme", "Funnel stage", "Priority", "Slot", "Id")
# What makes a cell a formula in one spreadsheet or another, the wide forms of East Asian keyboards too.
FORMULA: Final = frozenset("=+-@＝＋－＠")


def render(calendar: Any) -> bytes:
    """Return the calendar's pieces, one a row, in the order of their dates."""
    file = io.StringIO(newline="")
    rows = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(HEADS)
    for piece in sorted(pieces.of(calendar), key=lambda one: (one["date"], one["id"])):
        rows.writerow([cell(piece[member]) for member in pieces.MEMBERS])
    # Without the mark Excel reads UTF-8 as the local code page.
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def cell(value: object) -> str:
    """Return a value as a cell that is text in every spreadsheet: an apostrophe stands before what is none."""
    text = legible(str(value))
    return f"'{text}" if _begins_a_formula(str(value)) else text


def _begins_a_formula(text: str) -> bool:
    """Whether it may be one for some program; blanks and signs that nobody sees are passed over."""
    if text.startswith(("\t", "\r")):
        return True
    first = next((sign for sign in text if unicodedata.category(sign)[0] not in "ZC"), "")
    return first in FORMULA
