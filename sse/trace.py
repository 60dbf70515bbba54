"""
Which request it was: an id that goes with all that is done for it, from the web server's log to the events of a job.

The middleware takes a proxy's ``X-Request-ID`` or makes one, and answers with it. ``publish`` keeps it with each event.
"""

import contextlib
import re
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from typing import Final

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADER: Final = "X-Request-ID"
# Anybody may send one, and it ends in logs, headers and rows: letters, digits and what keeps them apart.
VALID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,63}")

# Empty outside of requests and of what is done for one.
_current: ContextVar[str] = ContextVar("sse_request", default="")

GetResponse = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]


def current() -> str:
    """Return the id of the request that this is done for; empty where there is none."""
    return _current.get()


@contextlib.contextmanager
def within(id: str | None) -> Iterator[None]:
    """Do something for the request with this id."""
    token = _current.set(id or "")
    try:
        yield
    finally:
        _current.reset(token)


def of(request: HttpRequest) -> str:
    """Return a request's id: what it came with, where that is one, or a new one."""
    sent = request.headers.get(HEADER, "")
    return sent if VALID.fullmatch(sent) else uuid.uuid4().hex


@sync_and_async_middleware
def identify(get_response: GetResponse) -> GetResponse:
    """Give each request its id. The first of the middleware, so that whatever the others log bears it."""
    if iscoroutinefunction(get_response):

        async def amiddleware(request: HttpRequest) -> HttpResponseBase:
            with within(of(request)):
                response: HttpResponseBase = await get_response(request)
                response[HEADER] = current()
                return response

        return amiddleware

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with within(of(request)):
            response: HttpResponseBase = get_response(request)  # type: ignore[assignment]
            response[HEADER] = current()
            return response

    return middleware
