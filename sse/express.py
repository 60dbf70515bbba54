"""The short way through Django, for requests that are answered with a stream."""

import io
from typing import Any

from django.core import signals
from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, set_script_prefix

from . import stream
from .response import EventStreamResponse
from .subscriber import Subscriber

Scope = dict[str, Any]


class Express(BaseHandler):
    """
    The project's middleware and the stream's view, run as one in one thread of the border.

    Under an async handler each middleware of the usual kind costs a change of thread or two, and a request a thread of
    its own: many times the work that is done there. The chain is the same; only the way through it is short.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Put the sync heart of the view in the place of the view."""
        match = super().resolve_request(request)
        if match.func is stream.stream:
            match.func = stream.respond
        return match

    def pass_through(self, scope: Scope) -> tuple[HttpResponseBase, Subscriber | None]:
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
