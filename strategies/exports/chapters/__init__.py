"""The chapters of a document as blocks, in the order and the words of the page: one module for each."""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from strategies.exports import values
from strategies.exports.blocks import Block
from strategies.exports.chapters import calendar, competition, insights, monitoring, predictions, risks, roadmap
from strategies.exports.shapes import Data, UnknownShape

logger = logging.getLogger(__name__)

WRITERS: Final[Mapping[str, Callable[[Data], Iterator[Block]]]] = {
    "strategic_insights": insights.write,
    "competitive_analysis": competition.write,
    "performance_predictions": predictions.write,
    "implementation_roadmap": roadmap.write,
    "risk_assessment": risks.write,
    "calendar": calendar.write,
    "monitoring": monitoring.write,
}


def of(key: str, data: Any) -> list[Block]:
    """Return the blocks of a section, the calendar or the monitoring plan; one that is not known here is told plainly."""
    known = WRITERS.get(key)
    return attempt(known, data, key=key) if known else values.plain(data, 2)


def attempt(write: Callable[[Data], Iterator[Block]], data: Any, *, key: str, level: int = 2) -> list[Block]:
    """Return what a writer makes of a part of a document; what it does not know the shape of is told plainly."""
    try:
        if not isinstance(data, Mapping):
            raise UnknownShape
        return list(write(data))
    except UnknownShape:
        return tell_plainly(data, key=key, level=level)


def tell_plainly(data: Any, *, key: str, level: int = 2) -> list[Block]:
    """
    Return a part of an unknown shape as what it is, and log that there is one.

    It is of another release, or was changed from outside: its reader gets all of it, without the finish.
    """
    logger.warning("a part of a document has an unknown shape and is shown plainly", extra={"part": key})
    return values.plain(data, level)
