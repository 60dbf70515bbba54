"""Leases, and the fence: by what an attempt holds a job, and how it finds out that it does so no more."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from strategies.errors import LeaseLost
from strategies.models import Job


def lease() -> Combinable:
    """Return until when a lease runs that begins now, by the database's clock."""
    return ExpressionWrapper(
        Now() + Value(timedelta(seconds=settings.STRATEGIES_LEASE_SECONDS)), output_field=DateTimeField()
    )


def fence(job: Job, **changes: Any) -> None:
    """Change a job that this attempt still holds; raises ``LeaseLost`` where it does not."""
    held = Job.objects.filter(pk=job.pk, attempt=job.attempt, status=Job.Status.RUNNING)
    if not held.update(**changes):
        raise LeaseLost(str(job.pk))
    for name, value in changes.items():
        setattr(job, name, value)
