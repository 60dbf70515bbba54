"""What was published in a block of a test."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any


class Captured:
    """The events published since a block began: ``(topic, type, data)`` in the order in which they were stored."""

    def __init__(self, topics: Sequence[str]) -> None:
        from sse.models import Event

        self._topics = topics
        self._first = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @property
    def data(self) -> list[dict[str, Any]]:
        """Each event's JSON object: topic, seq, type, timestamp and what was published."""
        from sse.models import Event

        rows = Event.objects.filter(pk__gt=self._first).order_by("pk")
        if self._topics:
            rows = rows.filter(topic__name__in=self._topics)
        return [event.data for event in rows]

    @property
    def types(self) -> list[str]:
        """Each event's type."""
        return [event["type"] for event in self.data]


@contextlib.contextmanager
def capture(*topics: str) -> Iterator[Captured]:
    """Collect what is published in the block: on these topics, or on all. What is rolled back was never published."""
    yield Captured(topics)
