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
    begun, free = asyncio.Queue[int](), asyncio.Event()

    async def claim(*args: Any, **options: Any) -> list[Any]:
        return [left.pop(0)]

    class Work:
        def __init__(self, job: Any) -> None:
            self.job = job

        async def work(self) -> None:
            begun.put_nowait(self.job.attempt)
            try:
                await free.wait()
            except asyncio.CancelledError:
                ended.append(self.job.attempt)
                raise

    monkeypatch.setattr("sse.border.cross", claim)
    monkeypatch.setattr(module, "Run", Work)

    async def scenario() -> tuple[Any, set[Any]]:
        worker = Worker(concurrency=5)
        for number in (1, 2):
            await worker._claim()
            assert await begun.get() == number
        held, task = worker._running[1]  # type: ignore[index]
        free.set()
        await task
        return held, worker.held()

    held, left_over = asyncio.run(scenario())

    assert held is attempts[1]
    assert ended == [1]
    assert left_over == set()
