"""
The hub: one Redis reader for each process, many subscribers.

Promise 3: a reader gets every event once and in order. A subscriber subscribes (confirmed), then replays from the rows,
then goes live, with no ``await`` between the last look and going live. An event numbered at or below a topic's position
is dropped; a jump is filled from the rows; positions are compared with the rows at every heartbeat, and at once when
the connection to Redis came back or somebody says that something may have been missed.

Promise 9b: while Redis is away positions are compared every ``SSE_POLL_SECONDS``: streams go on, only slower.
"""

import asyncio
import contextlib
import json
import logging
import random
import uuid
import weakref
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, Final

from django_redis import get_redis_connection

from . import border, channels, conf, events, publisher, rows, sinks
from .events import Frame
from .feed import Feed
from .subscriber import Subscriber

logger = logging.getLogger(__name__)

PROBE_SECONDS: Final = 1.5
CONFIRM_SECONDS: Final = 1.0
CHECK_BATCH: Final = 500
# A heartbeat reaches everybody within its interval, a slice at a time, so that a beat never stalls the loop.
SLICES: Final = 10


class Watched:
    """A topic that somebody in this process watches."""

    __slots__ = ("ahead", "last", "live", "name", "outbox", "ready", "refs", "repair", "seen", "waiters")

    def __init__(self, name: str) -> None:
        self.name = name
        self.refs = 0
        # Set while Redis has confirmed the subscription.
        self.ready = asyncio.Event()
        # The number up to which everybody in ``live`` was served (or will be, by what stands in ``outbox``).
        self.last = 0
        # The highest number heard of.
        self.seen = 0
        self.live: set[Subscriber] = set()
        # Live subscribers whose replay was faster than the channel: they skip what they have.
        self.ahead: set[Subscriber] = set()
        self.outbox: list[Frame] = []
        self.waiters: set[asyncio.Future[None]] = set()
        self.repair: asyncio.Task[None] | None = None


