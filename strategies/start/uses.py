"""What a run usually uses of a model: measured, never guessed."""

import dataclasses
import statistics

from django.core.cache import caches
from django.db.models import Count, F, Q, Sum

from strategies import pace
from strategies.kinds import Kind
from strategies.models import Step


@dataclasses.dataclass(frozen=True, kw_only=True)
class Use:
    """What a run usually uses: tokens, and US dollars where the server's prices are known."""

    tokens: int
    cost: float | None


def usual(kind: Kind, engine: str) -> Use | None:
    """Return the medians of what recent runs used; None before there are enough of them."""
    name, cache = f"strategies:use:{kind.key}:{engine}".replace(" ", "_"), caches["local"]
    if (known := cache.get(name)) is None:
        known = (_measure(kind, engine),)
        cache.set(name, known, pace.CACHED_SECONDS)
    found: Use | None = known[0]
    return found


def _measure(kind: Kind, engine: str) -> Use | None:
    ids = pace.recent(kind, engine)
    if len(ids) < pace.ENOUGH:
        return None
    tokens = F("tokens_in") + F("tokens_out")
    unknown = Count("pk", filter=Q(cost=None, tokens_in__gt=0))
    runs = list(Step.objects.filter(job__in=ids).values("job").annotate(all=Sum(tokens), usd=Sum("cost"), no=unknown))
    costs = [float(run["usd"] or 0) for run in runs if not run["no"]]
    cost = statistics.median(costs) if len(costs) == len(runs) else None
    return Use(tokens=round(statistics.median(run["all"] for run in runs)), cost=cost)
