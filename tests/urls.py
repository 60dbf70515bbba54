"""The project's addresses, and one at which a test sees what its server holds."""

import asyncio
import gc
import threading

from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from config.urls import handler400, handler404, handler500
from sse import hub, limits, tally
from sse.subscriber import Subscriber


async def held(request: HttpRequest) -> JsonResponse:
    """Tell what this process holds: tasks, threads, streams, places, and what it dropped."""
    gc.collect()
    hubs = list(hub.existing())
    return JsonResponse(
        {
            "tasks": len(asyncio.all_tasks()),
            "threads": threading.active_count(),
            "subscribers": sum(type(one) is Subscriber for one in gc.get_objects()),
            "streams": sum(len(one.streams) for one in hubs),
            "topics": sum(len(one.topics) for one in hubs),
            "places": limits.here.held,
            "degraded": sum(one.degraded for one in hubs),
            "malformed": tally.here.malformed,
        }
    )


urlpatterns = [path("test/held", held), path("", include("config.urls"))]

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]
