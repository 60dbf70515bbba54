"""The one connection on which a process hears what is published. It supervises itself and never ends by itself."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from typing import Any, Final

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

logger = logging.getLogger(__name__)

# A process hears its own probe every ``hub.PROBE_SECONDS``. Nothing at all for so long means that the connection is
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
        on_message: Callable[[str, bytes], None],
        on_subscribed: Callable[[str], None],
        on_change: Callable[[bool], None],
    ) -> None:
        # No retries inside redis-py: its loop would hide a reconnection from ours.
        self._pool = redis.asyncio.ConnectionPool.from_url(
            url, protocol=2, retry=Retry(NoBackoff(), 0), socket_connect_timeout=CONNECT_SECONDS, socket_timeout=None
        )
        self._on_message, self._on_subscribed, self._on_change = on_message, on_subscribed, on_change
        # Channel -> subscriptions sent and not yet confirmed.
        self._unconfirmed: dict[str, int] = {}
        self._commands: asyncio.Queue[tuple[str, list[str]]] = asyncio.Queue()
        self.up = False
        # Whether the last try to connect went wrong; False before the first.
        self.failed = False
        self.reconnects = 0

    def subscribe(self, channel: str) -> None:
        """Ask for a channel; ``on_subscribed`` tells when Redis has confirmed it."""
        self._unconfirmed[channel] = self._unconfirmed.get(channel, 0) + 1
        if self.up:
            self._commands.put_nowait(("SUBSCRIBE", [channel]))

    def unsubscribe(self, channel: str) -> None:
        """Give a channel back. Redis works in order, so this cannot undo a later ``subscribe``."""
        self._unconfirmed.pop(channel, None)
        if self.up:
            self._commands.put_nowait(("UNSUBSCRIBE", [channel]))

    async def run(self) -> None:
        """Read until cancelled; connect again, without limit, after whatever went wrong."""
        delay = 0.05
        while True:
            try:
                await self._session()
            except Exception as error:  # noqa: BLE001 - the one loop that must not die
                log = logger.warning if isinstance(error, redis.RedisError | OSError) else logger.exception
                log("Redis is away, streams follow the rows: %s", error)
            if self.up:
                delay = 0.05
            self.failed = True
            self._turn(up=False)
            await asyncio.sleep(delay * random.uniform(0.5, 1.5))
            delay = min(delay * 2, MAX_BACKOFF_SECONDS)

    async def _session(self) -> None:
        connection: Any = self._pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()
            self._commands = asyncio.Queue()
            channels = list(self._unconfirmed)
            self._unconfirmed = dict.fromkeys(channels, 1)
            for start in range(0, len(channels), BATCH):
                self._commands.put_nowait(("SUBSCRIBE", channels[start : start + BATCH]))
            self.reconnects += 1
            self.failed = False
            self._turn(up=True)
            writer = asyncio.create_task(self._write(connection))
            try:
                while True:
                    reply = await connection.read_response(disable_decoding=True, timeout=SILENCE_SECONDS)
                    if reply is None:  # how redis-py tells of a time-out
                        raise redis.TimeoutError(f"nothing was heard for {SILENCE_SECONDS:.0f} s")
                    self._take(reply)
            finally:
                writer.cancel()
                with contextlib.suppress(asyncio.CancelledError, redis.RedisError, OSError):
                    await writer
        finally:
            await connection.disconnect(nowait=True)

    async def _write(self, connection: Any) -> None:
        while True:
            command, channels = await self._commands.get()
            await connection.send_command(command, *channels)

    def _take(self, reply: Any) -> None:
        kind, channel, payload = reply[0], reply[1], reply[2]
        if kind == b"message":
            self._on_message(channel.decode("utf-8", "replace"), payload)
        elif kind == b"subscribe":
            self._confirm(channel.decode())

    def _confirm(self, channel: str) -> None:
        waiting = self._unconfirmed.get(channel)
        if waiting is None:
            return
        self._unconfirmed[channel] = max(0, waiting - 1)
        if waiting <= 1:
            self._on_subscribed(channel)

    def _turn(self, *, up: bool) -> None:
        if up != self.up:
            self.up = up
            self._on_change(up)
