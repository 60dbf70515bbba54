"""
Every change of a job: enqueue, claim, begin, record, finish, fail, cancel, retry, give back.

The rows are the queue. A job is claimable when it is queued and due, or running under a lease that ran out. ``attempt``
is the fencing token: every transaction that tells of a job begins with the conditional UPDATE of its row, and where that
finds nothing the attempt has lost its lease and writes nothing (promise 6). Locks are taken Job first, then topics in the
order of their names. Leases are measured by the database's clock.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, Q, QuerySet, Value, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Now, RowNumber
from django.utils import timezone

import sse
from strategies import hints, kinds, lessons, pace
from strategies.errors import LeaseLost, Refused, StepFailed, TooMany
from strategies.kinds import Kind, Outcome, StepSpec
from strategies.models import Job, Step, Strategy

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

Status = Job.Status
# An event on its way: topic, type, data.
Told = tuple[str, str, dict[str, Any]]

# Claims of a job without a newly finished step before it is taken for what kills its workers.
MAX_IDLE_ATTEMPTS: Final = 3
# From this many on it runs alone in its worker, so that it can take nobody with it.
SUSPECT_ATTEMPTS: Final = 2


def _lease() -> Combinable:
    return ExpressionWrapper(
        Now() + Value(timedelta(seconds=settings.STRATEGIES_LEASE_SECONDS)), output_field=DateTimeField()
    )


def _fence(job: Job, **changes: Any) -> None:
    """Change a job that this attempt still holds; raises ``LeaseLost`` where it does not."""
    held = Job.objects.filter(pk=job.pk, attempt=job.attempt, status=Status.RUNNING)
    if not held.update(**changes):
        raise LeaseLost(str(job.pk))
    for name, value in changes.items():
        setattr(job, name, value)


# --- asked for ---------------------------------------------------------------------------------------------------------


def enqueue(
    *,
    owner: "User",
    kind: str,
    strategy: Strategy | None = None,
    params: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
) -> tuple[Job, bool]:
    """
    Queue a job; return it, and whether it is new.

    It is not where the same ``idempotency_key`` was used before, or where the strategy has an active job of this kind.
    Raises ``UnknownKind``, ``Refused`` (a key used for something else) or ``TooMany``.
    """
    spec = kinds.get(kind)
    with transaction.atomic():
        known = _known(owner, spec, strategy, idempotency_key)
        if known is not None:
            return known, False
        _check_room(owner)
        job = Job(
            owner=owner,
            strategy=strategy,
            kind=kind,
            params=dict(params or {}),
            engine=settings.STRATEGIES_MODEL,
            run_after=timezone.now(),
            idempotency_key=idempotency_key,
            weights=pace.weights(spec, settings.STRATEGIES_MODEL),
            message="Waiting for a worker.",
        )
        job.brief = spec.freeze(job)
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:
            # Another request got in between the look and the INSERT; the constraint let one of us through.
            known = _known(owner, spec, strategy, idempotency_key)
            if known is None:
                raise
            return known, False
        _announce(job)
    return job, True


def _known(owner: "User", spec: Kind, strategy: Strategy | None, key: str | None) -> Job | None:
    if key is not None:
        job = Job.objects.filter(owner=owner, idempotency_key=key).first()
        if job is not None:
            if job.kind != spec.key or job.strategy_id != (strategy.pk if strategy else None):
                raise Refused("idempotency_key_reused", "This Idempotency-Key was used for another request.")
            return job
    if strategy is None:
        return None
    return Job.objects.filter(strategy=strategy, kind=spec.key, status__in=Job.ACTIVE).first()


def _check_room(owner: "User") -> None:
    limit = settings.STRATEGIES_MAX_ACTIVE_JOBS_PER_USER
    if limit and Job.objects.filter(owner=owner, status__in=Job.ACTIVE).count() >= limit:
        raise TooMany("too_many_jobs", f"You have {limit} active jobs already; wait for one to end.", retryable=True)


def _announce(job: Job) -> None:
    _publish([(job.topic, "status", _state(job)), _news(job)])
    hints.wake_on_commit()


def retry(job: Job) -> Job:
    """
    Queue a new job that goes on where this one ended: its frozen brief, and copies of the steps that succeeded.

    The old job stays as it is. Raises ``Refused``: ``not_retryable``, ``already_retried`` or ``job_active``.
    """
    spec = kinds.get(job.kind)
    with transaction.atomic():
        _check_retry(job)
        _check_room(job.owner)
        new = Job(
            owner=job.owner,
            strategy=job.strategy,
            kind=job.kind,
            params=job.params,
            brief=job.brief,
            engine=settings.STRATEGIES_MODEL,
            run_after=timezone.now(),
            weights=pace.weights(spec, settings.STRATEGIES_MODEL),
            retry_of=job,
            message="Waiting for a worker.",
        )
        kept = [s for s in job.steps.filter(ok=True) if not spec.steps[spec.number(s.key) - 1].joins]
        new.progress = pace.percent(new.weights, [step.number for step in kept])
        try:
            with transaction.atomic():
                new.save(force_insert=True)
        except IntegrityError:
            raise Refused("job_active", "Another job for this strategy is at work; wait for it or cancel it.") from None
        Step.objects.bulk_create(_copy(step, new) for step in kept)
        _announce(new)
    return new


def _check_retry(job: Job) -> None:
    if job.status not in (Status.FAILED, Status.PARTIAL, Status.CANCELLED):
        raise Refused("not_retryable", f"A job that is {job.get_status_display().lower()} can't be retried.")
    if Job.objects.filter(retry_of=job).exists():
        raise Refused("already_retried", "This job was retried already; look at the newer one.")
    if job.strategy_id and Job.objects.filter(strategy=job.strategy, kind=job.kind, status__in=Job.ACTIVE).exists():
        raise Refused("job_active", "Another job for this strategy is at work; wait for it or cancel it.")


def _copy(step: Step, job: Job) -> Step:
    return Step(
        job=job,
        key=step.key,
        number=step.number,
        output=step.output,
        summary=step.summary,
        engine=step.engine,
        attempt=0,
        copied=True,
    )


def cancel(job: Job) -> Job:
    """
    End a job that has not ended, at once; its worker hears of it and stops.

    Progress and result of a worker that does not hear meet the fence. Raises ``Refused`` (``not_cancellable``).
    """
    with transaction.atomic():
        if not _cancel([job]):
            raise Refused("not_cancellable", f"The job has ended: it {_ended(job)}.")
    return job


def _cancel(jobs: Iterable[Job]) -> list[Job]:
    """Cancel those of ``jobs`` that have not ended; return them."""
    cancelled = []
    for job in sorted(jobs, key=lambda job: job.pk):
        changes = {"status": Status.CANCELLED, "message": "Cancelled.", "finished": Now(), "lease_until": None}
        if Job.objects.filter(pk=job.pk, status__in=Job.ACTIVE).update(**changes):
            cancelled.append(job)
            hints.cancel_on_commit(job.pk)
        job.refresh_from_db()
    _publish([(job.topic, "status", {**_state(job), "final": True}) for job in cancelled] + [*map(_news, cancelled)])
    return cancelled


def _ended(job: Job) -> str:
    return {
        Status.SUCCEEDED: "succeeded",
        Status.PARTIAL: "succeeded in part",
        Status.FAILED: "failed",
        Status.CANCELLED: "was cancelled",
    }.get(Status(job.status), "is at work")


def delete_strategy(strategy: Strategy) -> None:
    """Delete a strategy with all that was made of it: its job is cancelled first, then its topics go."""
    with transaction.atomic():
        _cancel(strategy.jobs.filter(status__in=Job.ACTIVE))
        sse.remove(*(job.topic for job in strategy.jobs.order_by("pk")))
        strategy.delete()


# --- the worker's ------------------------------------------------------------------------------------------------------


def claim(worker: str, limit: int, *, holds: int = 0) -> list[Job]:
    """
    Take up to ``limit`` jobs for ``worker``, fairly: each owner's first before anybody's second.

    A job that twice ended with its worker is taken alone, by a worker that ``holds`` nothing else. One whose worker died
    a third time without a newly finished step is failed here, and not returned.
    """
    with transaction.atomic():
        taken: list[Job] = []
        events: list[Told] = []
        for job in _lock(_candidates(limit), limit):
            if job.status == Status.RUNNING and job.idle_attempts >= MAX_IDLE_ATTEMPTS:
                events += _bury(job)
                continue
            if job.idle_attempts >= SUSPECT_ATTEMPTS and (holds or taken):
                continue
            events.append(_take(job, worker))
            taken.append(job)
            if job.idle_attempts > SUSPECT_ATTEMPTS:
                break
        _publish(events)
    return taken


def _due() -> Q:
    return Q(status=Status.QUEUED, run_after__lte=Now()) | Q(status=Status.RUNNING, lease_until__lt=Now())


def _candidates(limit: int) -> list[UUID]:
    turn = Window(RowNumber(), partition_by="owner", order_by=["-priority", "created"])
    due = Job.objects.filter(_due()).annotate(turn=turn).order_by("-priority", "turn", "created")
    # Some of them another worker is taking at this moment.
    return list(due.values_list("pk", flat=True)[: limit * 3])


def _lock(ids: list[UUID], limit: int) -> list[Job]:
    due: QuerySet[Job] = Job.objects.filter(_due(), pk__in=ids)
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    rank = {pk: place for place, pk in enumerate(ids)}
    return sorted(due, key=lambda job: rank[job.pk])[:limit]


def _take(job: Job, worker: str) -> Told:
    reason = "worker_lost" if job.status == Status.RUNNING else "started" if job.attempt == 0 else "resumed"
    message = "The worker was lost; another goes on." if reason == "worker_lost" else "At work."
    job.attempt += 1
    job.idle_attempts += 1
    job.status, job.worker, job.message = Status.RUNNING, worker, message
    Job.objects.filter(pk=job.pk).update(
        status=job.status,
        worker=worker,
        message=message,
        attempt=job.attempt,
        idle_attempts=job.idle_attempts,
        lease_until=_lease(),
        started=job.started or Now(),
    )
    return job.topic, "status", {**_state(job), "reason": reason}


def _bury(job: Job) -> list[Told]:
    error = StepFailed(
        "worker_died",
        f"The job was given up: {MAX_IDLE_ATTEMPTS} workers ended while they were at the same step.",
        retryable=True,
    )
    logger.error("job %s was given up: its workers died", job.pk)
    _set_failed(job, error, _step_key(job))
    return [(job.topic, "error", _failure(job)), _news(job)]


def begin(job: Job, spec: StepSpec, *, number: int, steps: int) -> None:
    """Note that a step begins; the fence that stands before each call that costs money."""
    with transaction.atomic():
        _fence(job, step=number, message=f"{spec.title} …", lease_until=_lease())
        step = {"step": number, "step_key": spec.key, "steps": steps}
        sse.publish(job.topic, "progress", {**step, "progress": job.progress, "message": job.message})
        _teach(job, spec, number, "running")


def record(
    job: Job, spec: StepSpec, outcome: Outcome, *, number: int, steps: int, seconds: float, done: Collection[int]
) -> None:
    """Store a finished step: after this no attempt does it again. ``done`` are the numbers of all that are, with it."""
    with transaction.atomic():
        progress = max(job.progress, pace.percent(job.weights, done))
        _fence(job, progress=progress, message=outcome.summary, idle_attempts=0, lease_until=_lease())
        Step.objects.create(
            job=job,
            key=spec.key,
            number=number,
            output=outcome.output,
            summary=outcome.summary[:300],
            attempt=job.attempt,
            engine=outcome.engine,
            tokens_in=outcome.tokens_in,
            tokens_out=outcome.tokens_out,
            cost=outcome.cost,
            seconds=seconds,
        )
        _told_step(job, spec, number, steps, done=True)
        _teach(job, spec, number, "done", count=outcome.count)


def record_failure(
    job: Job, spec: StepSpec, error: StepFailed, *, number: int, steps: int, seconds: float, done: Collection[int]
) -> None:
    """Store that a step failed for good; the job goes on without it."""
    with transaction.atomic():
        progress = max(job.progress, pace.percent(job.weights, done))
        _fence(job, progress=progress, message=error.message, idle_attempts=0, lease_until=_lease())
        Step.objects.create(
            job=job,
            key=spec.key,
            number=number,
            ok=False,
            error={"code": error.code, "message": error.message, "retryable": error.retryable},
            summary=error.message[:300],
            attempt=job.attempt,
            seconds=seconds,
        )
        _told_step(job, spec, number, steps, failed=True)


def finish(job: Job, spec: Kind, results: Mapping[str, Any], *, partial: bool) -> None:
    """End a job with its result, stored in the same transaction."""
    with transaction.atomic():
        status = Status.PARTIAL if partial else Status.SUCCEEDED
        message = "Done, but for what is named." if partial else "Done."
        _fence(job, status=status, progress=100, message=message, finished=Now(), lease_until=None)
        url = spec.finish(job, results)
        complete = {"status": status.value, "progress": 100, "message": message, "result_url": url}
        _publish([(job.topic, "complete", complete), _news(job)])


def fail(job: Job, error: StepFailed, step_key: str | None) -> None:
    """End a job without a result."""
    with transaction.atomic():
        _fence(job, idle_attempts=0)
        _set_failed(job, error, step_key)
        _publish([(job.topic, "error", _failure(job)), _news(job)])


def _set_failed(job: Job, error: StepFailed, step_key: str | None) -> None:
    job.status, job.message = Status.FAILED, error.message
    job.error = {"code": error.code, "message": error.message, "step_key": step_key, "retryable": error.retryable}
    Job.objects.filter(pk=job.pk).update(
        status=job.status, message=job.message, error=job.error, finished=Now(), lease_until=None
    )


def give_back(job: Job) -> None:
    """Queue a job again whose worker is stopping; the attempt was not its fault and is not counted."""
    with transaction.atomic():
        _fence(
            job,
            status=Status.QUEUED,
            worker="",
            lease_until=None,
            run_after=Now(),
            idle_attempts=max(0, job.idle_attempts - 1),
            message="Its worker is stopping; another goes on.",
        )
        sse.publish(job.topic, "status", {**_state(job), "reason": "retrying"})
        hints.wake_on_commit()


def beat(worker: str, ids: Iterable[UUID]) -> set[UUID]:
    """Renew the leases of what ``worker`` holds; return those it holds no more."""
    ids = set(ids)
    held = Job.objects.filter(worker=worker, status=Status.RUNNING, pk__in=ids)
    with transaction.atomic():
        held.update(lease_until=_lease())
        return ids - set(held.values_list("pk", flat=True))


# --- what is told ------------------------------------------------------------------------------------------------------


def _state(job: Job) -> dict[str, Any]:
    return {
        "status": str(job.status),
        "attempt": job.attempt,
        "step": job.step,
        "progress": job.progress,
        "message": job.message,
    }


def _failure(job: Job) -> dict[str, Any]:
    return {"status": "failed", "message": job.message, "progress": job.progress, "error": job.error}


def _told_step(job: Job, spec: StepSpec, number: int, steps: int, **flags: bool) -> None:
    step = {"step": number, "step_key": spec.key, "steps": steps}
    sse.publish(job.topic, "progress", {**step, "progress": job.progress, "message": job.message, **flags})


def _teach(job: Job, spec: StepSpec, number: int, phase: str, **values: Any) -> None:
    content = lessons.content(job.kind, spec.key, phase, **values)
    if content is not None:
        told = {"step": number, "step_key": spec.key, "phase": phase, "educational_content": content}
        sse.publish(job.topic, "educational", told)


def _news(job: Job) -> Told:
    news = {
        "job": str(job.pk),
        "kind": job.kind,
        "status": str(job.status),
        "strategy": str(job.strategy_id) if job.strategy_id else None,
        "message": job.message,
    }
    return f"user:{job.owner_id}", "status", news


def _publish(events: Iterable[Told]) -> None:
    """Publish on several topics, in the order of their names: of two transactions neither waits for the other."""
    for topic, type, data in sorted(events, key=lambda event: event[0]):
        sse.publish(topic, type, data)


def _step_key(job: Job) -> str | None:
    steps = kinds.get(job.kind).steps
    return steps[job.step - 1].key if 1 <= job.step <= len(steps) else None
