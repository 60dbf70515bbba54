"""Topics and their events, as rows. The row is the truth; what Redis carries is a hint that it exists."""

import json
from typing import Any

from django.db import models


class Topic(models.Model):
    """A name that events are published to, with the number of its last event."""

    name = models.CharField(max_length=200, unique=True)
    seq = models.PositiveBigIntegerField(default=0, help_text="Number of the last event.")
    pruned = models.PositiveBigIntegerField(default=0, help_text="Events up to this number are no longer kept.")
    closed = models.BooleanField(default=False, help_text="Its final event was published; nothing follows.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """One thing that happened on a topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField(help_text="1, 2, 3 … without gaps in its topic.")
    type = models.CharField(max_length=20)
    # The text that was published, byte for byte: streams and polling pass it on without reading it, and no database
    # reorders its keys or rounds its numbers.
    json = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["topic", "seq"]
        constraints = [models.UniqueConstraint(fields=["topic", "seq"], name="sse_event_number")]

    def __str__(self) -> str:
        return f"{self.topic_id}/{self.seq} {self.type}"

    @property
    def data(self) -> dict[str, Any]:
        """The event's one JSON form, read (contract §3)."""
        data: dict[str, Any] = json.loads(self.json)
        return data
