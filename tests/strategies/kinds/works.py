"""Jobs done in a test's own transaction, as a worker does them."""

from typing import Any

from asgiref.sync import async_to_sync
from django.db import transaction

from sse import border
from strategies import jobs, kinds
from strategies.models import Job, Strategy
from strategies.run import Run


def ask(strategy: Strategy, kind: str, **params: Any) -> Job:
    """A job asked for as the API does."""
    checked = kinds.get(kind).check(strategy, params)
    return jobs.enqueue(owner=strategy.owner, kind=kind, strategy=strategy, params=checked)[0]


def take(job: Job) -> Run:
    """The job, claimed: first in the queue, and before a real worker of another test sees it."""
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(priority=100)
        (claimed,) = jobs.claim("worker", 1)
    assert claimed.pk == job.pk
    return Run(claimed)


def work(job: Job) -> Job:
    """The job, done."""
    finish(take(job))
    job.refresh_from_db()
    return job


def finish(run: Run) -> None:
    """Do what is left of a job that was taken."""
    with border.in_test():
        async_to_sync(run.work)()


def done(strategy: Strategy, kind: str, **params: Any) -> Job:
    """A job asked for and done."""
    return work(ask(strategy, kind, **params))
