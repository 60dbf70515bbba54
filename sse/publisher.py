"""
Publishing: number, store, send on commit.

Promise 1: a topic's events are numbered 1, 2, 3 … in the order of commit. Promise 2: published on commit, never before;
a send that fails never reaches the caller, and the event is found all the same.
"""

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from . import channels, events, sender, tally, topics, trace
from .errors import TopicClosed

# One statement makes the topic or raises its number, and refuses a closed one. It locks the topic's row until the outer
# commit, so numbers become visible in the order they were given out. A database's sequence or Redis INCR would not
# promise that, and a reader could move its cursor past a row that had yet to commit.
_NEXT = """
INSERT INTO sse_topic (name, seq, pruned, closed) VALUES (%s, %s, 0, %s)
ON CONFLICT (name) DO UPDATE SET seq = sse_topic.seq + excluded.seq, closed = excluded.closed WHERE NOT sse_topic.closed
RETURNING id, seq
"""
# Written out, since the ORM takes longer to find these words than the database to do as they say.
_STORE = "INSERT INTO sse_event (topic_id, seq, type, json, created, request) VALUES (%s, %s, %s, %s, %s, %s)"


def publish(topic: str, type: str, data: Mapping[str, Any] | None = None) -> int:
    """
    Publish an event on ``topic`` and return its number.

    ``type`` is one of ``events.TYPES``; ``data`` is what JSON can hold, without topic, seq, type and timestamp, which are
    filled in. ``complete`` and ``error``, and any event with ``final: True``, close the topic. The topic's row stays
    locked until the outer transaction ends: publish last in it, and several topics in the order of their names.

    Raises ``ValueError``, ``TypeError``, ``TopicClosed`` or ``EventTooLarge``, and then nothing is stored.
    """
    return publish_all([(topic, type, data)])[0]


def publish_all(wanted: Iterable[tuple[str, str, Mapping[str, Any] | None]]) -> list[int]:
    """
    Publish several events (topic, type, data) as one, and return their numbers in the same order.

    All or none: as for ``publish``, with one statement for each topic and one trip to Redis for all. Topics are locked
    in the order of their names. Ten events published so cost about as much as two published one by one.
    """
    batches = _batches(wanted)
    if not batches:
        return []
    numbers: dict[int, int] = {}
    messages: list[tuple[str, bytes]] = []
    with transaction.atomic(), connection.cursor() as cursor:
        for topic in sorted(batches):
            _store(cursor, topic, batches[topic], numbers, messages)
        types = [event.type for batch in batches.values() for event in batch]
        transaction.on_commit(functools.partial(_send_events, messages, types), robust=True)
    return [numbers[place] for place in sorted(numbers)]


class _Wanted(NamedTuple):
    place: int
    type: str
    data: Mapping[str, Any]
    final: bool


def _batches(wanted: Iterable[tuple[str, str, Mapping[str, Any] | None]]) -> dict[str, list[_Wanted]]:
    """Return what is to be published on each topic; raise for what may not be."""
    batches: dict[str, list[_Wanted]] = {}
    for place, (topic, type, data) in enumerate(wanted):
        topics.check(topic)
        batch = batches.setdefault(topic, [])
        if batch and batch[-1].final:
            raise TopicClosed(f"{topic} would be closed by the final event before this one.")
        data = {} if data is None else data
        batch.append(_Wanted(place, type, data, events.check(type, data)))
    return batches


def _store(
    cursor: CursorWrapper, topic: str, batch: list[_Wanted], numbers: dict[int, int], messages: list[tuple[str, bytes]]
) -> None:
    cursor.execute(_NEXT, [topic, len(batch), batch[-1].final])
    row = cursor.fetchone()
    if row is None:
        raise TopicClosed(f"{topic} is closed: its final event was published.")
    id, last = row
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    request = trace.current() or None
    stored = []
    for seq, event in enumerate(batch, last - len(batch) + 1):
        text = events.compose(topic, seq, event.type, event.data, final=event.final)
        stored.append((id, seq, event.type, text, now, request))
        messages.append((channels.of_topic(topic), text.encode()))
        numbers[event.place] = seq
    if len(stored) == 1:
        cursor.execute(_STORE, stored[0])
    else:
        cursor.executemany(_STORE, stored)


def remove(*names: str) -> None:
    """Remove topics and their events; on commit their open streams get ``bye`` (gone)."""
    from .models import Topic

    with transaction.atomic():
        Topic.objects.filter(name__in=names).delete()
        order = json.dumps({"do": "gone", "topics": names}).encode()
        transaction.on_commit(functools.partial(sender.send, channels.EVERYBODY, order), robust=True)


def _send_events(messages: Sequence[tuple[str, bytes]], types: Iterable[str]) -> None:
    result = "sent" if sender.send_all(messages) else "owed"
    tally.here.publish(types, result)
