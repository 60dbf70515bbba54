"""The worker: claims jobs, runs many side by side, beats, and gives back what it can't finish."""

import asyncio
import contextlib
import logging
import random
import signal
import socket
import uuid
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseError

from sse import border, conf, feed, retention, sender, trace
from strategies import hints, jobs
from strategies.engines import choice
from strategies.errors import LeaseLost
from strategies.heart import Heart
from strategies.models import Job
from strategies.run import Run

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 2.0
# After SIGTERM steps that are nearly done may end; then jobs are given back, and nothing finished is lost.
GRACE_SECONDS: Final = 3.0


class Worker:
    """One worker process."""

    def __init__(self, *, concurrency: int | None = None) -> None:
        self.name = f"{socket.gethostname()}:{uuid.uuid4().hex[:8]}"
        self.concurrency = concurrency or settings.STRATEGIES_WORKER_CONCURRENCY
        self._running: dict[uuid.UUID, tuple[Job, asyncio.Task[None]]] = {}
        self._stopping = asyncio.Event()
        self._wake = asyncio.Event()
        # Hints that were none.
        self.malformed = 0
        self._looks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._feed = feed.of_cache(
            conf.CACHE, on_message=self._hear, on_subscribed=lambda _: self._wake.set(), on_change=self._redis_changed
        )
        self._probe_channel = f"{hints.CHANNEL}:{self.name}"
        self._feed.subscribe(hints.CHANNEL)
        self._feed.subscribe(self._probe_channel)

    def stop(self) -> None:
        """Stop claiming; ``run`` returns when what runs has ended or was given back."""
        self._stopping.set()
        self._wake.set()

    async def run(self) -> None:
        """Work until ``stop``."""
        logger.info("worker %s is ready, for %s jobs side by side", self.name, self.concurrency)
        beating = Heart(self.name, held=self.held, lost=self._lost)
        beating.start()
        side = [asyncio.create_task(task) for task in (self._feed.run(), self._probe(), retention.keep())]
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                if not await self._claim():
                    await self._rest()
            await self._give_back()
        finally:
            for task in side:
                task.cancel()
            await asyncio.gather(*side, return_exceptions=True)
            beating.stop()

    async def _claim(self) -> bool:
        """Take what is due and start it; return whether there may be more."""
        room = self.concurrency - len(self._running)
        if room <= 0 or any(job.idle_attempts > jobs.SUSPECT_ATTEMPTS for job, _ in self._running.values()):
            return False
        room = min(room, 10)
        try:
            taken = await border.cross(jobs.claim, self.name, room, holds=len(self._running))
        except DatabaseError as error:
            logger.warning("no jobs could be claimed, trying again: %s", error)
            return False
        for job in taken:
            # Its lease may have run out while an older attempt is still at it right here: the database was away.
            self.drop(job.pk)
            with trace.within(job.request):  # the task keeps it: its log lines and events bear it
                self._running[job.pk] = job, asyncio.create_task(self._work(job))
        return len(taken) == room

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS * random.uniform(0.8, 1.2)):
                await self._wake.wait()

    async def _work(self, job: Job) -> None:
        logger.info("job %s: attempt %s began", job.pk, job.attempt)
        try:
            await Run(job).work()
        except DatabaseError:
            logger.exception("job %s is left to its lease: the database took no write", job.pk)
        finally:
            if self._running.get(job.pk, (None,))[0] is job:  # and not a newer attempt
                del self._running[job.pk]
            self._wake.set()

    async def _give_back(self) -> None:
        """End what runs: a moment's grace, then back into the queue at the last finished step."""
        tasks = [task for _, task in self._running.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE_SECONDS)
        for job, task in list(self._running.values()):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            try:
                await border.cross(jobs.give_back, job)
                logger.info("job %s was given back", job.pk)
            except LeaseLost:
                pass  # it ended, or was cancelled, in this moment
            except DatabaseError:
                logger.warning("job %s could not be given back; its lease runs out", job.pk)

    # --- hints ---------------------------------------------------------------------------------------------------------

    def _hear(self, channel: bytes, payload: bytes) -> None:
        if channel != hints.CHANNEL.encode():
            return
        try:
            cancelled = hints.read(payload)
        except ValueError as error:
            self.malformed += 1
            logger.warning("a hint was dropped: %s", error)
            return
        if cancelled is None:
            self._wake.set()
        elif cancelled in self._running:
            task = self._loop.create_task(self._look(cancelled))
            self._looks.add(task)
            task.add_done_callback(self._looks.discard)

    async def _look(self, id: uuid.UUID) -> None:
        """Drop a job if its row says so too: a hint alone may be forged, and costs nobody's work."""
        try:
            lost = await border.cross(jobs.beat, self.name, {id})
        except DatabaseError as error:
            logger.warning("job %s is said to be cancelled, the next beat finds out: %s", id, error)
            return
        for one in lost:
            self.drop(one)

    def drop(self, id: uuid.UUID) -> None:
        """Stop working at a job that is no longer ours; nothing more is written for it."""
        if id in self._running:
            logger.info("job %s is no longer ours and is dropped", id)
            self._running[id][1].cancel()

    def _redis_changed(self, up: bool) -> None:
        if up:
            self._wake.set()

    async def _probe(self) -> None:
        while True:
            await border.cross(sender.send, self._probe_channel, b"")
            await asyncio.sleep(feed.SILENCE_SECONDS / 3)

    def held(self) -> set[uuid.UUID]:
        """Return the jobs it works at; the heart's thread asks."""
        return set(self._running.copy())

    def _lost(self, id: uuid.UUID) -> None:
        """Drop a job; called from the heart's thread."""
        self._loop.call_soon_threadsafe(self.drop, id)


async def main(*, concurrency: int | None = None) -> None:
    """Run a worker until SIGTERM or SIGINT."""
    # A model's libraries take seconds to load: now, and not in the middle of the first job.
    choice.of(settings.STRATEGIES_MODEL)
    worker = Worker(concurrency=concurrency)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    await worker.run()
