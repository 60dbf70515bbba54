"""For the tests of whoever publishes: what was published in a block."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def capture(*topics: str) -> Iterator[list[dict[str, Any]]]:
    """
    Collect the events that are published in the block, on ``topics`` or on all.

    The list is filled when the block ends, in the order of storing: dicts of topic, seq, type, timestamp and the data
    that was given. It reads stored rows, so it works inside the transaction of a ``TestCase``, where nothing is sent;
    what was rolled back is not among them. Raises what the block raises.
    """
    # Here, since a test module may be imported before Django's models are.
    from .models import Event

    before = set(_rows(Event, topics).values_list("pk", flat=True))
    published: list[dict[str, Any]] = []
    yield published
    rows = _rows(Event, topics).order_by("pk").values_list("pk", "json")
    published.extend(json.loads(text) for key, text in rows if key not in before)


def _rows(model: Any, topics: tuple[str, ...]) -> Any:
    rows = model.objects.all()
    return rows.filter(topic__name__in=topics) if topics else rows
