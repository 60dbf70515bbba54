"""The one connection on which a process hears what is published. It supervises itself and never ends by itself."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from typing import Any, Final

import hiredis
import redis.asyncio
from django.core.cache import caches
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from . import tally
from .wire import Wire

logger = logging.getLogger(__name__)

# A process hears its own probe every ``pulse.PROBE_SECONDS``. Nothing at all for so long means that the connection is
# deaf: up, but nothing arrives (a black hole, a stopped server, a failover that left us behind).
SILENCE_SECONDS: Final = 4.0
CONNECT_SECONDS: Final = 1.0
MAX_BACKOFF_SECONDS: Final = 2.0
BATCH: Final = 500


class Feed:
    """
    Subscriptions of one process, over one Redis connection.

    redis-py's PubSub reconnects in silence and gives up after a few seconds. Messages lost in between leave no other
    trace than a second confirmation, so this reads the connection itself: each confirmation reaches ``on_subscribed``,
    and a channel's counts only when no older subscription of it is still on its way.
    """

    def __init__(
        self,
        url: str,
        *,
        on_message: Callable[[bytes, bytes], None],
        on_subscribed: Callable[[str], None],
        on_change: Callable[[bool], None],
        on_read: Callable[[], None] = lambda: None,
        options: dict[str, Any] | None = None,
    ) -> None:
        # No retries inside redis-py: its loop would hide a reconnection from ours.
        self._pool = redis.asyncio.ConnectionPool.from_url(
            url,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=CONNECT_SECONDS,
            **(options or {}),
        )
        self._on_message, self._on_subscribed, self._on_change = on_message, on_subscribed, on_change
        # Called when all that one read brought was handed over; until then it is ``reading``.
        self.on_read, self.reading = on_read, False
        # Channel -> subscriptions sent and not yet confirmed.
        self._unconfirmed: dict[str, int] = {}
        self._send: Callable[[str, list[str]], None] | None = None
        # Whether the last try to connect went wrong; False before the first.
        self.failed = False
        self.reconnects = 0
        # For how long it was without a connection up to the last change, and when that was.
        self._away, self._since = 0.0, time.monotonic()
        # How often a connection was given up because nothing was heard on it.
        self.silences = 0

    @property
    def up(self) -> bool:
        """Whether there is a connection."""
        return self._send is not None

    @property
    def away_seconds(self) -> float:
        """For how long there has been no connection, in all."""
        return self._away if self.up else self._away + time.monotonic() - self._since

    def subscribe(self, channel: str) -> None:
        """Ask for a channel; ``on_subscribed`` tells when Redis has confirmed it."""
        self._unconfirmed[channel] = self._unconfirmed.get(channel, 0) + 1
        if self._send:
            self._send("SUBSCRIBE", [channel])

    def unsubscribe(self, channel: str) -> None:
        """Give a channel back. Redis works in order, so this cannot undo a later ``subscribe``."""
        self._unconfirmed.pop(channel, None)
        if self._send:
            self._send("UNSUBSCRIBE", [channel])

    async def run(self) -> None:
        """Read until cancelled; connect again, without limit, after whatever went wrong."""
        delay = 0.05
        while True:
            try:
                await self._session()
            except Exception as error:  # noqa: BLE001 - the one loop that must not die
                expected = isinstance(error, redis.RedisError | OSError | hiredis.HiredisError)
                log = logger.warning if expected else logger.exception
                log("Redis is away, streams follow the rows: %s", error)
            if self.up:
                delay = 0.05
            self.end()
            await asyncio.sleep(delay * random.uniform(0.5, 1.5))
            delay = min(delay * 2, MAX_BACKOFF_SECONDS)

    async def _session(self) -> None:
        connection: Any = self._pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()
            wire, transport = Wire(self), connection._writer.transport
            transport.set_protocol(wire)

            def send(command: str, channels: list[str]) -> None:
                transport.write(hiredis.pack_command((command, *channels)))  # type: ignore[arg-type]  # a stub's slip

            self.begin(send)
            try:
                await self._listen(wire)
            finally:
                transport.abort()
        finally:
            await connection.disconnect(nowait=True)

    def begin(self, send: Callable[[str, list[str]], None]) -> None:
        """Ask for every channel anew on a connection that was made; ``send`` (command, channels) writes to it."""
        channels = list(self._unconfirmed)
        self._unconfirmed = dict.fromkeys(channels, 1)
        for start in range(0, len(channels), BATCH):
            send("SUBSCRIBE", channels[start : start + BATCH])
        self.reconnects += 1
        tally.here.redis_connects += 1
        self.failed = False
        self._turn(send)

    def end(self) -> None:
        """Note that there is no connection, and that the last try went wrong."""
        self.failed = True
        self._turn(None)

    async def _listen(self, wire: Wire) -> None:
        """Wait until the connection breaks or falls silent, and raise what ended it."""
        loop = asyncio.get_running_loop()
        while loop.time() - wire.heard < SILENCE_SECONDS:
            await asyncio.wait({wire.closed}, timeout=wire.heard + SILENCE_SECONDS - loop.time() + 0.01)
            if wire.closed.done():
                wire.closed.result()
        self.silences += 1
        tally.here.redis_silences += 1
        raise redis.TimeoutError(f"nothing was heard for {SILENCE_SECONDS:.0f} s")

    def take(self, reply: Any) -> None:
        """Take one of Redis' replies, as hiredis reads them."""
        if type(reply) is hiredis.ReplyError:
            raise reply
        kind, channel, payload = reply
        if kind == b"message":
            self._on_message(channel, payload)
        elif kind == b"subscribe":
            self._confirm(channel.decode("utf-8", "replace"))

    def _confirm(self, channel: str) -> None:
        waiting = self._unconfirmed.get(channel)
        if waiting is None:
            return
        self._unconfirmed[channel] = max(0, waiting - 1)
        if waiting <= 1:
            self._on_subscribed(channel)

    def _turn(self, send: Callable[[str, list[str]], None] | None) -> None:
        changed = (send is None) != (self._send is None)
        if changed:
            self._away, self._since = self.away_seconds, time.monotonic()
        self._send = send
        if changed:
            self._on_change(send is not None)


def of_cache(alias: str, **callbacks: Callable[..., None]) -> Feed:
    """Return a feed from the server behind a cache (django-redis), signed in as the cache is."""
    cache: Any = caches[alias]
    options = cache._params.get("OPTIONS", {})
    kept = {name: value for name, value in options.get("CONNECTION_POOL_KWARGS", {}).items() if name.startswith("ssl")}
    for name in ("username", "password"):
        if options.get(name.upper()):
            kept[name] = options[name.upper()]
    return Feed(str(cache._server), options=kept, **callbacks)
