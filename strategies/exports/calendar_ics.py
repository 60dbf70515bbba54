"""The calendar as iCalendar (RFC 5545): an event of a whole day for each piece."""

import uuid
from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Final

from icalendar import Calendar, Event

from strategies.exports import pieces
from strategies.exports.outline import one_line
from strategies.exports.text import legible
from strategies.models import Version

PRIORITIES: Final = {"High": 1, "Medium": 5, "Low": 9}


def render(version: Version) -> bytes:
    """
    Return the calendar of a version.

    A piece keeps its UID through all versions, so whoever imports a later one changes events and adds no second set.
    DTSTAMP is the version's time: the same version is the same file.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Strategy Stream//Content calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(version.strategy.name))
    for piece in pieces.of(version.document["calendar"]):
        if day := _day(piece["date"]):
            calendar.add_component(_event(version, piece, day))
    file: bytes = calendar.to_ical()
    return file


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None  # changed from outside; the piece has no day to stand on
    # The day after the last that there is could not be written.
    return day if day < date.max else None


def _event(version: Version, piece: Mapping[str, str], day: date) -> Event:
    event = Event()
    event.add("uid", uid(version, piece["id"]))
    event.add("dtstamp", version.created.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", version.number)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(1))
    event.add("summary", one_line(piece["title"]))
    event.add("description", describe(piece))
    event.add("categories", [one_line(piece[key]) for key in ("format", "theme") if piece[key]])
    event.add("priority", PRIORITIES.get(piece["priority"], 0))
    # Nobody is busy because something is published.
    event.add("transp", "TRANSPARENT")
    return event


def uid(version: Version, piece: str) -> str:
    """Return an id that belongs to this piece of this strategy for ever, and says nothing of either."""
    return str(uuid.uuid5(version.strategy.pk, f"piece:{piece}"))


def describe(piece: Mapping[str, str]) -> str:
    """Return what a piece is about, and where it belongs."""
    told = (("channel", "Channel"), ("slot", "Slot"), ("funnel_stage", "Stage"), ("priority", "Priority"))
    lines = [legible(piece["description"])]
    lines += [f"{label}: {one_line(piece[key])}" for key, label in told if piece[key]]
    return "\n".join(line for line in lines if line.strip())
