"""The view of polling: a topic's events in pages, for whoever can't have a stream."""

import math
from typing import Final

from django.core.handlers.asgi import ASGIRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from . import border, history, topics, watchers
from .problems import problem

# Less than the 30 s after which many proxies give up on an answer.
MAX_WAIT_SECONDS: Final = 25.0


@transaction.non_atomic_requests
async def poll(request: HttpRequest) -> HttpResponse:
    """
    Answer ``?topic=kind:key[&after=<cursor>][&wait=<s ≤ 25>]`` with what ``history.read`` returns.

    Who may watch is asked as for a stream, and refused with the same answers. A longer wait is cut to 25 s; under a WSGI
    server, where a wait would hold a thread, there is none.
    """
    refused = await border.cross(_refusal, request)
    if refused:
        return refused
    waits = isinstance(request, ASGIRequest) and request.method == "GET"
    wait = min(_seconds(request), MAX_WAIT_SECONDS) if waits else 0
    page = await history.read(request.GET["topic"], request.GET.get("after", ""), wait=wait)
    return HttpResponse(page, content_type="application/json", headers={"Cache-Control": "no-store"})


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if request.method not in ("GET", "HEAD"):
        refused = problem(405, "method_not_allowed", "Events are read with GET.")
        refused["Allow"] = "GET, HEAD"
        return refused
    known = watchers.authenticate(request)
    if isinstance(known, HttpResponse):
        return known
    names = request.GET.getlist("topic")
    if len(names) != 1 or not topics.valid(names[0]):
        return problem(400, "bad_topics", "Name one topic, as ?topic=kind:key.")
    if math.isnan(_seconds(request)):
        return problem(400, "bad_wait", f"wait is a number of seconds from 0 to {MAX_WAIT_SECONDS:.0f}.")
    if not topics.permitted(known[0], names):
        return problem(404, "not_found", "There is no such topic, or it is not yours.")
    return None


def _seconds(request: HttpRequest) -> float:
    """Return for how long to wait; NaN for what says no such time."""
    try:
        seconds = float(request.GET.get("wait") or 0)
    except ValueError:
        return math.nan
    return seconds if seconds >= 0 else math.nan
