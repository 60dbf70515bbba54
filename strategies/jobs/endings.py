"""Ending a job before it ends by itself: its owner cancels it, or deletes its strategy."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

import sse
from strategies import hints
from strategies.errors import Refused
from strategies.jobs import story
from strategies.models import Job, Strategy

logger = logging.getLogger(__name__)

Status = Job.Status


def cancel(job: Job) -> Job:
    """
    End a job that has not ended, at once; its worker hears of it and stops.

    Progress and result of a worker that does not hear meet the fence. Raises ``Refused`` (``not_cancellable``).
    """
    with transaction.atomic():
        if not _cancel([job]):
            raise Refused("not_cancellable", _("The job has ended: it {ended}.").format(ended=_ended(job)))
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
        Status.SUCCEEDED: _("succeeded"),
        Status.PARTIAL: _("succeeded in part"),
        Status.FAILED: _("failed"),
        Status.CANCELLED: _("was cancelled"),
    }.get(Status(job.status), _("is at work"))


def delete_strategy(strategy: Strategy) -> None:
    """Delete a strategy with all that was made of it: its job is cancelled first, then its topics go."""
    with transaction.atomic():
        _cancel(strategy.jobs.filter(status__in=Job.ACTIVE))
        sse.remove(*(job.topic for job in strategy.jobs.order_by("pk")))
        strategy.delete()
