"""
What a user may use of models in a day: tokens, counted from the steps that were made, whether they could be used or not.

A day is one of UTC. What is under way is set aside (``jobs.reserve``), so jobs side by side don't go over the limit
together; a section that begins with something left is finished, and may end over it.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from strategies.errors import StepFailed, TooMany
from strategies.models import Job, Step

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CODE = "token_budget_spent"


def check(owner: "User", *, engine: str) -> None:
    """Raise ``TooMany`` where a job that asks a model would find the owner's budget spent."""
    if _is_spent(owner.pk, engine=engine):
        refusal = TooMany(CODE, _sentence(_("Ask again then.")), retryable=True)
        refusal.wait = int((_next_day() - timezone.now()).total_seconds()) + 1
        raise refusal


def check_step(job: Job) -> None:
    """Raise ``StepFailed`` where the owner's budget was spent since the job was asked for."""
    if _is_spent(job.owner_id, engine=job.engine):
        raise StepFailed(CODE, _sentence(_("Retry from here then: what is finished is kept.")), retryable=True)


def spent(owner: Any, *, since: datetime) -> int:
    """Return the tokens that a user's steps used since then; what a retry took over is not counted again."""
    ended = Q(job__finished=None) | Q(job__finished__gte=since)
    steps = Step.objects.filter(ended, job__owner=owner, finished__gte=since, copied=False)
    return steps.aggregate(all=Sum(F("tokens_in") + F("tokens_out")))["all"] or 0


def spent_today(owner: Any) -> int:
    """Return the tokens that a user's steps used today."""
    return spent(owner, since=_day())


def limit(engine: str) -> int:
    """Return how many tokens a user may use in a day with this engine; 0 where there is no limit."""
    return 0 if engine == "offline" else settings.STRATEGIES_TOKENS_PER_USER_PER_DAY


def left(owner: "User", *, engine: str) -> int | None:
    """Return the tokens that a user may still use today; None where there is no limit."""
    most = limit(engine)
    return max(0, most - spent_today(owner.pk)) if most else None


def _is_spent(owner: Any, *, engine: str) -> bool:
    most = limit(engine)
    return bool(most) and spent_today(owner) >= most


def _day() -> datetime:
    return timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _next_day() -> datetime:
    return _day() + timedelta(days=1)


def _sentence(then: str) -> str:
    most = settings.STRATEGIES_TOKENS_PER_USER_PER_DAY
    return _(
        "You have used the {most} tokens that a user may use in a day. There is more from {time} UTC on {day}. {then}"
    ).format(most=f"{most:,}", time=f"{_next_day():%H:%M}", day=f"{_next_day():%-d %B}", then=then)
