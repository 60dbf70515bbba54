"""sse-starlette as one would write it for many readers: one Redis subscriber a process, a queue for each stream."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import redis.asyncio
import uvicorn
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

queues: dict[bytes, set[asyncio.Queue[str]]] = {}
pubsub = redis.asyncio.Redis(unix_socket_path=sys.argv[2]).pubsub()


async def listen() -> None:
    """Pass on what is published."""
    await pubsub.subscribe("nothing")
    async for message in pubsub.listen():
        if message["type"] == "message":
            for queue in queues.get(message["channel"], ()):
                queue.put_nowait(message["data"].decode())


async def stream(request: Request) -> EventSourceResponse:
    """Stream one topic."""
    topic = request.query_params["topic"].encode()

    async def events() -> AsyncIterator[ServerSentEvent]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        if topic not in queues:
            queues[topic] = set()
            await pubsub.subscribe(topic)
        queues[topic].add(queue)
        try:
            yield ServerSentEvent("{}", event="hello")
            while True:
                yield ServerSentEvent(await queue.get(), event="progress")
        finally:
            queues[topic].discard(queue)

    return EventSourceResponse(events(), ping=15)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Listen while serving."""
    task = asyncio.create_task(listen())
    yield
    task.cancel()


if __name__ == "__main__":
    application = Starlette(routes=[Route("/sse/stream", stream)], lifespan=lifespan)
    uvicorn.run(application, port=int(sys.argv[1]), log_level="warning", access_log=False, backlog=4096)
