"""
Texts that are being written, shown to whoever watches a topic right now: not numbered, not stored, never repeated.

They travel on the topic's own channel, so that only processes hear them in which somebody watches it.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import from_json

from . import channels, conf, events, sender, topics
from .errors import EventTooLarge

# Of the text itself, as UTF-8. It comes up to four times a second, to everybody who watches.
TEXT_BYTES: Final = 8_192
# What each of them begins with, by which they are told from events in the first bytes.
BEGINNING: Final = b'{"type":"text",'


def show(topic: str, data: Mapping[str, Any]) -> bool:
    """
    Show the text so far of what is being written to whoever watches ``topic``; return whether it was sent.

    ``data`` is ``{"text": …}``, at most 8 KB, and beside it what tells its readers what it belongs to and when it is out
    of date. It is sent at once, whatever becomes of the transaction around, and dropped where Redis is away or a reader
    is slow: the next one says more. Raises ``ValueError`` for what cannot be shown.
    """
    return sender.send_or_drop(channels.of_topic(topic), compose(topic, data))


def compose(topic: str, data: Mapping[str, Any]) -> bytes:
    """Return the one JSON form of a text."""
    topics.check(topic)
    if taken := [name for name in (*events.RESERVED, "id", "retry") if name in data]:
        raise ValueError(f"A text's {', '.join(taken)} cannot be given.")
    if not isinstance(data.get("text"), str):
        raise ValueError('What is shown is {"text": …}, a text.')
    whole = {"type": "text", "topic": topic, "timestamp": events.timestamp(), **data}
    payload = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    if (size := len(data["text"].encode())) > TEXT_BYTES or len(payload) > conf.MAX_EVENT_BYTES:
        raise EventTooLarge(f"The text has {size} bytes; the limit is {TEXT_BYTES}, and what is beside it is short.")
    return payload


def read(topic: str, payload: bytes) -> bytes:
    """Return what is written to streams of a text that arrived on a channel; raises ``ValueError`` for what is none."""
    data = from_json(payload, allow_inf_nan=False)
    if not isinstance(data, dict) or data.get("topic") != topic or not isinstance(data.get("text"), str):
        raise ValueError("not a text of this topic")
    if data.get("type") != "text" or data.keys() & {"seq", "final", "id", "retry"}:
        raise ValueError("not a text, but dressed as an event")
    if len(data["text"].encode()) > TEXT_BYTES:
        raise ValueError("a text larger than what may be shown")
    return events.encode(data=payload, event="text")
