"""Plain Django: a streaming view without middleware, session or subscription. What connecting is measured against."""

import asyncio
import sys
from collections.abc import AsyncIterator

import django
import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

settings.configure(SECRET_KEY="benchmark", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[])
django.setup()


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Stream one event, and nothing more."""

    async def events() -> AsyncIterator[bytes]:
        yield b"event: hello\ndata: {}\n\n"
        await asyncio.Event().wait()

    return StreamingHttpResponse(events(), content_type="text/event-stream")


urlpatterns = [path("sse/stream", stream)]

if __name__ == "__main__":
    uvicorn.run(
        get_asgi_application(),
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        backlog=4096,
        lifespan="off",
    )
