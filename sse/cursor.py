"""
A reader's position in its topics, as the ``id`` of an event.

On a stream of one topic it is the event's number: ``7``. On a stream of several it names each: ``job:a=7,user:3=12``. To
a reader it is opaque. What cannot be read is never an error: a browser's EventSource would end for good.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from . import rows, topics
from .events import MAX_SEQ
from .rows import Standing

# Twenty topics with the longest names and numbers.
MAX_LENGTH: Final = 20 * (161 + 1 + 19 + 1)
# ASCII digits only: int() also takes "٣", "1_000", " 7" and "+5", and refuses 4,301 digits with another error.
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class Unreadable(ValueError):
    """The text is no cursor."""


def write(positions: Mapping[str, int], *, alone: bool) -> str:
    """Return the cursor for these positions; ``alone`` where the stream has one topic."""
    if alone:
        (position,) = positions.values()
        return str(position)
    return ",".join(f"{name}={position}" for name, position in positions.items())


def of(*names: str) -> str:
    """
    Return where these topics stand now, as the cursor of one stream of them all.

    A page that shows how things stand asks for it first, then reads what it shows, and has its stream begin there: then
    every event past what it shows is in the stream. Raises ``ValueError`` for what is no topic.
    """
    topics.check(*names)
    if not names:
        raise ValueError("A cursor is one of at least one topic.")
    standings = rows.standings(names)
    return write({name: at.seq for name, at in standings.items()}, alone=len(standings) == 1)


def parse(text: str, names: Sequence[str]) -> dict[str, int]:
    """
    Return the position in each of ``names``: 0 where the cursor has none. Others that it names are left out.

    Raises ``Unreadable``. A bare number is a position in the one topic of a stream, so with several it says nothing.
    """
    positions = dict.fromkeys(names, 0)
    if text == "":
        return positions
    if len(text) > MAX_LENGTH:
        raise Unreadable
    if "=" not in text:
        if len(names) != 1:
            raise Unreadable
        return {names[0]: _number(text)}
    for part in text.split(","):
        name, _, number = part.partition("=")
        if not topics.valid(name):
            raise Unreadable
        position = _number(number)
        if name in positions:
            positions[name] = position
    return positions


def resume(text: str, standings: Mapping[str, Standing]) -> tuple[dict[str, int], dict[str, str]]:
    """
    Return the positions to go on from, and for each topic whose cursor can't be honoured why not.

    Such a topic goes on from the oldest event that is kept, so that nothing is missing after its ``reset``.
    """
    try:
        positions = parse(text, list(standings))
    except Unreadable:
        return {n: s.pruned for n, s in standings.items()}, dict.fromkeys(standings, "unreadable")
    resets = {}
    for name, standing in standings.items():
        if not standing.pruned <= positions[name] <= standing.seq:
            resets[name] = "ahead" if positions[name] > standing.seq else "pruned"
            positions[name] = standing.pruned
    return positions, resets


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > MAX_SEQ:
        raise Unreadable
    return int(text)
