"""How a step has something written: asked of the job's engine, shown while it is written, accepted or refused."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

from pydantic import ValidationError

import sse
from sse import border
from strategies import budgets, excerpt, jobs, sections
from strategies.engines import Material, Show, Usage, Written, choice
from strategies.errors import StepFailed
from strategies.kinds import Outcome
from strategies.models import Job

# Four a second are as fast as one can see them.
PAUSE_SECONDS: Final = 0.25
# How often it is looked whether another job has given back tokens: a section takes tens of seconds.
RESERVE_SECONDS: Final = 1.0


@contextlib.asynccontextmanager
async def shown(job: Job, step_key: str) -> AsyncIterator[Show]:
    """
    Yield what an engine tells its answer so far; the job's readers see the text in it, at most four times a second.

    Nothing waits for it: what could not be sent while a later text came is left out.
    """
    answer, news = "", asyncio.Event()

    def show(beginning: str) -> None:
        nonlocal answer
        answer = beginning
        news.set()

    async def tell() -> None:
        told = ""
        while True:
            await news.wait()
            news.clear()
            text = excerpt.read(answer)
            if text and text != told:
                told = text
                data = {"step_key": step_key, "attempt": job.attempt, "text": text}
                await border.cross(sse.show, job.topic, data)
                await asyncio.sleep(PAUSE_SECONDS)

    telling = asyncio.create_task(tell())
    try:
        yield show
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


async def write(job: Job, step_key: str, part: str, material: Material) -> Written:
    """Have the job's engine write a part of a document, within its owner's budget; raises ``StepFailed``."""
    engine = choice.of(job.engine)
    if budgets.limit(job.engine):
        await _set_aside(job, engine.most_tokens(part, material))
    async with shown(job, step_key) as show:
        return await engine.write(part, material, show=show)


async def _set_aside(job: Job, tokens: int) -> None:
    """Wait until the owner's other jobs leave the tokens; raises ``StepFailed`` once the day's are used up."""
    while True:
        if await border.cross(jobs.reserve, job, tokens):
            return
        await asyncio.sleep(RESERVE_SECONDS)


async def compose(job: Job, step_key: str, section: str, material: Material) -> tuple[dict[str, Any], Written]:
    """Have a section written, and return it as it is stored; raises ``StepFailed``."""
    written = await write(job, step_key, section, material)
    try:
        return sections.compose(section, written.draft, material), written
    except ValidationError as error:
        raise unusable(error, written) from error


def unusable(error: ValidationError, usage: Usage) -> StepFailed:
    """Return what a step fails with where an engine's words do not fit; ``usage`` is what was paid for them."""
    return failed(f"What the engine wrote could not be used: {error.error_count()} parts did not fit.", usage)


def failed(reason: str, usage: Usage) -> StepFailed:
    """Return what a step fails with that got an answer, and can do nothing with it."""
    error = StepFailed("bad_answer", reason, retryable=True)
    error.usage = usage
    return error


def outcome(written: Usage, *, output: Any, summary: str, count: int) -> Outcome:
    """Return a step's outcome, with who wrote it and what that took."""
    return Outcome(output=output, summary=summary, count=count, usage=written)
