"""The short way through Django, for requests that are answered with a stream."""

import asyncio
import contextvars
import io
from collections import deque
from typing import Any, NamedTuple

from django.core import signals
from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, set_script_prefix

from . import border, conf, stream
from .response import EventStreamResponse
from .subscriber import Subscriber

Scope = dict[str, Any]
# What Django answered, and the stream that this carries.
Passage = tuple[HttpResponseBase, Subscriber | None]


class _Passenger(NamedTuple):
    scope: Scope
    context: contextvars.Context
    passage: asyncio.Future[Passage]


class Express(BaseHandler):
    """
    The project's middleware and the stream's view, run as one in one thread of the border.

    Under an async handler each middleware of the usual kind costs a change of thread or two, and a request a thread of
    its own: many times the work that is done there. The chain is the same; only the way through it is short. Who comes
    while others are under way is taken by the same thread: a change of thread costs as much as a query, and threads that
    take turns at Python's lock cost more.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        self._waiting: deque[_Passenger] = deque()
        self._under_way: set[asyncio.Task[Any] | None] = set()

    async def passage(self, scope: Scope) -> Passage:
        """Answer a GET, together with those that come at the same time."""
        passage: asyncio.Future[Passage] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Passenger(scope, contextvars.copy_context(), passage))
        # Half of the border's threads at most: streams that are open query too.
        if len(self._under_way) < max(1, conf.THREADS // 2):
            self._under_way.add(asyncio.ensure_future(self._carry()))
        return await passage

    async def _carry(self) -> None:
        try:
            while self._waiting:
                await border.cross(self._pass_all, asyncio.get_running_loop())
        except Exception as error:  # noqa: BLE001 - there is no way through: raised for each who waits
            while self._waiting:
                _arrive(self._waiting.popleft().passage, error)
        finally:
            # Here and not when the task is done: nobody may come in between who would be left standing.
            self._under_way.discard(asyncio.current_task())

    def _pass_all(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take one after the other, as long as there are any. Whom somebody slow would hold up another thread takes."""
        while self._waiting:
            try:
                passenger = self._waiting.popleft()
            except IndexError:  # another thread was faster
                return
            arrived: Passage | Exception
            try:
                # In its own context, as it would be alone: language, request id and what else is set in there.
                arrived = passenger.context.run(self.pass_through, passenger.scope)
            except Exception as error:  # noqa: BLE001 - raised for whoever asked
                arrived = error
            loop.call_soon_threadsafe(_arrive, passenger.passage, arrived)

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Put the sync heart of the view in the place of the view."""
        match = super().resolve_request(request)
        if match.func is stream.stream:
            match.func = stream.respond
        return match

    def pass_through(self, scope: Scope) -> Passage:
        """Answer a GET, and take the stream from the response if there is one; then Django is done with the request."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            request = ASGIRequest(scope, io.BytesIO())
        except UnicodeDecodeError:
            refusal = HttpResponseBadRequest()
            refusal.close()
            return refusal, None
        response = self.get_response(request)
        subscriber = response.detach() if isinstance(response, EventStreamResponse) else None
        if subscriber is not None or not response.streaming:
            response.close()
            # Its user and its messages refer to it: ten kilobytes a connect that would wait for the garbage collector.
            request.__dict__.clear()
        return response, subscriber


def _arrive(waiting: asyncio.Future[Passage], passage: Passage | Exception) -> None:
    if isinstance(passage, Exception):
        if not waiting.done():
            waiting.set_exception(passage)
    elif not waiting.done():
        waiting.set_result(passage)
    elif (subscriber := passage[1]) is not None:
        subscriber.place.give_back()  # whoever asked was cancelled meanwhile
