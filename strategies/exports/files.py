"""Files that are sent to be kept: their names, their kinds, their headers."""

import re
from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from strategies.exports.text import legible

LONGEST_NAME: Final = 80
# What some system gives a meaning of its own, or cannot have in a name.
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|%;\'`$&!#{}~^\s\u200b-\u200f\u2060-\u206f\ufeff]+')
_RESERVED: Final = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")

HEADERS: Final = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def name(title: str, *, suffix: str, part: str = "") -> str:
    """Return a file's name from a strategy's: one that every system takes, with its letters kept."""
    stem = _UNSAFE.sub("-", legible(title))[:LONGEST_NAME].strip("-. ") or "strategy"
    stem = f"{stem}-strategy" if _RESERVED.match(stem) else stem
    return f"{stem}-{part}.{suffix}" if part else f"{stem}.{suffix}"


def attachment(body: bytes, *, content_type: str, name: str) -> HttpResponse:
    """Return an answer that a browser keeps as a file, and no cache does."""
    response = HttpResponse(body, content_type=content_type, headers=HEADERS)
    response["Content-Disposition"] = disposition(name)
    return response


def disposition(name: str) -> str:
    """Return the header that makes a file of an answer (RFC 6266)."""
    header = content_disposition_header(as_attachment=True, filename=name)
    assert header is not None  # it is for what is shown in place and has no name
    return header
