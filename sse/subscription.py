"""Whether Redis sends what is published on a channel: not since it was asked to, but since it said so."""

import asyncio
import contextlib


class Subscription:
    """A channel that was subscribed to, on a connection that may be lost and made again."""

    __slots__ = ("_waiting", "confirmed")

    def __init__(self) -> None:
        self.confirmed = False
        # Made for those who wait, since an event takes a kilobyte for as long as it is there.
        self._waiting: asyncio.Event | None = None

    def confirm(self) -> None:
        """Note that Redis confirmed it."""
        self.confirmed = True
        if self._waiting is not None:
            self._waiting.set()
            self._waiting = None

    def lose(self) -> None:
        """Note that the connection was lost, and with it the subscription."""
        self.confirmed = False

    async def wait(self, seconds: float) -> None:
        """Wait until it is confirmed, at most for ``seconds``."""
        if self.confirmed:
            return
        waiting = self._waiting = self._waiting or asyncio.Event()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await waiting.wait()
