"""The text of a section, shown to whoever watches its job while it is written."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

import sse
from sse import border
from strategies import excerpt
from strategies.engines import Show
from strategies.models import Job

# Four a second are as fast as one can see them.
PAUSE_SECONDS: Final = 0.25


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
