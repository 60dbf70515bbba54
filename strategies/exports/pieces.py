"""The pieces of a calendar as rows of texts, whatever the document holds there: nothing of them is left out."""

import json
from collections.abc import Iterator
from typing import Any, Final

MEMBERS: Final = (
    "date", "title", "description", "format", "channel", "theme", "funnel_stage", "priority", "slot", "id",
)  # fmt: skip


def of(calendar: Any) -> list[dict[str, str]]:
    """Return each piece with all of its members; what is no object is a title, and every piece has an id of its own."""
    given = calendar.get("pieces") if isinstance(calendar, dict) else None
    return list(_read(given)) if isinstance(given, list) else []


def _read(given: list[Any]) -> Iterator[dict[str, str]]:
    taken: set[str] = set()
    for place, piece in enumerate(given, 1):
        members = piece if isinstance(piece, dict) else {"title": piece}
        told = {member: _text(members.get(member)) for member in MEMBERS}
        if not told["id"] or told["id"] in taken:
            told["id"] = f"{told['id']}#{place}"
        taken.add(told["id"])
        yield told


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
