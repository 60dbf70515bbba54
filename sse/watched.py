"""A topic that somebody in this process watches: who is live on it, and up to where they were served."""

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from . import events, sinks, tally
from .events import Frame
from .subscriber import Subscriber
from .subscription import Subscription

NOBODY: Final[frozenset[Any]] = frozenset()


class Watched:
    """
    A topic's state in one process. All of it changes synchronously: nothing can happen between a look and a step.

    ``dirty`` is called when events were accepted that wait to be flushed, ``behind`` with a subscriber that could not
    take them and has to go on from the rows.
    """

    __slots__ = (
        "_behind",
        "_dirty",
        "ahead",
        "last",
        "live",
        "name",
        "outbox",
        "refs",
        "repair",
        "seen",
        "subscription",
        "text",
        "waiters",
    )

    def __init__(
        self, name: str, *, dirty: Callable[["Watched"], None], behind: Callable[["Watched", Subscriber], None]
    ) -> None:
        self.name = name
        self._dirty, self._behind = dirty, behind
        self.refs = 0
        self.subscription = Subscription()
        # The number up to which everybody in ``live`` was served, or will be by what stands in ``outbox``.
        self.last = 0
        # The highest number heard of.
        self.seen = 0
        self.live: set[Subscriber] = set()
        # Live subscribers whose replay was faster than the channel: they skip what they have. As with those who wait for
        # news there is hardly ever one, and an empty set takes 216 bytes; so all topics share one until then.
        self.ahead: frozenset[Subscriber] = NOBODY
        self.outbox: list[Frame] = []
        # What is being written, as it goes to streams; empty where there is nothing to show.
        self.text = b""
        # Each with the number past which something is news to it.
        self.waiters: frozenset[tuple[asyncio.Future[None], int]] = NOBODY
        self.repair: asyncio.Task[None] | None = None

    @property
    def followed(self) -> bool:
        """Whether anybody is live, so that events have to arrive in order and without a gap."""
        return bool(self.live or self.ahead)

    def everybody(self) -> Iterator[Subscriber]:
        """Yield who is live; a copy, since serving them changes the sets."""
        return iter([*self.live, *self.ahead])

    def note(self, seq: int) -> None:
        """Note a number that was heard of, and wake whom it is news to."""
        self.seen = max(self.seen, seq)
        if self.waiters:
            self.wake(seq)

    def wake(self, seq: float = math.inf) -> None:
        """Wake who waits for an event of number ``seq``; without one everybody, since there is nothing to wait for."""
        for waiter, past in self.waiters:
            if past < seq and not waiter.done():
                waiter.set_result(None)

    def accept(self, frame: Frame) -> None:
        """Take the next event; it goes out with the next flush."""
        if not self.outbox:
            self._dirty(self)
        self.outbox.append(frame)
        # What it belonged to may be over by this event.
        self.text = b""
        tally.here.heard[frame.type] += 1
        self.last = frame.seq

    def show(self, text: bytes) -> None:
        """Take a text; the last one goes out with the next flush, after the events that came before it."""
        if not self.live:
            return
        if not self.text:
            self._dirty(self)
        self.text = text

    def join(self, subscriber: Subscriber) -> None:
        """Let a subscriber go live that has read the rows up to, or past, what was heard of."""
        self.flush()
        position = subscriber.positions[self.name]
        if not self.followed:
            self.last = self.seen = max(self.seen, position)
        if position > self.last:
            self.ahead |= {subscriber}
        else:
            self.live.add(subscriber)

    def position(self, subscriber: Subscriber) -> int:
        """Return the number up to which a subscriber was served. Who is live alone is not told one by one."""
        return self.last if subscriber in self.live else subscriber.positions[self.name]

    def discard(self, subscriber: Subscriber) -> None:
        """Forget a subscriber."""
        self.live.discard(subscriber)
        self._overtake(subscriber)

    def flush(self) -> None:
        """Send what was accepted to everybody, as one message that all of them share."""
        frames = self.outbox
        if not frames:
            if self.text:
                self._flush_text()
            return
        self.outbox = []
        shared = _message(frames)
        tally.here.deliveries += len(frames) * len(self.live)
        behind = [
            reader
            for reader in self.live
            # The first half is all there is for most readers; a call less for each of their events.
            if not (reader.alone and reader.sink.push(shared)) and not reader.deliver(self.name, frames, shared)
        ]
        if self.ahead:
            for subscriber in self.ahead:
                self._serve_ahead(subscriber, frames)
        for subscriber in behind:
            self.live.discard(subscriber)
            self._behind(self, subscriber)
        if frames[-1].final:
            for subscriber in self.everybody():
                subscriber.finish(self.name)
        if self.text:
            self._flush_text()

    def _flush_text(self) -> None:
        shown, self.text = sinks.body(self.text), b""
        for reader in self.live:
            # Whoever has yet to take what came before gets none: by the time it could, there will be a later one.
            if reader.sink.blocked_since() is None:
                reader.tell(shown)

    def _serve_ahead(self, subscriber: Subscriber, frames: Sequence[Frame]) -> None:
        fresh = [frame for frame in frames if frame.seq > subscriber.positions[self.name]]
        if fresh and not subscriber.deliver(self.name, fresh, _message(fresh)):
            self._overtake(subscriber)
            self._behind(self, subscriber)
        elif self.last >= subscriber.positions[self.name]:
            self._overtake(subscriber)
            self.live.add(subscriber)

    def _overtake(self, subscriber: Subscriber) -> None:
        self.ahead = self.ahead - {subscriber} or NOBODY

    def skip(self, position: int, *, final: bool = False) -> None:
        """Tell live readers of a hole in the rows, and that nothing follows it where the last event lies in it."""
        self.flush()
        self.last, self.seen = position, max(self.seen, position)
        for subscriber in self.everybody():
            if subscriber in self.live or subscriber.positions[self.name] < position:
                subscriber.reset(self.name, "pruned", position)
            if final:
                subscriber.finish(self.name)

    def end(self, reason: str) -> None:
        """End what is live on this topic, and what waits for it."""
        for subscriber in self.everybody():
            subscriber.end(reason)
        self.wake()


def _message(frames: Sequence[Frame]) -> sinks.Message:
    if len(frames) == 1:
        return sinks.body(events.encode_alone(frames[0]))
    return sinks.body(b"".join(map(events.encode_alone, frames)))
