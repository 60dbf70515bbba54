"""Text that users and models wrote, made fit for files: every sign is one that a reader sees or needs."""

import re
import unicodedata
from typing import Any, Final

# What turns the direction of the text around it, or ends such a turn: in a file nothing isolates one text from the next.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Written as a line's end by somebody; LF is how this package has it.
_LINE_ENDS: Final = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_RTL: Final = frozenset({"R", "AL"})
_STRONG: Final = frozenset({"L", *_RTL})


def legible(text: str) -> str:
    """
    Return a text without control characters, halves of characters, and signs that turn its direction.

    XML 1.0 can't carry most of the first, UTF-8 none of the second; the third would turn what stands beside it. Line
    ends become LF, tabs blanks.
    """
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return "".join(sign for sign in text if sign == "\n" or not _dropped(sign))


def _dropped(sign: str) -> bool:
    return sign in _TURNS or unicodedata.category(sign) in ("Cc", "Cs") or ord(sign) & 0xFFFE == 0xFFFE


def legible_all(data: Any) -> Any:
    """Return data as JSON has them with every text in them, names of members too, made legible."""
    if isinstance(data, str):
        return legible(data)
    if isinstance(data, dict):
        return {legible(str(key)): legible_all(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [legible_all(value) for value in data]
    return data


def breakable(text: str, *, every: int) -> str:
    """Return a text in which a run without a blank may be broken, so that it fits where nothing else would make it."""
    return re.sub(rf"\S{{{every}}}(?=\S)", lambda run: run[0] + "\u200b", text)


def is_right_to_left(text: str) -> bool:
    """Whether a text's first letter is one of a script written from right to left, as ``dir="auto"`` decides."""
    strong = (kind for sign in text if (kind := unicodedata.bidirectional(sign)) in _STRONG)
    return next(strong, "L") in _RTL
