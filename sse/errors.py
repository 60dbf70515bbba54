"""
What can go wrong when something is published.

    SseError
    ├── TopicClosed      trying again cannot help
    └── EventTooLarge    trying again cannot help; a smaller event can

A wrong type, name or value raises ``ValueError`` or ``TypeError``, as anywhere in Python. None of them stores anything.
"""


class SseError(Exception):
    """Something that sse refuses to do."""

    code = "sse_error"


class TopicClosed(SseError):
    """The topic's final event was published, and nothing may follow it."""

    code = "topic_closed"


class EventTooLarge(SseError):
    """The event's JSON is longer than ``SSE_MAX_EVENT_BYTES``."""

    code = "event_too_large"
