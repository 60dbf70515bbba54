"""The time that a stream in a test goes by."""

import asyncio

from sse import clock


class Clock:
    """
    A clock that a test sets forward: heartbeats, re-checks and the ends of streams come without waiting for them.

    Given to ``watch`` it rules that stream's event loop; ``advance`` is called in ``meanwhile``.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def rule(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the loop's timers go by this clock."""
        self._loop = loop
        loop.time = clock.now  # type: ignore[method-assign]

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` go by: half a second at a time, so that what falls due in them happens in its order."""
        if self._loop is None:
            raise RuntimeError("A clock is set forward while watch() goes on: watch(…, clock=clock, meanwhile=…).")
        while seconds > 0:
            clock.set_forward(min(seconds, 0.5))
            seconds -= 0.5
            asyncio.run_coroutine_threadsafe(_turn(), self._loop).result()


async def _turn() -> None:
    """Let the loop do what is due, and what follows from it."""
    for _ in range(10):
        await asyncio.sleep(0)
