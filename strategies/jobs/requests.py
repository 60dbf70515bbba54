"""What an owner asks of a job: enqueue, retry, cancel, delete with its strategy."""

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

import sse
from sse import trace
from strategies import budgets, hints, kinds, pace
from strategies.errors import Refused, TooMany
from strategies.jobs import story
from strategies.kinds import Kind
from strategies.life import statuses
from strategies.models import Job, Step, Strategy

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

Status = Job.Status


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
    Raises ``UnknownKind``, ``Refused`` (a key, or an active job, was asked for something else) or ``TooMany``.
    """
    spec = kinds.get(kind)
    with transaction.atomic():
        known = _known(owner, spec, strategy, idempotency_key)
        if known is not None:
            return _check_same(known, params or {}), False
        _check_room(owner)
        budgets.check(owner, engine=settings.STRATEGIES_MODEL)
        job = Job(
            owner=owner,
            strategy=strategy,
            kind=kind,
            params=dict(params or {}),
            engine=settings.STRATEGIES_MODEL,
            turn=_turn(owner),
            run_after=timezone.now(),
            idempotency_key=idempotency_key,
            weights=pace.weights(spec, settings.STRATEGIES_MODEL),
            message="Waiting for a worker.",
            request=trace.current() or None,
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
            return _check_same(known, params or {}), False
        _announce(job)
    return job, True


def _check_same(known: Job, params: Mapping[str, Any]) -> Job:
    """Return a job that was asked for before; refuse where it was asked to do something else."""
    if known.params != dict(params):
        if known.is_final:
            raise Refused("idempotency_key_reused", "This Idempotency-Key was used for another request.")
        raise Refused("job_active", "A job of this kind is at work on something else: wait for it, or cancel it first.")
    return known


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


def _turn(owner: "User") -> int:
    """
    Return a new job's place in the fair order: after its owner's others, and with those of everybody else's next.

    Start-time fair queueing (Goyal, Vin and Cheng, 1996): to count each owner's jobs whenever some are claimed would
    read the whole queue, this reads two rows when one is asked for.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURNS, [owner.pk])
        now, last = cursor.fetchone()
    return (now or 0) if last is None else max(now or 0, last + 1)


# Whose turn it is, and the last turn of an owner: the first row of two indexes.
_TURNS: Final = """
SELECT (SELECT turn FROM strategies_job WHERE status = 'queued' ORDER BY priority DESC, turn, created LIMIT 1),
       (SELECT max(turn) FROM strategies_job WHERE owner_id = %s AND status IN ('queued', 'running'))
"""


def _announce(job: Job) -> None:
    logger.info("job %s was queued: %s", job.pk, job.kind)
    story.publish([(job.topic, "status", story.state(job)), story.news(job)])
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
        budgets.check(job.owner, engine=settings.STRATEGIES_MODEL)
        new = Job(
            owner=job.owner,
            strategy=job.strategy,
            kind=job.kind,
            params=job.params,
            brief=job.brief,
            engine=settings.STRATEGIES_MODEL,
            turn=_turn(job.owner),
            run_after=timezone.now(),
            weights=pace.weights(spec, settings.STRATEGIES_MODEL),
            retry_of=job,
            message="Waiting for a worker.",
            request=trace.current() or None,
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
    if job.strategy:
        statuses.check_open(job.strategy)
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
        tokens_in=step.tokens_in,
        tokens_out=step.tokens_out,
        cost=step.cost,
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
        if Job.objects.filter(pk=job.pk, status__in=Job.ACTIVE).update(**changes, reserved=0):
            cancelled.append(job)
            hints.cancel_on_commit(job.pk)
            logger.info("job %s was cancelled", job.pk)
        job.refresh_from_db()
    story.publish(
        [(job.topic, "status", {**story.state(job), "final": True}) for job in cancelled]
        + [*map(story.news, cancelled)]
    )
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
