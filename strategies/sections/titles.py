"""Titles in the calendar: how long they may be, each given once, and what stands where nobody wrote one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

# What fits into one line of a table, and into what other calendars show of an entry.
TITLE_LENGTH, NAME_LENGTH = 160, 100


def working_title(piece: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of a piece that nobody wrote: what is known of it, and that it lacks a title."""
    title = _("{format} on {theme}, {day}: title to be written").format(
        format=piece["format"], theme=piece["theme"], day=piece["date"]
    )
    return {"title": shorten(title, TITLE_LENGTH), "description": _("Not written yet.")}


def distinguish(title: str, told: set[str]) -> str:
    """Return the title, numbered where it was given before."""
    number, own = 1, title
    while own.casefold() in told:
        number += 1
        own = f"{shorten(title, TITLE_LENGTH - 12)} (part {number})"
    told.add(own.casefold())
    return own


def shorten(text: str, most: int) -> str:
    """Return a text in at most so many characters, cut between words."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
