"""The stream's view: who may have one, from where on, and whether there is room."""

from typing import Final

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from . import border, conf, cursor, hub, limits, places, rows, tally, topics, watchers
from .problems import Problem, problem
from .response import HEADERS, EventStreamResponse
from .subscriber import Subscriber

MAX_TOPICS = 20


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
    positions, resets = cursor.resume(text, standings)
    if not resets and all(at.closed and positions[name] == at.seq for name, at in standings.items()):
        # The only answer after which a browser's EventSource does not come back.
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    if request.method == "HEAD":
        return HttpResponse(content_type="text/event-stream; charset=utf-8", headers=HEADERS)
    place = limits.here.take(str(user.pk))
    if isinstance(place, places.Refusal):
        return problem(place.status, place.code, place.detail, retry_after=place.retry_after)
    return EventStreamResponse(Subscriber(watcher, place, positions, standings, resets))
