"""
Pruning: events that nobody will ask for any more are removed, a batch at a time.

Of a finished topic all events but the last go ``SSE_RETENTION_DAYS`` after it ended; the last one stays, so that whoever
comes back gets it, and then 204. Of a topic that is not finished the last ``SSE_RETENTION_OPEN_EVENTS`` stay whatever
their age. A topic's own row stays until ``sse.remove``: without it a number could be given twice.

Promise 4 holds at every moment: what is removed is always the beginning of a topic, and ``Topic.pruned`` is raised in
the same transaction. A reader whose position lies before that finds the jump and gets ``reset``.
"""

import asyncio
import logging
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import redis
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField, F, OuterRef, Q, Subquery
from django.utils import timezone
from django_redis import get_redis_connection

from . import border, channels, conf
from .models import Event, Topic

logger = logging.getLogger(__name__)

# Events of one transaction: a few milliseconds, for which a topic (on SQLite: the database) can't be written.
BATCH: Final = 500
# Between two of them others have their turn.
REST_SECONDS: Final = 0.05
EVERY_SECONDS: Final = 3600.0
# How often a process asks whether it is time.
LOOK_SECONDS: Final = 300.0


def prune(days: float | None = None) -> Iterator[int]:
    """
    Remove what is due; yield after each transaction how many events it removed, or 0 after a look at more topics.

    ``days`` is ``SSE_RETENTION_DAYS`` unless given; 0 keeps all. Sync. Safe at the same time in several processes, and
    to be left at any point.
    """
    days = conf.RETENTION_DAYS if days is None else days
    if not days:
        return
    due = timezone.now() - timedelta(days=days)
    seen = 0
    while found := list(_candidates(seen)):
        for topic, ended in found:
            seen = topic.pk
            end = _end(topic, ended, due)
            while topic.pruned < end:
                yield _remove(topic, min(end, topic.pruned + BATCH))
        yield 0


def _end(topic: Topic, ended: datetime | None, due: datetime) -> int:
    """Return the number of the last event that may go."""
    if topic.closed:
        return topic.seq - 1 if ended is not None and ended < due else 0
    may_go = Event.objects.filter(topic=topic, seq__lte=topic.seq - conf.RETENTION_OPEN_EVENTS, created__lt=due)
    return may_go.order_by("-seq").values_list("seq", flat=True).first() or 0


def _candidates(after: int) -> Iterator[tuple[Topic, datetime | None]]:
    """Return the next topics that have something to remove, each with the time of its last event."""
    last = Event.objects.filter(topic=OuterRef("pk"), seq=OuterRef("seq")).values("created")[:1]
    long = Q(closed=False, seq__gt=F("pruned") + conf.RETENTION_OPEN_EVENTS)
    return (
        (topic, topic.ended)
        for topic in Topic.objects.filter(Q(closed=True, seq__gt=F("pruned") + 1) | long, pk__gt=after)
        .annotate(ended=Subquery(last, output_field=DateTimeField()))
        .order_by("pk")[:BATCH]
    )


def _remove(topic: Topic, end: int) -> int:
    """Remove a topic's events up to number ``end``; return how many there were."""
    with transaction.atomic():
        # The row first, as in publishing: it locks the topic, and whoever else prunes it waits here.
        Topic.objects.filter(pk=topic.pk, pruned__lt=end).update(pruned=end)
        with connection.cursor() as cursor:
            # One statement: the ORM would first read what it deletes, for signals that nobody has for an event.
            cursor.execute("DELETE FROM sse_event WHERE topic_id = %s AND seq <= %s", [topic.pk, end])
            removed: int = cursor.rowcount
    topic.pruned = end
    return removed


async def keep() -> None:
    """Prune every hour, in one of all processes that run this; until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS * random.uniform(0.1, 1.0))
        try:
            if await border.cross(claim):
                await run()
        except DatabaseError as error:
            logger.warning("events could not be pruned, trying again in an hour: %s", error)


async def run() -> int:
    """Prune all that is due, leaving others their turn; return how many events were removed."""
    began, removed, batches = time.monotonic(), 0, prune()
    while (batch := await border.cross(next, batches, None)) is not None:
        removed += batch
        await asyncio.sleep(REST_SECONDS)
    if removed:
        logger.info("%s old events pruned in %.1f s", removed, time.monotonic() - began)
    return removed


_next = 0.0


def claim() -> bool:
    """Take this hour's turn; False where some process had it. Sync."""
    global _next
    if time.monotonic() < _next:
        return False
    try:
        taken = get_redis_connection(conf.CACHE).set(f"{channels.PREFIX}pruned", "1", nx=True, ex=int(EVERY_SECONDS))
    except (redis.RedisError, OSError):
        taken = True  # two at once are one too many, but do no harm
    if taken:
        _next = time.monotonic() + EVERY_SECONDS
    return bool(taken)
