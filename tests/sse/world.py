"""
A small world for the promises' state machine: one process's hub, its readers, and a Redis whose wire a test holds.

All of it is the real code (application, view, hub, feed, sinks, rows) but two ends: what the connection to Redis does,
and what a reader's socket takes. PUBLISH goes to a real Redis and is read back from there. The loop runs only when it is
told to, one turn at a time, and the one thread that queries is waited for after each: a run is the same every time.
"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import connections
from django_redis import get_redis_connection

from sse import asgi, border, channels, conf, feed, hub, pulse

MARK = f"{channels.PREFIX}mark"


class Wire(feed.Feed):
    """The feed, on a connection that a test makes, cuts, slows down and tampers with."""

    def __init__(self, **callbacks: Any) -> None:
        super().__init__("redis://nowhere", **callbacks)
        # What was written and Redis has yet to read; what Redis has sent and the process has yet to read.
        self.commands: deque[tuple[str, str]] = deque()
        self.inbox: list[list[Any]] = []
        self.subscribed: set[str] = set()

    async def run(self) -> None:
        """Nothing runs by itself."""

    def connect(self) -> None:
        """A connection is made."""
        self.begin(lambda command, names: self.commands.extend((command, name) for name in names))

    def cut(self) -> None:
        """It is lost, with all that was on its way."""
        self.commands.clear()
        self.inbox.clear()
        self.subscribed.clear()
        self.end()

    def serve(self) -> None:
        """Redis does what it was asked for, in order."""
        while self.commands:
            command, name = self.commands.popleft()
            if command == "SUBSCRIBE":
                self.subscribed.add(name)
                self.inbox.append([b"subscribe", name.encode(), 1])
            else:
                self.subscribed.discard(name)

    def send(self, channel: str, payload: bytes) -> None:
        """Redis sends what was published, to whoever has subscribed by now."""
        if channel in self.subscribed:
            self.inbox.append([b"message", channel.encode(), payload])

    def deliver(self) -> None:
        """The process reads the oldest of what is on its way."""
        self.take(self.inbox.pop(0))


@dataclass(eq=False)
class Stream:
    """One request for a stream: what was answered, and whether its reader takes what is sent."""

    status: int | None = None
    body: bytes = b""
    over: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> dict[str, Any]:
        """Wait until the reader leaves, as a server does."""
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take what the server sends, as soon as the reader does."""
        if not self.gate.is_set():
            await self.gate.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.body += message["body"]
        if not message.get("more_body", False):
            self.over = True
            self.left.set()


class World:
    """A process, stepped by hand."""

    def __init__(self, cookie: str) -> None:
        self.cookie = cookie
        self.loop = asyncio.new_event_loop()
        self.tasks: list[asyncio.Task[None]] = []
        self.application = asgi.Application()
        client = get_redis_connection(conf.CACHE)
        self.redis = client
        self.published = client.pubsub()
        self.published.psubscribe(f"{channels.PREFIX}*")
        self.hub = self.loop.run_until_complete(self._hub())
        self.wire: Wire = self.hub.feed  # type: ignore[assignment]

    async def _hub(self) -> hub.Hub:
        here = hub.Hub(wire=lambda alias, **callbacks: Wire(**callbacks), timers=[pulse.compare])
        hub.install(here)
        return here

    # --- time -----------------------------------------------------------------------------------------------------

    def turn(self) -> None:
        """Let the loop take one turn, and wait for whoever queries."""
        self.loop.call_soon(self.loop.stop)
        self.loop.run_forever()
        border._pool().submit(int).result()

    def rest(self) -> None:
        """Turn until nobody has anything left to do."""
        self.turn()
        for _ in range(5_000):
            if not self.loop._ready:  # type: ignore[attr-defined]
                return
            self.turn()
        raise AssertionError("the loop never came to rest")

    def settle(self) -> None:
        """Let everything arrive that is on its way, and be done with."""
        self.rest()
        while self.wire.commands or self.wire.inbox:
            self.wire.serve()
            while self.wire.inbox:
                self.loop.call_soon(self.wire.deliver)
                self.rest()
        self.rest()

    # --- what happens ---------------------------------------------------------------------------------------------

    def carry(self) -> list[str]:
        """Let the wire have what was published since, as Redis has it; return the channels."""
        self.redis.publish(MARK, b"")
        seen: list[str] = []
        while True:
            message = self.published.get_message(timeout=60)
            assert message is not None, "Redis lost the mark"
            if message["type"] != "pmessage":
                continue
            channel = message["channel"].decode()
            if channel == MARK:
                return seen
            seen.append(channel)
            self.wire.send(channel, message["data"])

    def request(self, names: list[str], cursor: str | None) -> Stream:
        """Begin a request for a stream."""
        stream = Stream()
        stream.gate.set()
        headers = [(b"host", b"testserver"), (b"cookie", f"sessionid={self.cookie}".encode())]
        if cursor is not None:
            headers.append((b"last-event-id", cursor.encode()))
        query = urlencode([("topic", name) for name in names])
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/sse/stream",
            "raw_path": b"/sse/stream",
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        self._begin(self.application(scope, stream.receive, stream.send))
        return stream

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(self.loop.create_task(work))

    def faults(self) -> list[object]:
        """What streams raised, and those that are still there."""
        return [task.exception() if task.done() else task for task in self.tasks if not task.done() or task.exception()]

    def close(self) -> None:
        """End what is left."""
        left = [task for task in self.tasks if not task.done()]
        for task in left:
            task.cancel()
        self.loop.run_until_complete(self._end(left))
        self.published.close()
        self.loop.close()

    async def _end(self, left: list[asyncio.Task[None]]) -> None:
        await asyncio.gather(self.hub.stop(), *left, return_exceptions=True)


def parse(body: bytes) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Return the events (name, id, data) of which ``body`` has the whole."""
    found = []
    for block in body.decode().split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((fields.get("event", "message"), fields.get("id"), json.loads(fields["data"])))
    return found


def forget_threads() -> None:
    """End the border's threads, so that the next are as many as the settings say now."""
    pool = border._pool()
    together = threading.Barrier(pool._max_workers)

    def close() -> None:
        together.wait(60)  # so that each thread gets one of these
        connections.close_all()

    for done in [pool.submit(close) for _ in range(pool._max_workers)]:
        done.result()
    pool.shutdown()
    border._pool.cache_clear()
