"""Asking for a job: whether one like it is there already, whether there is room, and its turn among the others."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from sse import trace
from strategies import budgets, hints, kinds, pace
from strategies.errors import Refused, TooMany
from strategies.jobs import story
from strategies.kinds import Kind
from strategies.models import Job, Strategy

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
        check_room(owner)
        budgets.check(owner, engine=settings.STRATEGIES_MODEL)
        job = Job(
            owner=owner,
            strategy=strategy,
            kind=kind,
            params=dict(params or {}),
            engine=settings.STRATEGIES_MODEL,
            turn=turn(owner),
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
        announce(job)
    return job, True


def _check_same(known: Job, params: Mapping[str, Any]) -> Job:
    """Return a job that was asked for before; refuse where it was asked to do something else."""
    if known.params != dict(params):
        if known.is_final:
            raise Refused("idempotency_key_reused", _("This Idempotency-Key was used for another request."))
        raise Refused(
            "job_active", _("A job of this kind is at work on something else: wait for it, or cancel it first.")
        )
    return known


def _known(owner: "User", spec: Kind, strategy: Strategy | None, key: str | None) -> Job | None:
    if key is not None:
        job = Job.objects.filter(owner=owner, idempotency_key=key).first()
        if job is not None:
            if job.kind != spec.key or job.strategy_id != (strategy.pk if strategy else None):
                raise Refused("idempotency_key_reused", _("This Idempotency-Key was used for another request."))
            return job
    if strategy is None:
        return None
    return Job.objects.filter(strategy=strategy, kind=spec.key, status__in=Job.ACTIVE).first()


def check_room(owner: "User") -> None:
    """Refuse where a user has as many active jobs as one may."""
    limit = settings.STRATEGIES_MAX_ACTIVE_JOBS_PER_USER
    if limit and Job.objects.filter(owner=owner, status__in=Job.ACTIVE).count() >= limit:
        raise TooMany(
            "too_many_jobs",
            _("You have {limit} active jobs already; wait for one to end.").format(limit=limit),
            retryable=True,
        )


def turn(owner: "User") -> int:
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


def announce(job: Job) -> None:
    """Tell of a job that was queued, and wake the workers, when the transaction commits."""
    logger.info("job %s was queued: %s", job.pk, job.kind)
    story.publish([(job.topic, "status", story.state(job)), story.news(job)])
    hints.wake_on_commit()
