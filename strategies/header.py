"""What the header of every page tells: whether work goes on, however far from it its owner reads."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from strategies import following, snapshot, states
from strategies.models import Job


def at_work(request: HttpRequest) -> dict[str, Any]:
    """
    Return the user's queued and running jobs as ``jobs_at_work``; asked for only where a page shows it.

    Beside them stand the stream that keeps the list up to date, and the words that its script says.
    """
    found: Any = SimpleLazyObject(lambda: _look(request))
    return {
        "jobs_at_work": SimpleLazyObject(lambda: found["jobs"]),
        "at_work_stream": SimpleLazyObject(lambda: found["stream"]),
        "looks": states.looks,
    }


def _look(request: HttpRequest) -> dict[str, Any]:
    ids: list[Any] = []
    # An error's page may come before anybody looked who asks.
    user = getattr(request, "user", None)
    if user and user.is_authenticated:
        active = Job.objects.filter(owner=user, status__in=Job.ACTIVE)
        ids = list(active.order_by("created").values_list("pk", flat=True))
    # Nothing is followed while there is nothing to follow.
    if not ids:
        return {"jobs": [], "stream": {}}
    stream = following.stream(ids, owner=user.pk if user else None)
    found = Job.objects.filter(pk__in=ids).select_related("strategy").order_by("created")
    jobs: list[Any] = list(found.only("id", "kind", "progress", "status", "strategy__name"))
    for job in jobs:
        # What a job without a strategy is called.
        job.title = snapshot.kind_of(job).title
    return {"jobs": jobs, "stream": stream}
