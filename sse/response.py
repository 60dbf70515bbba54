"""The response that carries a stream."""

import asyncio
from collections.abc import AsyncIterator

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connections
from django.http import StreamingHttpResponse

from . import hub, sinks
from .subscriber import Subscriber

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
        self._own = _iterate(subscriber)
        super().__init__(self._own, content_type="text/event-stream; charset=utf-8", headers=HEADERS)

    def detach(self) -> Subscriber | None:
        """Give the subscriber to the caller, who frees it from now on; None where middleware wrapped the content."""
        if self._iterator is not self._own:  # type: ignore[attr-defined]
            return None
        subscriber, self.subscriber = self.subscriber, None
        return subscriber

    def close(self) -> None:
        """Free the subscriber: Django calls this in every case, a generator's ``finally`` may wait for the collector."""
        if self.subscriber is not None:
            self.subscriber.place.give_back()
            for one in hub.existing():
                one.leave(self.subscriber)
        super().close()


# Not a method: a response that referred to itself would wait for the garbage collector, as many as there are connects.
async def _iterate(subscriber: Subscriber) -> AsyncIterator[bytes]:
    await release()
    sink = subscriber.sink = sinks.Queued()
    subscriber.task = asyncio.current_task()
    serving = asyncio.get_running_loop().create_task(hub.current().open(subscriber))
    subscriber.attend(serving)
    try:
        while (chunk := await sink.take()) is not None:
            yield chunk
    finally:
        serving.cancel()
        hub.current().leave(subscriber)


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
