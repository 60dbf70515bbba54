"""
The ASGI application: Django answers, then the hub sends.

For an event stream Django's part ends with the response's headers. Middleware is done, ``request_finished`` is sent, the
database connection is returned and the request is freed; what is left of a stream is one task that waits for the reader
to leave.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import django
from django.core.handlers.asgi import ASGIHandler
from django.http.response import HttpResponseBase

from . import hub, sinks
from .sinks import Message, Send
from .stream import EventStreamResponse
from .subscriber import Subscriber

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[Message]]
Scope = dict[str, Any]


class _Slot:
    """Stands for ``send`` while Django runs, and keeps the stream that its response carries."""

    __slots__ = ("headers", "send", "subscriber")

    def __init__(self, send: Send) -> None:
        self.send = send
        self.subscriber: Subscriber | None = None
        self.headers: list[tuple[bytes, bytes]] = []

    async def __call__(self, message: Message) -> None:
        await self.send(message)


class _Patience:
    """
    Stands for ``receive`` while Django runs: the request, then whatever comes.

    Django listens for a disconnect and cancels that when it has answered. A ``receive`` cancelled in the middle would
    lose its message; so the real one runs in a task that goes on, and the stream takes its result.
    """

    __slots__ = ("_complete", "_receive", "_task")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._complete = False
        self._task: asyncio.Task[Message] | None = None

    async def __call__(self) -> Message:
        if not self._complete:
            message = await self._receive()
            self._complete = not message.get("more_body", False)
            return message
        if self._task is None:
            self._task = asyncio.ensure_future(_call(self._receive))
        return await asyncio.shield(self._task)

    def stop(self) -> bool:
        """End the listening; return whether the reader has left already."""
        if self._task is None:
            return False
        return not self._task.cancel()


async def _call(receive: Receive) -> Message:
    return await receive()


class EventStreamHandler(ASGIHandler):
    """Django's handler, which leaves the sending of an event stream to the application around it."""

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        """Send a response, or keep the stream it carries for later."""
        subscriber = response.detach() if isinstance(response, EventStreamResponse) else None
        if subscriber is None or not isinstance(send, _Slot):
            await super().send_response(response, send)
            return
        send.subscriber = subscriber
        send.headers = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
        send.headers += [(b"set-cookie", c.OutputString().encode("ascii")) for c in response.cookies.values()]


class Application:
    """Django as an ASGI application, with streams handed off; answers the lifespan protocol too."""

    def __init__(self) -> None:
        self.handler = EventStreamHandler()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            slot, patience = _Slot(send), _Patience(receive)
            try:
                await self.handler(scope, patience, slot)  # type: ignore[arg-type]
            finally:
                left = patience.stop()
            if slot.subscriber is not None and left:
                slot.subscriber.place.give_back()
            elif slot.subscriber is not None:
                await _stream(slot.subscriber, slot.headers, receive, send)


async def _stream(subscriber: Subscriber, headers: list[tuple[bytes, bytes]], receive: Receive, send: Send) -> None:
    """Serve a stream until its reader leaves or it has said all; then free what it held."""
    subscriber.sink = sinks.Direct(send)
    subscriber.task = asyncio.current_task()
    here = hub.current()
    try:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await here.open(subscriber)
        # After the last byte of a body uvicorn's receive() says "disconnect" as well.
        while (await receive())["type"] != "http.disconnect":
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
