"""The worker's own book-keeping, in one loop."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from strategies import worker as module
from strategies.worker import Worker


def test_a_job_taken_anew_by_the_same_worker_ends_its_older_attempt_and_keeps_the_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts = [SimpleNamespace(pk=1, attempt=number, idle_attempts=1, request="") for number in (1, 2)]
    left = list(attempts)
    ended: list[int] = []

    async def claim(*args: Any, **options: Any) -> list[Any]:
        return [left.pop(0)]

    class Work:
        def __init__(self, job: Any) -> None:
            self.job = job

        async def work(self) -> None:
            try:
                await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                ended.append(self.job.attempt)
                raise

    monkeypatch.setattr("sse.border.cross", claim)
    monkeypatch.setattr(module, "Run", Work)

    async def scenario() -> tuple[Any, set[Any]]:
        worker = Worker(concurrency=5)
        await worker._claim()
        await asyncio.sleep(0.01)
        await worker._claim()
        await asyncio.sleep(0.01)
        held = worker._running[1][0]  # type: ignore[index]
        await asyncio.sleep(0.1)
        return held, worker.held()

    held, left_over = asyncio.run(scenario())

    assert held is attempts[1]
    assert ended == [1]
    assert left_over == set()
