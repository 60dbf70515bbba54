"""When a call of this worker may begin."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from strategies.engines.model import turns
from strategies.engines.model.turns import Turns


@pytest.fixture(autouse=True)
def short_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WINDOW_SECONDS", 0.3)


def run(scenario: Callable[[Turns], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(scenario(Turns()))


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
        began = time.monotonic()

        async def call() -> None:
            async with here.take(10**9):
                await asyncio.sleep(0.1)

        await asyncio.gather(*(call() for _ in range(200)))
        return time.monotonic() - began

    assert run(scenario) < 2


def test_a_call_that_would_be_over_the_minutes_tokens_waits_for_the_next(settings: Any) -> None:
    settings.STRATEGIES_TOKENS_PER_MINUTE = 100

    async def scenario(here: Turns) -> list[float]:
        began, at = time.monotonic(), []
        for tokens in (60, 40, 1):
            async with here.take(tokens):
                at.append(time.monotonic() - began)
        return at

    first, second, third = run(scenario)

    assert first < 0.2
    assert second < 0.2
    assert third >= 0.3


def test_what_a_call_really_used_counts_as_soon_as_it_is_known(settings: Any) -> None:
    settings.STRATEGIES_TOKENS_PER_MINUTE = 100

    async def scenario(here: Turns) -> float:
        began = time.monotonic()
        async with here.take(90) as call:
            call.tokens = 5
        async with here.take(90):
            return time.monotonic() - began

    assert run(scenario) < 0.2


def test_a_call_larger_than_a_minute_allows_goes_alone(settings: Any) -> None:
    settings.STRATEGIES_TOKENS_PER_MINUTE = 100

    async def scenario(here: Turns) -> list[float]:
        began, at = time.monotonic(), []
        for _ in range(2):
            async with here.take(1_000):
                at.append(time.monotonic() - began)
        return at

    first, second = run(scenario)

    assert first < 0.2
    assert second >= 0.3


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
        async with asyncio.timeout(1), here.take(1):
            return "free"

    assert run(scenario) == "free"


def test_a_call_that_fails_gives_its_place_back(settings: Any) -> None:
    settings.STRATEGIES_MODEL_CONCURRENCY = 1

    async def scenario(here: Turns) -> str:
        with pytest.raises(LookupError):
            async with here.take(1):
                raise LookupError
        async with asyncio.timeout(1), here.take(1):
            return "free"

    assert run(scenario) == "free"
