"""A version as a PDF, typeset by Typst in a process of its own: bounded in time and in number."""

import json
import logging
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

from strategies.exports.blocks import Block, Outline, Table
from strategies.exports.text import breakable

logger = logging.getLogger(__name__)

PROGRAM: Final = Path(__file__).with_name("typesetter.py")
# The largest document takes two seconds on one core; ten times that is a machine in need, and nobody waits longer.
LIMIT_SECONDS: Final = 20.0
# Each takes a core while it runs. Who comes when both are taken waits, and is sent away before proxies give up.
AT_ONCE: Final = 2
WAIT_SECONDS: Final = 8.0

# More than these in a row fit into no line of a page, and of a table's narrow column.
COLUMN_LETTERS: Final = 40
CELL_LETTERS: Final = 18

_places = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """As many files are being typeset as may be; trying again in a moment can help."""


class TooLong(Exception):
    """The document could not be typeset in time."""


def render(outline: Outline, *, made: datetime) -> bytes:
    """Return the PDF; ``Busy`` or ``TooLong`` where this machine can't do it now."""
    given = json.dumps(tell(outline, made=made)).encode()
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        return _typeset(given)
    finally:
        _places.release()


def _typeset(given: bytes) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM)], input=given, capture_output=True, timeout=LIMIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        logger.warning("a PDF was not typeset in time", extra={"bytes": len(given)})
        raise TooLong from None
    if done.returncode:
        # The last line names the fault; the rest could quote what is typeset, and logs keep no brief.
        raise RuntimeError(f"typesetting failed with status {done.returncode}")
    return done.stdout


def tell(outline: Outline, *, made: datetime) -> dict[str, Any]:
    """Return what the template prints."""
    version = next((fact.text for fact in outline.facts if fact.label == "Version"), "")
    title = outline.title if len(outline.title) <= 70 else outline.title[:69] + "…"
    return {
        "title": _broken(outline.title, 28),
        "subtitle": _broken(outline.subtitle, 36),
        "running": f"{title} · version {version}",
        "author": next((fact.text for fact in outline.facts if fact.label == "By"), ""),
        "date": [made.year, made.month, made.day],
        "facts": [_broken(asdict(fact), COLUMN_LETTERS) for fact in outline.facts],
        "note": outline.note,
        "blocks": [_block(block) for block in outline.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    told = {"kind": type(block).__name__, **asdict(block)}
    return cast("dict[str, Any]", _broken(told, CELL_LETTERS if isinstance(block, Table) else COLUMN_LETTERS))


def _broken(data: Any, every: int) -> Any:
    """Return data in which no text has a longer run than its column is wide."""
    if isinstance(data, str):
        return breakable(data, every=every)
    if isinstance(data, dict):
        return {name: _broken(value, every) for name, value in data.items()}
    return [_broken(value, every) for value in data] if isinstance(data, list | tuple) else data
