"""The stream's view, and the response that carries it: replay, live, heartbeat, end."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from asgiref.sync import SyncToAsync, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from . import border, conf, cursor, hub, limits, rows, sinks, tally, topics, watchers
from .problems import Problem, problem
from .rows import Standing
from .subscriber import Subscriber

MAX_TOPICS = 20

HEADERS = {
    # A gzip middleware or proxy would make every chunk a member of its own, of which Chromium reads the first alone.
    "Content-Encoding": "identity",
    "Cache-Control": "no-cache, no-transform",
    # nginx buffers answers unless told otherwise.
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class EventStreamResponse(StreamingHttpResponse):
    """
    A response that is an event stream.

    ``sse.asgi`` takes the subscriber from it and streams when Django is done with the request. Under Django's own
    handler the response is iterated like any other: slower, never broken.
    """

    def __init__(self, subscriber: Subscriber) -> None:
        self.subscriber: Subscriber | None = subscriber
        self._own = self._iterate(subscriber)
        super().__init__(self._own, content_type="text/event-stream; charset=utf-8", headers=HEADERS)

    def detach(self) -> Subscriber | None:
        """Give the subscriber to the caller, who frees it from now on; None where middleware wrapped the content."""
        if self._iterator is not self._own:  # type: ignore[attr-defined]
            return None
        subscriber, self.subscriber = self.subscriber, None
        return subscriber

    async def _iterate(self, subscriber: Subscriber) -> AsyncIterator[bytes]:
        await release()
        sink = subscriber.sink = sinks.Queued()
        subscriber.task = asyncio.current_task()
        serving = asyncio.get_running_loop().create_task(hub.current().open(subscriber))
        subscriber.tasks.add(serving)
        try:
            while (chunk := await sink.take()) is not None:
                yield chunk
        finally:
            serving.cancel()
            hub.current().leave(subscriber)

    def close(self) -> None:
        """Free the subscriber: Django calls this in every case, a generator's ``finally`` may wait for the collector."""
        if self.subscriber is not None:
            self.subscriber.place.give_back()
            for one in hub.existing():
                one.leave(self.subscriber)
        super().close()


async def release() -> None:
    """
    Give back what Django holds for a request that goes on without needing it: its database connection and its thread.

    asgiref keeps an executor of one thread for each request until the response has ended; it makes a new one should
    anything still need it.
    """
    await sync_to_async(connections.close_all)()
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = SyncToAsync.context_to_thread_executor.pop(context, None) if context else None
    if executor is not None:
        executor.shutdown(wait=False)


@transaction.non_atomic_requests
async def stream(request: HttpRequest) -> HttpResponseBase:
    """
    Stream the events of up to 20 topics (contract §4).

    The header ``Last-Event-ID`` wins over ``?lastEventId=``: a browser that reconnects by itself sends the newer
    position in the header and the old address.
    """
    return await border.cross(respond, request)


@transaction.non_atomic_requests
def respond(request: HttpRequest) -> HttpResponseBase:
    """Answer a request for a stream: all that queries, in one go. ``sse.asgi`` calls it without the view around it."""
    try:
        answer = _refusal(request) or _answer(request)
    except Exception:
        tally.here.connect("error")
        raise
    tally.here.connect(_outcome(answer))
    return answer


# What an operator tells apart although the status is the same.
_OUTCOMES: Final = {
    "too_many_streams": "429_user",
    "too_many_connects": "429_rate",
    "full": "503_full",
    "draining": "503_draining",
    "streams_off": "503_off",
}


def _outcome(answer: HttpResponseBase) -> str:
    """Return what came of a request for a stream: ``ok``, ``reset`` (begun, but not at the cursor) or a status."""
    if isinstance(answer, EventStreamResponse):
        return "reset" if answer.subscriber and answer.subscriber.resets else "ok"
    return (
        _OUTCOMES.get(answer.code, str(answer.status_code)) if isinstance(answer, Problem) else str(answer.status_code)
    )


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """Refuse what must not reach the database."""
    if request.method not in ("GET", "HEAD"):
        refused = problem(405, "method_not_allowed", "A stream is read with GET.")
        refused["Allow"] = "GET, HEAD"
        return refused
    if not isinstance(request, ASGIRequest):
        # Django would collect the endless body before sending its first byte.
        return problem(501, "asgi_needed", "Streams need an ASGI server; this is a WSGI server.")
    if _foreign(request):
        return problem(403, "cross_site", "A stream is read from its own site.")
    if not conf.ENABLED:
        return problem(503, "streams_off", "Streams are switched off; poll instead.", retry_after=60)
    if any(one.draining for one in hub.existing()):
        return problem(503, "draining", "This process is stopping; come back in a moment.", retry_after=1)
    return None


def _foreign(request: HttpRequest) -> bool:
    """
    Whether a page of another site asks. It could read nothing, but would take one of the user's places.

    Browsers send no ``Origin`` with a page's GET to its own site. An opaque one, as a sandboxed frame has, is ``null``.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return False
    return origin.partition("://")[2] != request.get_host()


def _answer(request: HttpRequest) -> HttpResponseBase:
    known = watchers.authenticate(request)
    if isinstance(known, HttpResponse):
        return known
    user, watcher = known
    names = list(dict.fromkeys(request.GET.getlist("topic")))
    if not 1 <= len(names) <= MAX_TOPICS or not all(map(topics.valid, names)):
        return problem(400, "bad_topics", f"Name 1 to {MAX_TOPICS} topics, each as ?topic=kind:key.")
    if not topics.permitted(user, names):
        return problem(404, "not_found", "There is no such topic, or it is not yours.")
    standings = rows.standings(names)
    text = request.headers.get("Last-Event-ID")
    text = request.GET.get("lastEventId", "") if text is None else text
    positions, resets = resume(text, standings)
    if all(standing.closed and positions[name] == standing.seq for name, standing in standings.items()):
        # The only answer after which a browser's EventSource does not come back.
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    if request.method == "HEAD":
        return HttpResponse(content_type="text/event-stream; charset=utf-8", headers=HEADERS)
    place = limits.here.take(str(user.pk))
    if isinstance(place, limits.Refusal):
        return problem(place.status, place.code, place.detail, retry_after=place.retry_after)
    return EventStreamResponse(Subscriber(watcher, place, positions, standings, resets))


def resume(text: str, standings: dict[str, Standing]) -> tuple[dict[str, int], dict[str, str]]:
    """
    Return the positions to go on from, and for each topic whose cursor can't be honoured why not.

    Such a topic goes on from the oldest event that is kept, so that nothing is missing after its ``reset``.
    """
    try:
        positions = cursor.parse(text, list(standings))
    except cursor.Unreadable:
        return {n: s.pruned for n, s in standings.items()}, dict.fromkeys(standings, "unreadable")
    resets = {}
    for name, standing in standings.items():
        if not standing.pruned <= positions[name] <= standing.seq:
            resets[name] = "ahead" if positions[name] > standing.seq else "pruned"
            positions[name] = standing.pruned
    return positions, resets


__all__ = ["EventStreamResponse", "release", "respond", "resume", "stream"]
