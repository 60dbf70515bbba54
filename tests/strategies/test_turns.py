"""When a call of this worker may begin."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from strategies.engines.model.turns import Turns


class Leaps(selectors.DefaultSelector):
    """Waits for no timer: its clock leaps to when the next is due, and else stands still."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        """Let as much time go by as would be waited for."""
        self.now += timeout or 0
        return super().select(0 if timeout else timeout)


def leaping() -> asyncio.AbstractEventLoop:
    leaps = Leaps()
    loop = asyncio.SelectorEventLoop(leaps)
    loop.time = lambda: leaps.now  # type: ignore[method-assign]
    return loop


def now() -> float:
    return asyncio.get_running_loop().time()


def run(scenario: Callable[[Turns], Coroutine[Any, Any, Any]]) -> Any:
    async def whole() -> Any:
        return await scenario(Turns())

    return asyncio.run(whole(), loop_factory=leaping)


def test_as_many_calls_run_side_by_side_as_may_and_in_order(settings: Any) -> None:
    settings.STRATEGIES_MODEL_CONCURRENCY = 2
    running, most, order = 0, 0, []

    async def scenario(here: Turns) -> None:
        async def call(number: int) -> None:
            nonlocal running, most
            async with here.take(10):
                order.append(number)
                running += 1
                most = max(most, running)
                await asyncio.sleep(0.02)
                running -= 1

        await asyncio.gather(*(call(number) for number in range(7)))

    run(scenario)

    assert most == 2
    assert order == list(range(7))


def test_without_a_limit_nobody_waits() -> None:
    async def scenario(here: Turns) -> float:
        async def call() -> None:
            async with here.take(10**9):
                await asyncio.sleep(0.1)

        await asyncio.gather(*(call() for _ in range(200)))
        return now()

    assert run(scenario) == pytest.approx(0.1)


def test_a_call_that_would_be_over_the_minutes_tokens_waits_for_the_next(settings: Any) -> None:
    settings.STRATEGIES_TOKENS_PER_MINUTE = 100

    async def scenario(here: Turns) -> list[float]:
        at = []
        for tokens in (60, 40, 1):
            async with here.take(tokens):
                at.append(now())
        return at

    assert run(scenario) == pytest.approx([0, 0, 60])


def test_what_a_call_really_used_counts_as_soon_as_it_is_known(settings: Any) -> None:
    settings.STRATEGIES_TOKENS_PER_MINUTE = 100

    async def scenario(here: Turns) -> float:
        async with here.take(90) as call:
            call.tokens = 5
        async with here.take(90):
            return now()

    assert run(scenario) == 0


def test_a_call_larger_than_a_minute_allows_goes_alone(settings: Any) -> None:
    settings.STRATEGIES_TOKENS_PER_MINUTE = 100

    async def scenario(here: Turns) -> list[float]:
        at = []
        for _ in range(2):
            async with here.take(1_000):
                at.append(now())
        return at

    assert run(scenario) == pytest.approx([0, 60])


def test_who_gives_up_while_waiting_keeps_nobody_from_a_place(settings: Any) -> None:
    settings.STRATEGIES_MODEL_CONCURRENCY = 1

    async def scenario(here: Turns) -> str:
        async def wait() -> None:
            async with here.take(1):
                raise AssertionError("it was let through")

        async with here.take(1):
            waiting = [asyncio.create_task(wait()) for _ in range(3)]
            await asyncio.sleep(0.02)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        async with asyncio.timeout(60), here.take(1):
            return "free"

    assert run(scenario) == "free"


def test_a_call_that_fails_gives_its_place_back(settings: Any) -> None:
    settings.STRATEGIES_MODEL_CONCURRENCY = 1

    async def scenario(here: Turns) -> str:
        with pytest.raises(LookupError):
            async with here.take(1):
                raise LookupError
        async with asyncio.timeout(60), here.take(1):
            return "free"

    assert run(scenario) == "free"