class Hub:
    """Everything open in one process: topics watched, streams, and the timers that serve them all."""

    def __init__(self) -> None:
        self.id = uuid.uuid4().hex
        self.topics: dict[str, Watched] = {}
        self.streams: set[Subscriber] = set()
        self.draining = False
        self.malformed = 0
        self.repaired = 0
        self._loop = asyncio.get_running_loop()
        self._dirty: list[Watched] = []
        self._look = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.feed = Feed(
            redis_url(), on_message=self._hear, on_subscribed=self._subscribed, on_change=self._redis_changed
        )
        self.feed.subscribe(channels.EVERYBODY)
        self.feed.subscribe(channels.of_probe(self.id))
        for loop in (self.feed.run(), self._probe(), self._compare(), self._pulse()):
            self._spawn(loop)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
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

    # --- subscribers come and go ---------------------------------------------------------------------------------------

    async def open(self, subscriber: Subscriber) -> None:
        """Serve a stream: say hello, then bring it to the present in each of its topics, and keep it there."""
        self.streams.add(subscriber)
        watched = [self._watch(name) for name in subscriber.positions]
        subscriber.greet()
        if self.draining or not subscriber.open:
            subscriber.end("drain" if self.draining else "done")
        for topic in watched:
            await self._confirmed(topic)
            await self._catch_up(subscriber, topic)

    def leave(self, subscriber: Subscriber) -> None:
        """Free everything a stream held. Synchronous and idempotent: it is called from every way a stream can end."""
        if subscriber not in self.streams:
            return
        self.streams.discard(subscriber)
        subscriber.over = True
        for task in subscriber.tasks:
            task.cancel()
        for name in subscriber.positions:
            topic = self.topics[name]
            topic.live.discard(subscriber)
            topic.ahead.discard(subscriber)
            self._unwatch(topic)

    async def wait(self, name: str, seq: int, seconds: float) -> None:
        """Return when an event of topic ``name`` past ``seq`` may stand in the rows, at the latest after ``seconds``."""
        topic = self._watch(name)
        try:
            await self._confirmed(topic)
            # Read once more: what was committed before the subscription took effect is in no message.
            standing = (await border.cross(rows.standings, [name]))[name]
            if standing.seq > seq or standing.closed or topic.seen > seq:
                return
            news = self._loop.create_future()
            topic.waiters.add(news)
            try:
                async with asyncio.timeout(seconds):
                    await news
            except TimeoutError:
                pass
            finally:
                topic.waiters.discard(news)
        finally:
            self._unwatch(topic)

    def _watch(self, name: str) -> Watched:
        topic = self.topics.get(name)
        if topic is None:
            topic = self.topics[name] = Watched(name)
            self.feed.subscribe(channels.of_topic(name))
        topic.refs += 1
        return topic

    def _unwatch(self, topic: Watched) -> None:
        topic.refs -= 1
        if topic.refs == 0:
            del self.topics[topic.name]
            self.feed.unsubscribe(channels.of_topic(topic.name))

    async def _confirmed(self, topic: Watched) -> None:
        # SUBSCRIBE is not active when it was sent. Without this wait what is published between the reading of the rows
        # and the subscription would be lost. Where Redis does not answer, the poll finds it.
        if not topic.ready.is_set() and not self.feed.failed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CONFIRM_SECONDS):
                    await topic.ready.wait()

    async def _catch_up(self, subscriber: Subscriber, topic: Watched) -> None:
        """Replay from the rows until the subscriber stands where the topic stands, then let it go live."""
        name = topic.name
        while name in subscriber.open and not subscriber.over:
            told, position = topic.seen, subscriber.positions[name]
            frames = await border.cross(rows.after, name, position, conf.REPLAY_BATCH)
            if subscriber.over:
                return
            if frames:
                if frames[0].seq != position + 1:
                    subscriber.reset(name, "pruned", frames[0].seq - 1)
                await subscriber.replay(name, frames)
                if frames[-1].final:
                    subscriber.finish(name)
                # uvicorn's send() returns without suspending once the reader has left.
                await asyncio.sleep(0)
                if len(frames) == conf.REPLAY_BATCH:
                    continue
            elif position < told == topic.seen:
                # The rows were read after the claim was heard, and they do not have it: a forged or mistaken number.
                topic.seen = position
            if subscriber.positions[name] >= topic.seen and name in subscriber.open and not subscriber.over:
                self._go_live(subscriber, topic)
                return

    def _go_live(self, subscriber: Subscriber, topic: Watched) -> None:
        self._flush_topic(topic)
        position = subscriber.positions[topic.name]
        if not topic.live and not topic.ahead:
            topic.last = topic.seen = max(topic.seen, position)
        if position > topic.last:
            topic.ahead.add(subscriber)
        else:
            topic.live.add(subscriber)

    # --- what is heard -------------------------------------------------------------------------------------------------

    def _hear(self, channel: str, payload: bytes) -> None:
        name = channels.topic_of(channel)
        if name is None:
            if channel == channels.EVERYBODY:
                self._obey(payload)
            return
        topic = self.topics.get(name)
        if topic is None:
            return
        try:
            frame = events.read(name, payload)
        except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are
            self.malformed += 1
            logger.warning("a message on %s was dropped: %s", channel, error)
            return
        self._told(topic, frame.seq)
        if frame.seq == topic.last + 1 and (topic.live or topic.ahead):
            self._accept(topic, frame)
        elif frame.seq > topic.last:
            self._mend(topic)

    def _obey(self, payload: bytes) -> None:
        try:
            order = json.loads(payload)
            do, names = order["do"], order.get("topics", [])
            if do == "gone":
                for name in names:
                    if name in self.topics:
                        self._gone(self.topics[name])
            elif do == "look":
                self._look.set()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            self.malformed += 1
            logger.warning("an order to everybody was dropped: %s", error)

    def _told(self, topic: Watched, seq: int) -> None:
        topic.seen = max(topic.seen, seq)
        for waiter in topic.waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _accept(self, topic: Watched, frame: Frame) -> None:
        if not topic.outbox:
            if not self._dirty:
                # Runs when all that one read from Redis brought has been heard: frames are joined for each topic.
                self._loop.call_soon(self._flush)
            self._dirty.append(topic)
        topic.outbox.append(frame)
        topic.last = frame.seq

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, []
        for topic in dirty:
            self._flush_topic(topic)

    def _flush_topic(self, topic: Watched) -> None:
        frames, topic.outbox = topic.outbox, []
        if not frames:
            return
        shared = sinks.body(b"".join(events.encode_frame(frame, str(frame.seq)) for frame in frames))
        behind = [s for s in topic.live if not s.deliver(topic, frames, shared)]
        for subscriber in list(topic.ahead):
            self._deliver_ahead(subscriber, topic, frames)
        for subscriber in behind:
            topic.live.discard(subscriber)
            self._fall_behind(subscriber, topic)
        if frames[-1].final:
            for subscriber in list(topic.live):
                subscriber.finish(topic.name)

    def _deliver_ahead(self, subscriber: Subscriber, topic: Watched, frames: Sequence[Frame]) -> None:
        fresh = [frame for frame in frames if frame.seq > subscriber.positions[topic.name]]
        if fresh:
            shared = sinks.body(b"".join(events.encode_frame(frame, str(frame.seq)) for frame in fresh))
            if not subscriber.deliver(topic, fresh, shared):
                topic.ahead.discard(subscriber)
                self._fall_behind(subscriber, topic)
                return
        if topic.last >= subscriber.positions[topic.name]:
            topic.ahead.discard(subscriber)
            topic.live.add(subscriber)

    def _fall_behind(self, subscriber: Subscriber, topic: Watched) -> None:
        """Promise 10: a slow reader goes on from the rows when it has taken what is on its way."""

        async def resume() -> None:
            await subscriber.sink.drained()
            await self._catch_up(subscriber, topic)

        task = self._spawn(resume())
        subscriber.tasks.add(task)
        task.add_done_callback(subscriber.tasks.discard)

    # --- repair --------------------------------------------------------------------------------------------------------

    def _subscribed(self, channel: str) -> None:
        name = channels.topic_of(channel)
        topic = self.topics.get(name) if name else None
        if topic is None:
            return
        topic.ready.set()
        if topic.live or topic.ahead or topic.waiters:
            # Confirmed again: the connection was lost, and with it whatever was published meanwhile.
            self._look.set()

    def _redis_changed(self, up: bool) -> None:
        if up:
            logger.info("connected to Redis")
        # Coming back, everything is read again; going away, the slower poll begins.
        self._look.set()
        if not up:
            for topic in self.topics.values():
                topic.ready.clear()

    def _mend(self, topic: Watched) -> None:
        """Fill a jump from the rows; one reading at a time for each topic."""
        if (topic.live or topic.ahead) and topic.repair is None:
            topic.repair = self._spawn(self._fill(topic))

    async def _fill(self, topic: Watched) -> None:
        try:
            while (topic.live or topic.ahead) and topic.last < topic.seen:
                told, last = topic.seen, topic.last
                for frame in await border.cross(rows.after, topic.name, last, conf.REPLAY_BATCH):
                    if frame.seq > topic.last + 1:
                        self._skip(topic, frame.seq - 1)
                    if frame.seq == topic.last + 1:
                        self._accept(topic, frame)
                        self.repaired += 1
                if topic.last == last and topic.seen == told:
                    topic.seen = last  # nobody but the rows says what exists
        finally:
            topic.repair = None

    def _skip(self, topic: Watched, position: int) -> None:
        """Tell live readers of a hole in the rows. Promise 4: never a silent one."""
        self._flush_topic(topic)
        topic.last = position
        for subscriber in [*topic.live, *topic.ahead]:
            if subscriber.positions[topic.name] < position or subscriber in topic.live:
                subscriber.reset(topic.name, "pruned", position)

    def _gone(self, topic: Watched) -> None:
        for subscriber in [s for s in self.streams if topic.name in s.positions]:
            subscriber.end("gone")
        for waiter in topic.waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def _compare(self) -> None:
        """Compare positions with the rows: each heartbeat; faster while Redis is away; at once when asked to."""
        while True:
            pause = conf.POLL_SECONDS if self.degraded else conf.HEARTBEAT_SECONDS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause * random.uniform(0.8, 1.0)):
                    await self._look.wait()
            self._look.clear()
            try:
                await self.compare_positions()
            except Exception as error:  # noqa: BLE001 - this loop is the net under all others
                logger.warning("positions could not be compared, trying again: %s", error)
                await asyncio.sleep(conf.POLL_SECONDS)
                self._look.set()

    async def compare_positions(self) -> None:
        """Compare the position of every watched topic with the rows, once, and mend what fell behind."""
        watched = list(self.topics.values())
        for start in range(0, len(watched), CHECK_BATCH):
            batch = watched[start : start + CHECK_BATCH]
            before = [topic.last for topic in batch]
            found = await border.cross(rows.standings, [topic.name for topic in batch])
            for topic, last in zip(batch, before, strict=True):
                standing = found[topic.name]
                if standing.seq == 0 < last:
                    self._gone(topic)
                elif standing.seq > topic.seen:
                    self._told(topic, standing.seq)
                if topic.seen > topic.last:
                    self._mend(topic)

    async def _probe(self) -> None:
        """Publish to oneself. The feed takes silence for deafness, and connects again."""
        while True:
            await border.cross(publisher.send, channels.of_probe(self.id), b"{}")
            await asyncio.sleep(PROBE_SECONDS)

    # --- the pulse -----------------------------------------------------------------------------------------------------

    async def _pulse(self) -> None:
        """Give every stream its heartbeat, and end those that are too old or take nothing."""
        while True:
            everybody = list(self.streams)
            for part in range(SLICES):
                beat = sinks.body(events.encode_control("heartbeat"))
                for subscriber in everybody[part::SLICES]:
                    self._beat(subscriber, beat)
                await asyncio.sleep(conf.HEARTBEAT_SECONDS / SLICES)

    def _beat(self, subscriber: Subscriber, beat: sinks.Message) -> None:
        if subscriber.blocked_seconds() > conf.SEND_TIMEOUT_SECONDS:
            logger.info("a reader took nothing for %s s and was closed", conf.SEND_TIMEOUT_SECONDS)
            subscriber.abandon()
        elif subscriber.outlived():
            subscriber.end("limit")
        elif not subscriber.over:
            subscriber.sink.push(beat)

    # --- the end -------------------------------------------------------------------------------------------------------

    def drain_soon(self, seconds: float) -> None:
        """Drain from a signal handler, which may run at any point of any code."""
        self._loop.call_soon_threadsafe(self.drain, seconds)

    def drain(self, seconds: float) -> None:
        """Promise 12: end every stream at a random moment within ``seconds``; they come back elsewhere."""
        self.draining = True
        for subscriber in list(self.streams):
            self._loop.call_later(random.uniform(0, seconds), subscriber.end, "drain")
        for topic in self.topics.values():
            for waiter in topic.waiters:
                if not waiter.done():
                    waiter.set_result(None)

    async def stop(self) -> None:
        """End the hub's own tasks."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


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


def existing() -> Iterable[Hub]:
    """Return the hubs of this process; there is one in a server, and none before its first stream."""
    return list(_hubs.values())


def redis_url() -> str:
    """Return the address behind the cache that carries events."""
    from django.core.cache import caches

    get_redis_connection(conf.CACHE)
    return str(caches[conf.CACHE]._server)  # type: ignore[attr-defined]
