"""When a call of this worker may begin: so many at once, so many tokens in a minute."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings

WINDOW_SECONDS: Final = 60.0


@dataclass
class Call:
    """A call that was let through, and what it used: guessed until it is known."""

    began: float
    tokens: int


class Turns:
    """
    The calls of one event loop.

    Who waits is let through in order. A call that is larger than all there is for a minute goes when nothing else has
    used any of it.
    """

    def __init__(self) -> None:
        self._under_way = 0
        self._calls: deque[Call] = deque()
        self._free = asyncio.Event()
        self._door = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def take(self, tokens: int) -> AsyncIterator[Call]:
        """Wait for a turn, and hold it for the block; ``tokens`` are what the call will probably use."""
        async with self._door:
            await self._wait_for_place()
            await self._wait_for_tokens(tokens)
            call = Call(asyncio.get_running_loop().time(), tokens)
            self._calls.append(call)
            self._under_way += 1
        try:
            yield call
        finally:
            self._under_way -= 1
            self._free.set()

    async def _wait_for_place(self) -> None:
        while 0 < settings.STRATEGIES_MODEL_CONCURRENCY <= self._under_way:
            self._free.clear()
            await self._free.wait()

    async def _wait_for_tokens(self, tokens: int) -> None:
        while True:
            pause = self._pause(tokens)
            if pause <= 0:
                return
            await asyncio.sleep(pause)

    def _pause(self, tokens: int) -> float:
        """Return the seconds until there may be enough; 0 where there is."""
        limit, now = settings.STRATEGIES_TOKENS_PER_MINUTE, asyncio.get_running_loop().time()
        while self._calls and self._calls[0].began <= now - WINDOW_SECONDS:
            self._calls.popleft()
        if not limit or not self._calls or sum(call.tokens for call in self._calls) + tokens <= limit:
            return 0
        return self._calls[0].began + WINDOW_SECONDS - now


_turns: dict[asyncio.AbstractEventLoop, Turns] = {}


def here() -> Turns:
    """Return the running loop's; a worker has one."""
    for ended in [loop for loop in _turns if loop.is_closed()]:
        del _turns[ended]
    return _turns.setdefault(asyncio.get_running_loop(), Turns())
