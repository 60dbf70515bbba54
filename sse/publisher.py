"""
Publishing: number, store, send on commit.

Promise 1: a topic's events are numbered 1, 2, 3 … in the order of commit. Promise 2: published on commit, never before;
a send that fails never reaches the caller, and the event is found all the same.
"""

import functools
import json
import logging
import time
from collections.abc import Mapping
from typing import Any

import redis
from django.db import connection, transaction
from django_redis import get_redis_connection

from . import channels, conf, events, topics
from .errors import TopicClosed

logger = logging.getLogger(__name__)

# One statement makes the topic or raises its number, and refuses a closed one. It locks the topic's row until the outer
# commit, so numbers become visible in the order they were given out. A database's sequence or Redis INCR would not
# promise that, and a reader could move its cursor past a row that had yet to commit.
_NEXT = """
INSERT INTO sse_topic (name, seq, pruned, closed) VALUES (%s, 1, 0, %s)
ON CONFLICT (name) DO UPDATE SET seq = sse_topic.seq + 1, closed = excluded.closed WHERE NOT sse_topic.closed
RETURNING id, seq
"""

# After a send that failed none is tried for so long: a Redis that does not answer costs its time-out once a second.
_REST_SECONDS = 1.0
_rest_until = 0.0
_owed = False


def publish(topic: str, type: str, data: Mapping[str, Any] | None = None) -> int:
    """
    Publish an event on ``topic`` and return its number.

    ``type`` is one of ``events.TYPES``; ``data`` is what JSON can hold, without topic, seq, type and timestamp, which are
    filled in. ``complete`` and ``error``, and any event with ``final: True``, close the topic. The topic's row stays
    locked until the outer transaction ends: publish last in it, and several topics in the order of their names.

    Raises ``ValueError``, ``TypeError``, ``TopicClosed`` or ``EventTooLarge``, and then nothing is stored.
    """
    from .models import Event  # models cannot be imported while Django loads this package

    data = {} if data is None else data
    if not topics.valid(topic):
        raise ValueError(f"{topic!r:.60} is no topic: a name is kind:key, of ASCII letters, digits and _.-")
    final = events.check(type, data)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [topic, final])
            row = cursor.fetchone()
        if row is None:
            raise TopicClosed(f"{topic} is closed: its final event was published.")
        text = events.compose(topic, row[1], type, data, final=final)
        Event.objects.create(topic_id=row[0], seq=row[1], type=type, json=text)
        transaction.on_commit(functools.partial(send, channels.of_topic(topic), text.encode()), robust=True)
    return int(row[1])


def remove(*names: str) -> None:
    """Remove topics and their events; on commit their open streams get ``bye`` (gone)."""
    from .models import Topic

    with transaction.atomic():
        Topic.objects.filter(name__in=names).delete()
        order = json.dumps({"do": "gone", "topics": names}).encode()
        transaction.on_commit(functools.partial(send, channels.EVERYBODY, order), robust=True)


def send(channel: str, payload: bytes) -> bool:
    """Send to every process, if Redis is there. Never raises for Redis; returns whether it was sent."""
    global _rest_until, _owed
    if time.monotonic() < _rest_until:
        _owed = True
        return False
    try:
        client = get_redis_connection(conf.CACHE)
        client.publish(channel, payload)
        if _owed:
            # What was not sent meanwhile stands in the rows: every process compares its positions now.
            client.publish(channels.EVERYBODY, channels.LOOK)
            _owed = False
    except (redis.RedisError, OSError) as error:
        _rest_until = time.monotonic() + _REST_SECONDS
        _owed = True
        logger.warning("publish not sent, readers will find it in the rows: %s", error)
        return False
    return True
