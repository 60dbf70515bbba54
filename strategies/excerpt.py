"""What can be read of a section while it is written: the texts in half a JSON object."""

import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic_core import from_json

from sse.texts import TEXT_BYTES

# Choices from a schema's lists and ids of fields: "high", "market_gaps".
_CODE: Final = re.compile(r"[a-z0-9_]*")


def read(answer: str) -> str:
    """
    Return the texts in the beginning of an answer, in their order, a paragraph each; empty where there are none yet.

    At most 8 KB as UTF-8: the end of it, where it is being written.
    """
    start = answer.find("{")
    try:
        found = from_json(answer[start:], allow_partial="trailing-strings") if start >= 0 else None
    except ValueError:
        return ""
    return _shorten("\n".join(_texts(found)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not _CODE.fullmatch(value):
            yield value.strip()
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _texts(entry)


def _shorten(text: str) -> str:
    said = text.encode("utf-8", "replace").replace(b"\x00", b"")
    if len(said) <= TEXT_BYTES:
        return said.decode()
    mark = "…"
    return mark + said[len(mark.encode()) - TEXT_BYTES :].decode("utf-8", "ignore")
