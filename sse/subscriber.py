"""A stream's place in the hub: which topics it reads, how far it is, and where its bytes go."""

import asyncio
import random
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from . import clock, conf, cursor, events, expiry, sinks, tally, trace
from .events import Frame
from .places import Place
from .rows import Standing
from .watchers import Watcher

# Milliseconds after which a reader comes back from a stream that ended by itself, chosen at random in between: many
# streams that end together must not come back together.
COME_BACK: Final = {"limit": (200, 1_500), "drain": (500, 3_000)}
_NONE: Final[Mapping[str, Any]] = {}


class Subscriber:
    """
    One open stream.

    While it is *live* on a topic the hub pushes to it and keeps its position; before that, and after it fell behind, it
    reads the rows at its own pace from ``positions``.
    """

    __slots__ = (
        "alone",
        "deadline",
        "id",
        "open",
        "over",
        "place",
        "positions",
        "reason",
        "request",
        "resets",
        "since",
        "sink",
        "standings",
        "start",
        "task",
        "tasks",
        "watcher",
    )

    def __init__(
        self,
        watcher: Watcher,
        place: Place,
        positions: dict[str, int],
        standings: Mapping[str, Standing],
        resets: Mapping[str, str],
    ) -> None:
        self.id = uuid.uuid4().hex
        self.watcher = watcher
        # What it counts for in the limits; given back when it ends, in whichever way.
        self.place = place
        self.since = time.time()
        # The request that opened it, and why it ended.
        self.request = trace.current()
        self.reason = "left"
        self.positions = positions
        # What its positions would sum up to had it been sent nothing: how many events it was sent need not be counted.
        self.start = sum(positions.values())
        self.standings: Mapping[str, Standing] = standings
        self.resets = resets
        # The topics whose final event this reader has yet to get. Tuples here and below, since most hold one or nothing,
        # and an empty set takes 216 bytes.
        self.open = tuple(name for name, at in standings.items() if not at.closed or positions[name] < at.seq)
        self.alone = len(positions) == 1
        self.sink: sinks.Sink
        # The server's task for this stream: what is left to cancel when its reader takes nothing any more.
        self.task: asyncio.Task[object] | None = None
        self.over = False
        self.tasks: tuple[asyncio.Task[None], ...] = ()
        self.deadline = expiry.deadline()

    # --- what it is told -----------------------------------------------------------------------------------------------

    def greet(self) -> None:
        """Send ``hello``, and a ``reset`` for each topic whose cursor can't be honoured."""
        hello = events.encode_control(
            "hello",
            id=self.id,
            heartbeat_seconds=conf.HEARTBEAT_SECONDS,
            topics=[{"topic": n, "seq": s.seq, "closed": s.closed} for n, s in self.standings.items()],
        )
        self.sink.push(sinks.body(hello), forced=True)
        for name, reason in self.resets.items():
            self.reset(name, reason, self.positions[name])
        self.resets = _NONE

    def reset(self, name: str, reason: str, position: int) -> None:
        """Say that a topic goes on after ``position``, whatever the reader had asked for."""
        tally.here.resets[reason] += 1
        self.start += position - self.positions[name]
        self.positions[name] = position
        told = events.encode_control("reset", topic=name, reason=reason, cursor=self.cursor())
        self.sink.push(sinks.body(told), forced=True)

    async def replay(self, name: str, frames: Sequence[Frame]) -> None:
        """Send stored events and wait until the reader has taken them."""
        self.sink.push(sinks.body(self._encode(name, frames)), forced=True)
        await self.sink.drained()
        if frames[-1].final:
            self.finish(name)

    def deliver(self, name: str, frames: Sequence[Frame], shared: sinks.Message) -> bool:
        """Send live events; False where the reader has fallen too far behind to take them."""
        if self.alone:
            if self.sink.push(shared):
                return True
            self.positions[name] = frames[0].seq - 1
            return False
        before = self.positions[name]
        if self.sink.push(sinks.body(self._encode(name, frames))):
            return True
        self.positions[name] = before
        return False

    def _encode(self, name: str, frames: Sequence[Frame]) -> bytes:
        parts = []
        for frame in frames:
            self.positions[name] = frame.seq
            parts.append(events.encode_frame(frame, self.cursor()))
        return b"".join(parts)

    def cursor(self) -> str:
        """Return the position the reader would come back with."""
        return cursor.write(self.positions, alone=self.alone)

    def tell(self, message: sinks.Message) -> None:
        """Send what is told once and not stored."""
        if not self.over:
            self.sink.push(message)

    # --- how it ends ---------------------------------------------------------------------------------------------------

    def finish(self, name: str) -> None:
        """Note that a topic's final event was sent; with the last of them the stream is done."""
        self.open = tuple(one for one in self.open if one != name)
        if not self.open:
            self.end("done")

    def end(self, reason: str) -> None:
        """Say ``bye`` and end the body, once."""
        if self.over:
            return
        retry = random.randint(*COME_BACK[reason]) if reason in COME_BACK else None
        # Before anything is noted: what can't be written ends nothing.
        bye = sinks.body(events.encode_control("bye", reason=reason, retry=retry))
        self.over = True
        self.reason = reason
        tally.here.bye(reason)
        self.sink.push(bye, forced=True)
        self.sink.close()

    def stood(self, name: str) -> int:
        """Return where a topic stood when the stream was asked for, for as long as that matters; else 0."""
        at = self.standings.get(name)
        return at.seq if at else 0

    def settle(self, name: str) -> None:
        """Forget where a topic stood: the stream is live on it."""
        self.standings = {one: at for one, at in self.standings.items() if one != name} or _NONE

    def attend(self, task: asyncio.Task[None]) -> None:
        """Keep a task for as long as it runs: it ends with the stream."""
        self.tasks += (task,)
        task.add_done_callback(self._part)

    def _part(self, task: asyncio.Task[None]) -> None:
        self.tasks = tuple(one for one in self.tasks if one is not task)

    def abandon(self) -> None:
        """Close without a word: the reader takes nothing."""
        self.over = True
        self.reason = "slow"
        self.sink.abandon()
        if self.task is not None:
            self.task.cancel()

    def blocked_seconds(self) -> float:
        """Return for how long the reader has taken nothing."""
        since = self.sink.blocked_since()
        return 0.0 if since is None else clock.now() - since
