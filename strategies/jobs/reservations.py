"""Tokens that are set aside before a model is asked, so that jobs side by side can't use a day's tokens twice."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now

from strategies import budgets
from strategies.jobs import leases
from strategies.models import Job


def reserve(job: Job, tokens: int) -> bool:
    """
    Set so many tokens aside for a step of a job; they are given back in the transaction that stores what it used.

    False where the owner's other jobs hold what is left: ask again once one of them has ended its step. Raises
    ``StepFailed`` where the day's tokens are used up, and ``LeaseLost``.
    """
    limit = budgets.limit(job.engine)
    if not limit:
        return True
    with transaction.atomic():
        leases.fence(job, lease_until=leases.lease())
        # One reservation of a user's at a time, in whichever process. The job's row was locked first, as by whoever
        # deletes a user; a new job of theirs, which only refers to this row, need not wait.
        User.objects.select_for_update(no_key=True).get(pk=job.owner_id)
        budgets.check_step(job)
        held = _held(job)
        # A step that could need more than is left begins all the same where it is the only one: what is left is there to
        # be used, and goes over by one section at most.
        if held and budgets.spent_today(job.owner_id) + held + tokens > limit:
            return False
        leases.fence(job, reserved=tokens)
    return True


def _held(job: Job) -> int:
    """Return what the owner's other steps at work hold. A job whose worker went silent holds nothing."""
    others = Job.objects.filter(owner=job.owner_id, status=Job.Status.RUNNING, lease_until__gte=Now())
    return others.exclude(pk=job.pk).aggregate(all=Sum("reserved"))["all"] or 0
