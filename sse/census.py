"""A hub's answer to who is connected: what its process holds."""

import asyncio
import heapq
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import redis
from django_redis import get_redis_connection

from . import border, conf, limits, presence, roster
from .roster import Answer, Connection, Query, Watching
from .subscriber import Subscriber

if TYPE_CHECKING:
    from .hub import Hub

logger = logging.getLogger(__name__)

# Streams that are described in one go: 1 ms, in which nobody else is served.
SLICE: Final = 100


def read(order: Mapping[str, Any]) -> Query:
    """Read what an order asks for. Raises ``ValueError``, above all for a key that is not an answer's."""
    return roster.QUERY.validate_python({name: value for name, value in order.items() if name != "do"})


async def answer(hub: "Hub", query: Query) -> None:
    """Tell who asked what this process holds."""
    found = _matching(hub, query)
    told: list[Connection] = []
    for start in range(0, len(found.shown), SLICE):
        told += [describe(hub, subscriber) for subscriber in found.shown[start : start + SLICE]]
        await asyncio.sleep(0)
    await border.cross(_send, query.to, Answer(limits.here.process, found.total, tuple(told)))


def holding(hub: "Hub", query: Query) -> Answer:
    """Return what a hub of this process holds; from another thread, where its loop can't be waited for."""
    found = _matching(hub, query)
    return Answer(limits.here.process, found.total, tuple(describe(hub, one) for one in found.shown))


class _Found:
    __slots__ = ("shown", "total")

    def __init__(self, streams: list[Subscriber], limit: int) -> None:
        self.total = len(streams)
        self.shown = streams if self.total <= limit else heapq.nsmallest(limit, streams, key=lambda one: one.since)


def _matching(hub: "Hub", query: Query) -> _Found:
    found = list(hub.streams)
    if query.id is not None:
        found = [stream for stream in found if stream.id == query.id]
    if query.user is not None:
        found = [stream for stream in found if str(stream.watcher.user) == query.user]
    if query.topic is not None:
        found = [stream for stream in found if query.topic in stream.positions]
    return _Found(found, query.limit)


def describe(hub: "Hub", subscriber: Subscriber) -> Connection:
    """Say how a stream stands."""
    watching = tuple(_watching(hub, subscriber, name) for name in subscriber.positions)
    return Connection(
        id=subscriber.id,
        user=str(subscriber.watcher.user),
        name=subscriber.watcher.name[:400],
        address=subscriber.watcher.address[:400],
        via="session" if subscriber.watcher.token is None else "token",
        process=limits.here.process,
        since=datetime.fromtimestamp(subscriber.since, UTC),
        state=_state(hub, subscriber),
        sent=max(0, sum(one.position for one in watching) - subscriber.start),
        waiting=subscriber.sink.waiting(),
        watching=watching,
    )


def _watching(hub: "Hub", subscriber: Subscriber, name: str) -> Watching:
    topic = hub.topics.get(name)
    position = topic.position(subscriber) if topic else subscriber.positions[name]
    heard = topic.seen if topic else 0
    return Watching(name, position, max(position, heard, subscriber.stood(name)))


def _state(hub: "Hub", subscriber: Subscriber) -> Literal["live", "replaying", "ending"]:
    if subscriber.over:
        return "ending"
    watched = [topic for name in list(subscriber.open) if (topic := hub.topics.get(name))]
    live = all(subscriber in topic.live or subscriber in topic.ahead for topic in watched)
    return "live" if live else "replaying"


def _send(to: str, answer: Answer) -> None:
    try:
        pipe = get_redis_connection(conf.CACHE).pipeline(transaction=True)
        pipe.rpush(to, roster.write(answer))
        pipe.expire(to, presence.KEEP_SECONDS)
        pipe.execute()
    except (redis.RedisError, OSError) as error:
        logger.warning("could not say who is connected: %s", error)
