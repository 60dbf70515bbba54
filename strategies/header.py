"""What the header of every page tells: whether work goes on, however far from it its owner reads."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from strategies.models import Job


def at_work(request: HttpRequest) -> dict[str, Any]:
    """Return the user's queued and running jobs as ``jobs_at_work``; asked for only where a page shows it."""

    def look() -> list[Job]:
        if not request.user.is_authenticated:
            return []
        found = Job.objects.filter(owner=request.user, status__in=Job.ACTIVE).select_related("strategy")
        return list(found.only("id", "kind", "progress", "status", "strategy__name").order_by("created"))

    return {"jobs_at_work": SimpleLazyObject(look)}
