"""Going on where a job ended, as a new job."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from sse import trace
from strategies import budgets, kinds, pace
from strategies.errors import Refused
from strategies.jobs import requests
from strategies.life import statuses
from strategies.models import Job, Step

Status = Job.Status


def retry(job: Job) -> Job:
    """
    Queue a new job that goes on where this one ended: its frozen brief, and copies of the steps that succeeded.

    The old job stays as it is. Raises ``Refused``: ``not_retryable``, ``already_retried`` or ``job_active``.
    """
    spec = kinds.get(job.kind)
    with transaction.atomic():
        _check(job)
        requests.check_room(job.owner)
        budgets.check(job.owner, engine=settings.STRATEGIES_MODEL)
        new = Job(
            owner=job.owner,
            strategy=job.strategy,
            kind=job.kind,
            params=job.params,
            brief=job.brief,
            engine=settings.STRATEGIES_MODEL,
            turn=requests.turn(job.owner),
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
            raise Refused(
                "job_active", _("Another job for this strategy is at work; wait for it or cancel it.")
            ) from None
        Step.objects.bulk_create(_copy(step, new) for step in kept)
        requests.announce(new)
    return new


# Those that a refusal names, as it writes them.
UNFIT = (_("queued"), _("running"), _("succeeded"))


def _check(job: Job) -> None:
    if job.status not in (Status.FAILED, Status.PARTIAL, Status.CANCELLED):
        raise Refused(
            "not_retryable",
            _("A job that is {status} can't be retried.").format(status=job.get_status_display().lower()),
        )
    if job.strategy:
        statuses.check_open(job.strategy)
    if Job.objects.filter(retry_of=job).exists():
        raise Refused("already_retried", _("This job was retried already; look at the newer one."))
    if job.strategy_id and Job.objects.filter(strategy=job.strategy, kind=job.kind, status__in=Job.ACTIVE).exists():
        raise Refused("job_active", _("Another job for this strategy is at work; wait for it or cancel it."))


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
