"""
The ASGI application: Django answers, then the hub sends.

For an event stream Django's part ends with the response's headers. Middleware is done, ``request_finished`` is sent, the
database connection is returned and the request is freed; what is left of a stream is one task that waits for the reader
to leave.
"""

import asyncio
import contextlib
import functools
import logging

import django
from django.urls import NoReverseMatch, resolve, reverse

from . import border, handoff, hub, sinks, stream
from .express import Express, Scope
from .handoff import Receive
from .sinks import Send
from .subscriber import Subscriber

logger = logging.getLogger(__name__)

# A stream that Django has let begin, and the headers of its response.
_Begun = tuple[Subscriber, list[tuple[bytes, bytes]]]


class Application:
    """Django as an ASGI application, with streams handed off; answers the lifespan protocol too."""

    def __init__(self) -> None:
        self.handler = handoff.EventStreamHandler()
        self.express = Express()

    @functools.cached_property
    def _path(self) -> str | None:
        """The stream's address, unless the project wrapped the view in something of its own."""
        try:
            path = reverse("sse:stream")
        except NoReverseMatch:
            return None
        return path if resolve(path).func is stream.stream else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            short = scope["path"] == self._path and scope["method"] == "GET"
            begun = await (self._by_express if short else self._by_handler)(scope, receive, send)
            if begun is not None:
                # From here, where nothing of the way through Django is left: request and response are freed, and so are
                # a browser's headers, some kilobytes of them.
                if isinstance(scope["headers"], list):
                    scope["headers"].clear()
                await _stream(*begun, receive, send)

    async def _by_express(self, scope: Scope, receive: Receive, send: Send) -> _Begun | None:
        response, subscriber = await self.express.passage(scope)
        if subscriber is not None:
            return subscriber, handoff.headers(response)
        # Where middleware wrapped the stream's content it has to be iterated, for as long as its reader is there.
        sending = asyncio.ensure_future(self.handler.send_response(response, send))
        leaving = asyncio.ensure_future(_left(receive))
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (sending, leaving):
            task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)
        if response.streaming:
            await border.cross(response.close)
        return None

    async def _by_handler(self, scope: Scope, receive: Receive, send: Send) -> _Begun | None:
        slot, patience = handoff.Slot(send), handoff.Patience(receive)
        try:
            await self.handler(scope, patience, slot)  # type: ignore[arg-type]
        finally:
            left = patience.stop()
        if slot.subscriber is None:
            return None
        if left:
            slot.subscriber.place.give_back()
            return None
        return slot.subscriber, slot.headers


async def _left(receive: Receive) -> None:
    """Wait until the reader has left. After the last byte of a body uvicorn's receive() says so as well."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stream(subscriber: Subscriber, headers: list[tuple[bytes, bytes]], receive: Receive, send: Send) -> None:
    """Serve a stream until its reader leaves or it has said all; then free what it held."""
    subscriber.sink = sinks.Direct(send)
    subscriber.task = asyncio.current_task()
    here = hub.current()
    try:
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        headers.clear()  # the callers' too, for as long as the stream goes on
        await here.open(subscriber)
        while (await receive())["type"] != "http.disconnect":  # as _left(), without its frame for each stream
            pass
        with contextlib.suppress(OSError):
            await subscriber.sink.drained()
    except asyncio.CancelledError:
        if not subscriber.over:
            raise
    finally:
        here.leave(subscriber)
        subscriber.place.give_back()
        subscriber.sink.abandon()


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            for one in hub.existing():
                await one.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def get_asgi_application() -> Application:
    """Return the project's ASGI application; use it in place of Django's function of the same name."""
    django.setup(set_prefix=False)
    return Application()


__all__ = ["Application", "get_asgi_application"]
