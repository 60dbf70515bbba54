"""
The hub: one Redis reader for each process, many subscribers.

Promise 3: a reader gets every event once and in order. A subscriber subscribes (confirmed), then replays from the rows,
then goes live, with no ``await`` between the last look and going live. An event numbered at or below a topic's position
is dropped; a jump is filled from the rows; positions are compared with the rows at every heartbeat, and at once when
the connection to Redis came back or somebody says that something may have been missed.
"""

import asyncio
import contextlib
import contextvars
import logging
import time
import uuid
import weakref
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Final

import redis

from . import border, expiry, feed, limits, pulse, replay, rows, tally, watchers
from .hearing import Hearing
from .lookup import Lookup
from .subscriber import Subscriber
from .watched import NOBODY, Watched

logger = logging.getLogger(__name__)

BATCH: Final = 500


class Hub:
    """Everything open in one process: topics watched, streams, and the timers that serve them all."""

    def __init__(
        self, *, wire: Callable[..., feed.Feed] = feed.of_cache, timers: Sequence[pulse.Timer] = pulse.TIMERS
    ) -> None:
        self.id = uuid.uuid4().hex
        self.streams: set[Subscriber] = set()
        self.draining = False
        # Whether orders may have been lost: with the next comparison it is looked at again who may watch.
        self.doubtful = False
        # Set to have positions compared with the rows at once.
        self.look = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self.lookup = Lookup(self.spawn)
        self.hearing = Hearing(self, wire)
        self.topics, self.feed = self.hearing.topics, self.hearing.feed
        self.spawn(self.feed.run())
        for timer in timers:
            self.spawn(pulse.keep(timer, self))

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something beside; what it raises is logged."""
        # In a context of its own: the hub is made by a request, and works for all that come after.
        task = self.loop.create_task(work, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("a task of the hub ended", exc_info=error)

    @property
    def degraded(self) -> bool:
        """Whether Redis is away and streams follow the rows by polling."""
        return not self.feed.up

    # --- subscribers come and go --------------------------------------------------------------------------------------

    async def open(self, subscriber: Subscriber) -> None:
        """Serve a stream: say hello, then bring it to the present in each of its topics, and keep it there."""
        self.streams.add(subscriber)
        logger.info("a stream opened", extra=log_of(subscriber))
        limits.here.begin(subscriber.place)
        watched = [self.hearing.watch(name) for name in subscriber.positions]
        subscriber.greet()
        if self.draining or not subscriber.open:
            subscriber.end("drain" if self.draining else "done")
        if expiry.by_token(subscriber):
            self._attach(subscriber, expiry.end_with_token(subscriber))
        for topic in watched:
            await self.hearing.confirmed(topic)
            await replay.bring_up(self, subscriber, topic)

    def leave(self, subscriber: Subscriber) -> None:
        """Free everything a stream held. Synchronous and idempotent: it is called from every way a stream can end."""
        if subscriber not in self.streams:
            return
        self.streams.discard(subscriber)
        sent = sum(self.topics[name].position(subscriber) for name in subscriber.positions) - subscriber.start
        seconds = time.time() - subscriber.since
        ended = {"reason": subscriber.reason, "events": max(0, sent), "seconds": round(seconds, 3)}
        logger.info("a stream ended", extra=log_of(subscriber, **ended))
        subscriber.over = True
        subscriber.place.give_back()
        for task in subscriber.tasks:
            task.cancel()
        for name in subscriber.positions:
            self.topics[name].discard(subscriber)
            self.hearing.unwatch(self.topics[name])

    async def wait(self, name: str, seq: int, seconds: float) -> None:
        """Return when an event of topic ``name`` past ``seq`` may stand in the rows, at the latest after ``seconds``."""
        topic = self.hearing.watch(name)
        news = self.loop.create_future()
        topic.waiters |= {(news, seq)}
        try:
            await self.hearing.confirmed(topic)
            # Read once more: what was committed before the subscription took effect is in no message.
            standing = (await border.cross(rows.standings, [name]))[name]
            if standing.seq > seq or standing.closed or self.draining:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await news
        finally:
            topic.waiters = topic.waiters - {(news, seq)} or NOBODY
            self.hearing.unwatch(topic)

    def fall_behind(self, topic: Watched, subscriber: Subscriber) -> None:
        """Promise 10: a slow reader goes on from the rows when it has taken what is on its way."""
        tally.here.fell_behind += 1
        self.go_on(topic, subscriber)

    def go_on(self, topic: Watched, subscriber: Subscriber) -> None:
        """Bring a stream to the present beside whatever else happens to it."""

        async def resume() -> None:
            await subscriber.sink.drained()
            await replay.bring_up(self, subscriber, topic)

        self._attach(subscriber, resume())

    def _attach(self, subscriber: Subscriber, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside a stream, for as long as that is open."""
        subscriber.attend(self.spawn(work))

    # --- permission ---------------------------------------------------------------------------------------------------

    async def recheck(self, streams: Sequence[Subscriber]) -> None:
        """Promise 13: end the streams that their watchers may hold no longer."""
        for start in range(0, len(streams), BATCH):
            batch = [stream for stream in streams[start : start + BATCH] if not stream.over]
            held = [(stream.watcher, list(stream.positions)) for stream in batch]
            for stream, reason in zip(batch, await border.cross(watchers.verdicts, held), strict=True):
                if reason is not None:
                    tally.here.revoked[reason] += not stream.over
                    stream.end(reason)

    # --- the end ------------------------------------------------------------------------------------------------------

    def drain_soon(self, seconds: float) -> None:
        """Drain from a signal handler, which may run at any point of any code."""
        self.loop.call_soon_threadsafe(pulse.drain, self, seconds)

    async def stop(self) -> None:
        """End the hub's own tasks."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(redis.RedisError, OSError):
            await border.cross(limits.here.leave)


def log_of(subscriber: Subscriber, **fields: Any) -> dict[str, Any]:
    """Return what a log line about a stream bears: the stream's id, its user's key and its request's id."""
    told = {"stream": subscriber.id, "user": subscriber.watcher.user, "topics": len(subscriber.positions), **fields}
    return {"request_id": subscriber.request, "fields": told}


# One hub for each event loop, made by the first stream in it and never at import: a forked or reloaded process, and
# every test, gets its own.
_hubs: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = weakref.WeakKeyDictionary()


def current() -> Hub:
    """Return the hub of the running loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub


def install(hub: Hub) -> None:
    """Make ``hub`` the running loop's: one with a wire of its own, or with timers that somebody drives by hand."""
    _hubs[asyncio.get_running_loop()] = hub


def existing() -> Iterable[Hub]:
    """Return the hubs of this process; there is one in a server, and none before its first stream."""
    return list(_hubs.values())
