"""How a job comes on: its steps begin, are recorded or fail; the job finishes or fails. Each under the fence."""

import logging
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

import sse
from strategies import pace
from strategies.engines import Usage
from strategies.errors import StepFailed
from strategies.jobs import leases, story
from strategies.kinds import Kind, Outcome, StepSpec
from strategies.models import Job, Step

logger = logging.getLogger(__name__)

Status = Job.Status


def begin(job: Job, spec: StepSpec, *, number: int, steps: int) -> None:
    """Note that a step begins; the fence that stands before each call that costs money."""
    with transaction.atomic():
        leases.fence(job, step=number, message=f"{spec.title} …", lease_until=leases.lease())
        step = {"step": number, "step_key": spec.key, "steps": steps}
        sse.publish(job.topic, "progress", {**step, "progress": job.progress, "message": job.message})
        story.teach(job, spec, number, "running")


def record(
    job: Job, spec: StepSpec, outcome: Outcome, *, number: int, steps: int, seconds: float, done: Collection[int]
) -> None:
    """Store a finished step: after this no attempt does it again. ``done`` are the numbers of all that are, with it."""
    with transaction.atomic():
        _store(
            job,
            Step(
                key=spec.key,
                number=number,
                output=outcome.output,
                summary=outcome.summary[:300],
                seconds=seconds,
                **_used(outcome.usage),
            ),
            message=outcome.summary,
            done=done,
        )
        story.tell_step(job, spec, number, steps, done=True)
        story.teach(job, spec, number, "done", count=outcome.count)


def record_failure(
    job: Job, spec: StepSpec, error: StepFailed, *, number: int, steps: int, seconds: float, done: Collection[int]
) -> None:
    """Store that a step failed for good; the job goes on without it."""
    with transaction.atomic():
        _store(job, _failed(spec, error, number, seconds), message=error.message, done=done)
        story.tell_step(job, spec, number, steps, failed=True)


def _failed(spec: StepSpec, error: StepFailed, number: int, seconds: float) -> Step:
    reason = {"code": error.code, "message": error.message, "retryable": error.retryable}
    return Step(
        key=spec.key,
        number=number,
        ok=False,
        error=reason,
        summary=error.message[:300],
        seconds=seconds,
        **_used(error.usage),
    )


def _used(usage: Usage | None) -> dict[str, Any]:
    """Return what a step's row keeps of what an engine used."""
    kept = ("engine", "tokens_in", "tokens_out", "cost")
    return {name: getattr(usage, name) for name in kept} if usage else {}


def _store(job: Job, step: Step, *, message: str, done: Collection[int]) -> None:
    progress = max(job.progress, pace.percent(job.weights, done))
    # What was set aside for the step goes as what it used comes: at no moment is a token counted twice, or not at all.
    leases.fence(job, progress=progress, message=message, idle_attempts=0, reserved=0, lease_until=leases.lease())
    _keep(job, step)


def _keep(job: Job, step: Step) -> None:
    step.job, step.attempt = job, job.attempt
    step.save(force_insert=True)


def finish(job: Job, spec: Kind, results: Mapping[str, Any], *, partial: bool) -> None:
    """End a job with its result, stored in the same transaction."""
    with transaction.atomic():
        status = Status.PARTIAL if partial else Status.SUCCEEDED
        message = "Done, but for what is named." if partial else "Done."
        leases.fence(job, status=status, progress=100, message=message, finished=Now(), lease_until=None)
        url = spec.finish(job, results)
        complete = {"status": status.value, "progress": 100, "message": message, "result_url": url}
        story.publish([(job.topic, "complete", complete), story.news(job)])
    logger.info("job %s ended: %s", job.pk, status.value)


def fail(
    job: Job,
    error: StepFailed,
    step_key: str | None,
    *,
    spec: StepSpec | None = None,
    number: int = 0,
    seconds: float = 0.0,
) -> None:
    """End a job without a result; ``spec`` is the step that it ended at, whose time and tokens are kept."""
    with transaction.atomic():
        leases.fence(job, idle_attempts=0)
        if spec is not None:
            _keep(job, _failed(spec, error, number, seconds))
        set_failed(job, error, step_key)
        story.publish([(job.topic, "error", story.failure(job)), story.news(job)])
    # The code alone: the message may quote what a model wrote.
    logger.warning("job %s failed at %s: %s", job.pk, step_key, error.code)


def set_failed(job: Job, error: StepFailed, step_key: str | None) -> None:
    """Write that a job failed. The caller holds its row, and tells of it."""
    job.status, job.message = Status.FAILED, error.message
    job.error = {"code": error.code, "message": error.message, "step_key": step_key, "retryable": error.retryable}
    Job.objects.filter(pk=job.pk).update(
        status=job.status, message=job.message, error=job.error, reserved=0, finished=Now(), lease_until=None
    )
