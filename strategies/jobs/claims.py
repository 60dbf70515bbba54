"""Who works at a job: claim, beat, give back."""

import logging
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

import sse
from strategies import hints, kinds
from strategies.errors import StepFailed
from strategies.jobs import leases, progress, story
from strategies.jobs.story import Told
from strategies.models import Job

logger = logging.getLogger(__name__)

Status = Job.Status

# Claims of a job without a newly finished step before it is taken for what kills its workers.
MAX_IDLE_ATTEMPTS: Final = 3
# From this many on it runs alone in its worker, so that it can take nobody with it.
SUSPECT_ATTEMPTS: Final = 2


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
        story.publish(events, requests={job.topic: job.request for job in taken})
    return taken


def _queued() -> Q:
    return Q(status=Status.QUEUED, run_after__lte=Now())


def _lost() -> Q:
    return Q(status=Status.RUNNING, lease_until__lt=Now())


def _known() -> QuerySet[Job]:
    # A kind that this release does not know is left to one that does; it must not stop the others.
    return Job.objects.filter(kind__in=kinds.keys())


def _candidates(limit: int) -> list[UUID]:
    # Two questions, each answered by an index of its own from its first rows, however long the queue is. More than are
    # wanted: some of them another worker is taking at this moment.
    lost = _known().filter(_lost()).order_by("lease_until").values_list("pk", flat=True)
    queued = _known().filter(_queued()).order_by("-priority", "turn", "created").values_list("pk", flat=True)
    return [*lost[: limit * 3], *queued[: limit * 3]]


def _lock(ids: list[UUID], limit: int) -> list[Job]:
    due: QuerySet[Job] = _known().filter(_queued() | _lost(), pk__in=ids)
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
        reserved=0,
        lease_until=leases.lease(),
        started=job.started or Now(),
    )
    return job.topic, "status", {**story.state(job), "reason": reason}


def _bury(job: Job) -> list[Told]:
    error = StepFailed(
        "worker_died",
        _("The job was given up: {workers} workers ended while they were at the same step.").format(
            workers=MAX_IDLE_ATTEMPTS
        ),
        retryable=True,
    )
    logger.error("job %s was given up: its workers died", job.pk)
    progress.set_failed(job, error, story.step_key(job))
    return [(job.topic, "error", story.failure(job)), story.news(job)]


def give_back(job: Job) -> None:
    """Queue a job again whose worker is stopping; the attempt was not its fault and is not counted."""
    with transaction.atomic():
        leases.fence(
            job,
            status=Status.QUEUED,
            worker="",
            reserved=0,
            lease_until=None,
            run_after=Now(),
            idle_attempts=max(0, job.idle_attempts - 1),
            message="Its worker is stopping; another goes on.",
        )
        sse.publish(job.topic, "status", {**story.state(job), "reason": "retrying"})
        hints.wake_on_commit()


def beat(worker: str, ids: Iterable[UUID]) -> set[UUID]:
    """Renew the leases of what ``worker`` holds; return those it holds no more."""
    ids = set(ids)
    held = Job.objects.filter(worker=worker, status=Status.RUNNING, pk__in=ids)
    with transaction.atomic():
        held.update(lease_until=leases.lease())
        return ids - set(held.values_list("pk", flat=True))
