"""Plain Django: a streaming view without middleware, session or subscription. What connecting is measured against."""

import asyncio
from collections.abc import AsyncIterator

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

from benchmarks.servers import listening

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
    listening.serve(get_asgi_application())
