"""A job at work: its steps in order, each done at most once for a stored result."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_noop as _

from sse import border
from strategies import jobs, kinds
from strategies.errors import JobFailed, LeaseLost, StepFailed
from strategies.kinds import StepSpec
from strategies.models import Job

logger = logging.getLogger(__name__)

# A database that restarts or is locked is asked again for so long; after that the job is left to its lease.
PERSIST_SECONDS: Final = 30.0


class Run:
    """What a step sees: its job, and what the steps before it made."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.kind = kinds.get(job.kind)
        # Outputs of the steps that succeeded, and reasons of those that failed for good.
        self.results: dict[str, Any] = {}
        self.failures: dict[str, str] = {}
        self._done: set[int] = set()

    async def work(self) -> None:
        """Do what is left of the job and end it. Returns early when the lease is lost: somebody else goes on."""
        try:
            await border.cross(self._load)
            for number, spec in enumerate(self.kind.steps, 1):
                if number not in self._done:
                    await self._step(number, spec)
            await self._persist(lambda: jobs.finish(self.job, self.kind, self.results, partial=bool(self.failures)))
        except LeaseLost:
            logger.info("job %s: attempt %s lost its lease and stops", self.job.pk, self.job.attempt)
        except _Ended:
            pass

    def _load(self) -> None:
        for step in self.job.steps.all():
            self._done.add(step.number)
            if step.ok:
                self.results[step.key] = step.output
            else:
                self.failures[step.key] = (step.error or {}).get("message", "")

    async def _step(self, number: int, spec: StepSpec) -> None:
        place = {"number": number, "steps": len(self.kind.steps)}
        await self._persist(lambda: jobs.begin(self.job, spec, **place))
        began = time.monotonic()
        try:
            if spec.joins:
                self._check_something_to_join()
            outcome = await spec.work(self)
        except LeaseLost:
            raise
        except StepFailed as error:
            await self._failed(spec, error, place, time.monotonic() - began)
        except Exception:
            logger.exception("job %s: step %s failed by a fault of ours", self.job.pk, spec.key)
            fault = StepFailed("internal", _("This step failed by a fault of ours; it was logged."), retryable=True)
            await self._failed(spec, fault, place, time.monotonic() - began)
        else:
            done = self._done | {number}
            seconds = time.monotonic() - began
            await self._persist(lambda: jobs.record(self.job, spec, outcome, **place, seconds=seconds, done=done))
            self._done = done
            self.results[spec.key] = outcome.output

    def _check_something_to_join(self) -> None:
        optional = [step.key for step in self.kind.steps if step.optional]
        if optional and all(key in self.failures for key in optional):
            reason = self.failures[optional[0]]
            raise JobFailed(
                "all_failed", _("Every part failed. The first: {reason}").format(reason=reason), retryable=True
            )

    async def _failed(self, spec: StepSpec, error: StepFailed, place: dict[str, int], seconds: float) -> None:
        number = place["number"]
        if error.code == "all_failed":
            # The step that joins did nothing; the first that failed says what was wrong.
            await self._persist(lambda: jobs.fail(self.job, error, next(iter(self.failures), spec.key)))
            raise _Ended
        if isinstance(error, JobFailed) or not spec.optional:
            await self._persist(lambda: jobs.fail(self.job, error, spec.key, spec=spec, number=number, seconds=seconds))
            raise _Ended
        done = self._done | {number}
        await self._persist(lambda: jobs.record_failure(self.job, spec, error, **place, seconds=seconds, done=done))
        self._done = done
        self.failures[spec.key] = error.message

    async def _persist(self, write: Callable[[], None]) -> None:
        """Write; again where the database was away or locked. What was paid for must not be lost to a restart."""
        deadline = time.monotonic() + PERSIST_SECONDS
        pause = 0.05
        while True:
            try:
                await border.cross(write)
            except (OperationalError, InterfaceError) as error:
                if time.monotonic() > deadline:
                    raise
                logger.warning("job %s: the database did not take a write, trying again: %s", self.job.pk, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
            else:
                return


class _Ended(Exception):
    """The job has ended, without a result."""
