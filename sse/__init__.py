"""
Numbered events to browsers.

``publish`` stores an event and sends it when the transaction commits; ``@topic`` says who may watch. Nothing else is
needed by a feature that wants live progress.
"""

from sse.cursor import of as cursor_of
from sse.errors import EventTooLarge, SseError, TopicClosed
from sse.orders import broadcast, close, recheck, send
from sse.presence import connection, connections
from sse.publisher import publish, publish_all, remove
from sse.texts import show
from sse.topics import topic

__all__ = [
    "EventTooLarge",
    "SseError",
    "TopicClosed",
    "broadcast",
    "close",
    "connection",
    "connections",
    "cursor_of",
    "publish",
    "publish_all",
    "recheck",
    "remove",
    "send",
    "show",
    "topic",
]
