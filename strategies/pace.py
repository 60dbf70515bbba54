"""How long steps take: measured, never guessed. From it come each step's share of the bar, and the ETA."""

import statistics
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.core.cache import caches
from django.utils import timezone

from strategies.kinds import Kind
from strategies.models import Job, Step

# Runs that are looked at, and how many there must be before anything is said.
RUNS, ENOUGH = 50, 5
CACHED_SECONDS = 60
# A step that is late may, for all we know, be late by half of what it has taken so far: a model that is asked again and
# again must neither freeze the time that is left nor bring it to nothing.
LATENESS = 0.5


def quartiles(kind: Kind, engine: str) -> dict[str, tuple[float, float, float]]:
    """Return lower quartile, median and upper quartile of each step's seconds; empty before five finished runs."""
    name = f"strategies:pace:{kind.key}:{engine}".replace(" ", "_")
    cache = caches["local"]
    known: dict[str, tuple[float, float, float]] | None = cache.get(name)
    if known is None:
        known = _measure(kind, engine)
        cache.set(name, known, CACHED_SECONDS)
    return known


def recent(kind: Kind, engine: str) -> list[UUID]:
    """Return the ids of the last runs that succeeded, from their first step on."""
    found = Job.objects.filter(kind=kind.key, engine=engine, status=Job.Status.SUCCEEDED, retry_of=None)
    return list(found.order_by("-finished").values_list("pk", flat=True)[:RUNS])


def _measure(kind: Kind, engine: str) -> dict[str, tuple[float, float, float]]:
    ids = recent(kind, engine)
    if len(ids) < ENOUGH:
        return {}
    seconds: dict[str, list[float]] = {}
    for key, value in Step.objects.filter(job__in=ids, ok=True, copied=False).values_list("key", "seconds"):
        seconds.setdefault(key, []).append(value)
    if any(len(seconds.get(step.key, [])) < ENOUGH for step in kind.steps):
        return {}
    return {key: (q[0], q[1], q[2]) for key, values in seconds.items() if (q := statistics.quantiles(values, n=4))}


def weights(kind: Kind, engine: str) -> list[float]:
    """Return each step's share of the whole: by measured medians, or as the kind says while there are too few."""
    measured = quartiles(kind, engine)
    shares = [measured[step.key][1] if measured else step.weight for step in kind.steps]
    # A step that takes no time still moves the bar a little, or nobody would see it happen.
    least = max(sum(shares), 1e-6) / (20 * len(shares))
    shares = [max(share, least) for share in shares]
    return [round(share / sum(shares), 4) for share in shares]


def percent(weights: Sequence[float], done: Collection[int]) -> int:
    """Return the percent when the steps numbered ``done`` are. 100 is said only when all has ended."""
    return min(99, int(100 * sum(weights[number - 1] for number in done) / max(sum(weights), 1e-6)))


def eta(job: Job, kind: Kind, done: Sequence[Step], *, now: datetime | None = None) -> dict[str, int] | None:
    """
    Return the seconds that are left as ``{low, high}``, from the quartiles of earlier runs.

    None before five runs, and for a job that waits: how long that takes nobody measured. Copied steps are done.
    """
    measured = quartiles(kind, job.engine) if job.status == Job.Status.RUNNING else {}
    if not measured:
        return None
    numbers = {step.number for step in done}
    left = [measured[step.key] for number, step in enumerate(kind.steps, 1) if number not in numbers]
    low, high = sum(q[0] for q in left), sum(q[2] for q in left)
    if left:
        spent = elapsed(job, done, now or timezone.now())
        low -= min(spent, left[0][0])
        high -= left[0][2] - max(left[0][2] - spent, spent * LATENESS)
    return {"low": round(low), "high": round(high) + 1}


def elapsed(job: Job, done: Sequence[Step], now: datetime) -> float:
    """Return for how many seconds the step at work has been so: since the one before it ended, or the job began."""
    moments = [step.finished for step in done]
    since = max([*moments, job.started] if job.started else moments, default=now)
    return max(0.0, (now - since).total_seconds())
