"""Registers what only benchmarks have."""

import asyncio
from typing import Any

from django.apps import AppConfig


class BenchmarksConfig(AppConfig):
    """A kind of job that waits, as for a model's answer, and does nothing else."""

    name = "benchmarks.servers"
    label = "benchmarks"

    def ready(self) -> None:
        from strategies import kinds
        from strategies.kinds import Kind, Outcome, StepSpec

        async def wait(run: Any) -> Outcome:
            await asyncio.sleep(run.job.params.get("seconds", 0))
            return Outcome(output={}, summary="Waited.")

        step = StepSpec(key="wait", title="Waiting", work=wait)
        kinds.register(Kind(key="waits", title="Waits", steps=(step,), finish=lambda job, results: "/"))
