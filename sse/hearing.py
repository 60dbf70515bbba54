"""
What a process hears from Redis, and the topics that it is for.

Promise 14: what arrives is parsed as if it were a stranger's. An event that is the next goes to the topic's readers, with
all that came in the same read; a jump is filled from the rows.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from . import channels, conf, events, feed, orders, repair, tally, texts
from .watched import Watched

if TYPE_CHECKING:
    from .hub import Hub

logger = logging.getLogger(__name__)

CONFIRM_SECONDS: Final = 1.0
_EVERYBODY: Final = channels.EVERYBODY.encode()


class Hearing:
    """The ears of a hub."""

    def __init__(self, hub: "Hub", wire: Callable[..., feed.Feed]) -> None:
        self._hub = hub
        self.topics: dict[str, Watched] = {}
        # The same by their channels, as Redis names them.
        self._heard: dict[bytes, Watched] = {}
        self._largest = conf.MAX_EVENT_BYTES
        self._dirty: list[Watched] = []
        # Bound once, not for each topic.
        self._dirtied, self._behind = self._flush_soon, hub.fall_behind
        self._observe_at = 0.0
        self.feed = wire(
            conf.CACHE,
            on_message=self._hear,
            on_subscribed=self._subscribed,
            on_change=self._changed,
            on_read=self._flush,
        )
        self.feed.subscribe(channels.EVERYBODY)
        self.feed.subscribe(channels.of_probe(hub.id))

    def watch(self, name: str) -> Watched:
        """Return a topic, heard from now on until as many as watched it gave it back."""
        topic = self.topics.get(name)
        if topic is None:
            topic = self.topics[name] = Watched(name, dirty=self._dirtied, behind=self._behind)
            self._heard[channels.of_topic(name).encode()] = topic
            self.feed.subscribe(channels.of_topic(name))
        topic.refs += 1
        return topic

    def unwatch(self, topic: Watched) -> None:
        """Give a topic back."""
        topic.refs -= 1
        if topic.refs == 0:
            del self.topics[topic.name]
            del self._heard[channels.of_topic(topic.name).encode()]
            self.feed.unsubscribe(channels.of_topic(topic.name))

    async def confirmed(self, topic: Watched) -> None:
        """
        Wait until what is published on a topic is heard.

        SUBSCRIBE is not active when it was sent. Without this wait what is published between the reading of the rows
        and the subscription would be lost. Where Redis does not answer, the poll finds it.
        """
        if not self.feed.failed:
            await topic.subscription.wait(CONFIRM_SECONDS)

    def _hear(self, channel: bytes, payload: bytes) -> None:
        topic = self._heard.get(channel)
        try:
            if topic is None:
                if channel == _EVERYBODY:
                    orders.obey(self._hub, payload)
                return
            if len(payload) > self._largest:
                raise ValueError("larger than what may be published")
            if payload.startswith(texts.BEGINNING):
                topic.show(texts.read(topic.name, payload))
                return
            frame = events.read(topic.name, payload)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            # Promise 14: whatever arrives, the reader lives on. What it may have meant is found in the rows.
            tally.here.malformed += 1
            logger.warning("a message on %s was dropped: %s", channel.decode("utf-8", "replace"), error)
            return
        if frame.seq > topic.seen:
            topic.note(frame.seq)
        if frame.seq == topic.last + 1 and (topic.live or topic.ahead):
            topic.accept(frame)
        elif frame.seq > topic.last:
            repair.mend(self._hub, topic, "jump")

    def _flush_soon(self, topic: Watched) -> None:
        # What one read from Redis brought is joined for each topic, and sent when that read is over. For what was
        # accepted otherwise, the loop's next turn is the end.
        if not self._dirty and not self.feed.reading:
            self._hub.loop.call_soon(self._flush)
        self._dirty.append(topic)

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, []
        oldest = None
        if dirty and dirty[0].outbox and self._hub.loop.time() >= self._observe_at:
            # Ten times a second the one that has waited longest stands for all: to read its time costs as much as it.
            self._observe_at = self._hub.loop.time() + 0.1
            oldest = dirty[0].outbox[0]
        for topic in dirty:
            try:
                topic.flush()
            except Exception:
                # One topic's fault is not the others'. Its readers come back, and find all in the rows.
                logger.exception("events of %s could not be sent", topic.name)
                topic.end("drain")
        if oldest is not None:
            tally.here.observe_delivery(oldest.json)

    def _subscribed(self, channel: str) -> None:
        if channel == channels.EVERYBODY and self._hub.streams:
            # Nobody heard the orders until now: streams were open, of a new process or through a lost connection.
            self._hub.spawn(self._hub.recheck(list(self._hub.streams)))
        name = channels.topic_of(channel)
        topic = self.topics.get(name) if name else None
        if topic is None:
            return
        topic.subscription.confirm()
        if topic.followed or topic.waiters:
            # Confirmed again: the connection was lost, and with it whatever was published meanwhile.
            self._hub.look.set()

    def _changed(self, up: bool) -> None:
        if up:
            logger.info("connected to Redis")
        else:
            for topic in self.topics.values():
                topic.subscription.lose()
        # Coming back, everything is read again; going away, the faster comparison begins.
        self._hub.look.set()
