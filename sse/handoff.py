"""The hand-off: Django's handler answers as ever, and what it would send of a stream is kept for who streams."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.handlers.asgi import ASGIHandler
from django.http.response import HttpResponseBase

from .response import EventStreamResponse
from .sinks import Message, Send
from .subscriber import Subscriber

Receive = Callable[[], Awaitable[Message]]


class Slot:
    """Stands for ``send`` while Django runs, and keeps the stream that its response carries."""

    __slots__ = ("headers", "send", "subscriber")

    def __init__(self, send: Send) -> None:
        self.send = send
        self.subscriber: Subscriber | None = None
        self.headers: list[tuple[bytes, bytes]] = []

    async def __call__(self, message: Message) -> None:
        await self.send(message)


class Patience:
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
        if subscriber is None or not isinstance(send, Slot):
            await super().send_response(response, send)
            return
        send.subscriber = subscriber
        send.headers = headers(response)


def headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    """Return a response's headers as ASGI has them."""
    named = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    return named + [(b"set-cookie", cookie.OutputString().encode("ascii")) for cookie in response.cookies.values()]
