"""
Events: their types, their one JSON form, and how they are written to a stream.

The wire format is the WHATWG HTML standard's, section 9.2 "Server-sent events".
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from . import conf
from .errors import EventTooLarge

# What may be published. The first three tell of a job's way, the last two end it.
TYPES: Final = ("status", "progress", "educational", "complete", "error")
_KNOWN: Final = {type: type.encode() for type in TYPES}
FINAL_TYPES: Final = frozenset({"complete", "error"})
# What a stream says of itself. These have no number and do not move a reader's cursor.
CONTROL_TYPES: Final = ("hello", "heartbeat", "reset", "bye")
# What is told live only, never stored: a section as it is being written, a word to those who are connected.
PASSING_TYPES: Final = ("text", "message")
# The members that publishing fills in.
RESERVED: Final = ("topic", "seq", "type", "timestamp")
# Numbers are stored in 64 bits, signed.
MAX_SEQ: Final = 2**63 - 1

# The standard ends a line at CRLF, CR or LF and at nothing else; ``str.splitlines`` would also cut at U+2028 and others.
_LINE_END = re.compile(rb"\r\n|\r|\n")
_FORBIDDEN = re.compile(r"[\r\n\0]")


class Frame(NamedTuple):
    """An event on its way to streams: its number, its type, its JSON as UTF-8, and whether it is the topic's last."""

    seq: int
    type: str
    json: bytes
    final: bool


def timestamp() -> str:
    """Return the present as events tell it: ``2026-01-31T12:00:00.000Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def check(type: str, data: Mapping[str, Any]) -> bool:
    """Raise ``ValueError`` where an event may not be published; return whether it is final."""
    if type not in TYPES:
        raise ValueError(f"There is no event type {type!r:.40}; the types are {', '.join(TYPES)}.")
    if not isinstance(data, Mapping):
        raise TypeError(f"An event's data is a mapping such as {{'progress': 35}}, not {data!r:.40}.")
    taken = [name for name in RESERVED if name in data]
    if taken:
        raise ValueError(f"An event's {', '.join(taken)} cannot be given: publishing fills it in.")
    return type in FINAL_TYPES or data.get("final") is True


def compose(topic: str, seq: int, type: str, data: Mapping[str, Any], *, final: bool) -> str:
    """
    Return the one JSON form of an event, the same in streams, polling and exports (contract §3).

    Raises ``TypeError`` or ``ValueError`` for what JSON, UTF-8 or a database's text cannot hold, and ``EventTooLarge``.
    """
    whole = {"topic": topic, "seq": seq, "type": type, "timestamp": timestamp(), **data}
    if final:
        whole["final"] = True
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if "\\u0000" in text and _has_nul(whole):
        raise ValueError("An event's text may not contain NUL.")
    size = len(text.encode())
    if size > conf.MAX_EVENT_BYTES:
        raise EventTooLarge(f"The event has {size} bytes; the limit is {conf.MAX_EVENT_BYTES} (SSE_MAX_EVENT_BYTES).")
    return text


def _has_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, Mapping):
        return any(_has_nul(key) or _has_nul(member) for key, member in value.items())
    return isinstance(value, list | tuple) and any(_has_nul(member) for member in value)


def read(topic: str, payload: bytes) -> Frame:
    """
    Read what arrived for ``topic`` on a Redis channel.

    Raises ``ValueError`` unless it is an event of that topic: Redis is inside the trust border, but a bug, an older
    release or a person with a console may write to it as well.
    """
    data = from_json(payload, allow_inf_nan=False, cache_strings="keys")
    try:
        seq, kind, final = data["seq"], data["type"], data.get("final", False)
        if data["topic"] != topic:
            raise ValueError("not an event of this topic")
    except (KeyError, TypeError, AttributeError):
        raise ValueError("not an event") from None
    # ``type() is``: True is an int to isinstance, and this is asked for every event.
    if type(seq) is not int or not 1 <= seq <= MAX_SEQ:
        raise ValueError("its number is not one")
    if type(kind) is not str or kind not in _KNOWN or type(final) is not bool:
        raise ValueError("its type is not one")
    return Frame(seq, kind, payload, final)


def encode(*, data: bytes, event: str = "", id: str = "", retry: int | None = None) -> bytes:
    """
    Write one event to the wire.

    ``data`` is UTF-8; each of its lines becomes a ``data:`` line. ``retry`` is in milliseconds. Raises ``ValueError``
    for CR, LF or NUL in ``event`` or ``id``: the first two would begin a new field, and a reader ignores an id with NUL.
    """
    for name, value in (("event", event), ("id", id)):
        if _FORBIDDEN.search(value):
            raise ValueError(f"An event's {name} may not contain CR, LF or NUL.")
    if retry is not None and (isinstance(retry, bool) or not isinstance(retry, int) or retry < 0):
        raise ValueError("retry is a whole number of milliseconds.")
    head = (f"id: {id}\n" if id else "") + (f"event: {event}\n" if event else "")
    head += f"retry: {retry}\n" if retry is not None else ""
    lines = b"\ndata: ".join(_LINE_END.split(data)) if b"\n" in data or b"\r" in data else data
    return b"%bdata: %b\n\n" % (head.encode(), lines)


def encode_frame(frame: Frame, id: str) -> bytes:
    """Write a published event, with the cursor its reader will come back with: both were checked where they were made."""
    if b"\n" in frame.json or b"\r" in frame.json:
        return encode(data=frame.json, event=frame.type, id=id)
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (id.encode(), _KNOWN[frame.type], frame.json)


def encode_alone(frame: Frame) -> bytes:
    """The same for the readers of one topic, whose cursor is the event's number."""
    if b"\n" in frame.json or b"\r" in frame.json:
        return encode(data=frame.json, event=frame.type, id=str(frame.seq))
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (frame.seq, _KNOWN[frame.type], frame.json)


def encode_control(type: str, *, retry: int | None = None, **data: Any) -> bytes:
    """Write a control event: no id, so that the reader's cursor stays where it is."""
    body = {"type": type, "timestamp": timestamp(), **data}
    if retry is not None:
        body["retry"] = retry
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return encode(data=text.encode(), event=type, retry=retry)
