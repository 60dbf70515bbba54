"""
Kinds of jobs for tests. What they do is asked for in the job's ``params``.

``log``: a file to which each step adds a line when it does its work; ``gates``: steps that wait until a file is there;
``fail``: steps that fail, with the code to fail with.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from strategies.errors import JobFailed, StepFailed
from strategies.kinds import Kind, Outcome, StepSpec
from strategies.models import Job
from strategies.run import Run

STEPS = ("one", "two", "three", "four", "five")


def _note(path: Path, line: str) -> None:
    with path.open("a") as log:
        log.write(line)


def _work(key: str) -> Callable[[Run], Awaitable[Outcome]]:
    async def work(run: Run) -> Outcome:
        params = run.job.params
        await asyncio.sleep(params.get("seconds", 0))
        while key in params.get("gates", {}) and not Path(params["gates"][key]).exists():  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.02)
        if "log" in params:
            _note(Path(params["log"]), f"{run.job.pk} {key} {run.job.attempt}\n")
        code = params.get("fail", {}).get(key)
        if code == "bug":
            raise ZeroDivisionError
        if code == "end":
            raise JobFailed(code, "Nothing more can be done.", retryable=True)
        if code:
            raise StepFailed(code, f"Step {key} can't be done.", retryable=True)
        if params.get("kill") == key:
            os.kill(os.getpid(), signal.SIGKILL)
        return Outcome(output={"made": key, "seen": list(run.results)}, summary=f"Made {key}.", count=1)

    return work


def _finish(job: Job, results: Mapping[str, Any]) -> str:
    return f"/toys/{job.pk}/"


TOY = Kind(
    key="toy",
    title="Toy",
    finish=_finish,
    steps=(
        StepSpec(key="one", title="First", work=_work("one")),
        *(StepSpec(key=key, title=key.title(), work=_work(key), optional=True) for key in ("two", "three", "four")),
        StepSpec(key="five", title="Last", work=_work("five"), joins=True),
    ),
)
KINDS = (TOY,)
