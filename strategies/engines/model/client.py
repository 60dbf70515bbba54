"""The connection to a provider: whatever speaks OpenAI's chat completions."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Final, cast
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import httpx2
from django.conf import settings
from openai import AsyncOpenAI
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from strategies.errors import JobFailed

OPENAI: Final = "https://api.openai.com/v1"
# An honest section is 20 kB; a model that thinks aloud may use ten times that.
ANSWER_BYTES: Final = 1_000_000
# Of a stream, where a few hundred bytes are spent on each word; and of one of its lines, which is kept until it ends.
STREAM_BYTES: Final = 32_000_000
STREAM: Final = "text/event-stream"
CONNECT_SECONDS: Final = 10.0
# What is sent where no key is set: the library insists on one.
NO_KEY: Final = "none"

# Below warning these tell the whole address of each request, with the password that it may hold, and what servers say in
# headers, which may be anything.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Oversized(Exception):
    """The answer is larger than it may be."""


class Compressed(Exception):
    """The answer is compressed, though that was not asked for: how large it would unfold is not known."""


class NotStreamed(Exception):
    """The server answers as a whole, though a stream was asked for."""


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends at so many bytes: a good answer is refused then, an error needs no more of its text."""

    def __init__(self, stream: httpx2.AsyncByteStream, *, most: int, refuse: bool) -> None:
        self._stream, self._most, self._refuse = stream, most, refuse

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = line = 0
        async with aclosing(cast("AsyncGenerator[bytes]", aiter(self._stream))) as chunks:
            async for chunk in chunks:
                size += len(chunk)
                line = len(chunk) - newline - 1 if (newline := chunk.rfind(b"\n")) >= 0 else line + len(chunk)
                if size > self._most or line > ANSWER_BYTES:
                    if self._refuse:
                        raise Oversized
                    return
                yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _bound(response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Compressed
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.is_success and kind == "application/json" and STREAM in response.request.headers.get("accept", ""):
        raise NotStreamed
    most = STREAM_BYTES if response.is_success and kind == STREAM else ANSWER_BYTES
    stream = cast("httpx2.AsyncByteStream", response.stream)
    response.stream = _Bounded(stream, most=most, refuse=response.is_success)


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx2.AsyncClient] = WeakKeyDictionary()


def _http() -> httpx2.AsyncClient:
    """
    Return the running loop's client.

    It keeps no idle connections: beside a call that takes tens of seconds a handshake is nothing, and a connection that
    was idle is the one a provider resets. So there is never anything open between calls, and nothing to close.
    """
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        # Kept because making one reads all certificates (30 ms). It knows no key.
        _clients[loop] = httpx2.AsyncClient(
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
            headers={"Accept-Encoding": "identity"},
            event_hooks={"response": [_bound]},
        )
    return _clients[loop]


def open_chat(model: str) -> OpenAIChatModel:
    """Return the model as the settings of this moment say; raises ``JobFailed`` where they don't suffice."""
    key, base = settings.OPENAI_API_KEY.strip(), settings.OPENAI_BASE_URL.strip()
    if not key and not base:
        raise _not_configured(
            "No model can be asked: neither OPENAI_API_KEY is set, nor OPENAI_BASE_URL for a server that needs no key."
        )
    if not (key.isascii() and key.isprintable()):
        raise _not_configured("OPENAI_API_KEY holds characters that no key has, such as a line break.")
    fault = None
    try:
        client = AsyncOpenAI(
            api_key=key or NO_KEY,
            base_url=base or OPENAI,
            http_client=_http(),
            # The retries are ours: the library's know no limit of time, and repeat what has timed out.
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
        )
    except httpx2.InvalidURL:
        # Its text quotes the address, which may hold a password; and raised in here it would be kept with ours.
        fault = _not_configured("OPENAI_BASE_URL is not an address.")
    if fault:
        raise fault
    return OpenAIChatModel(model, provider=_provider(client))


def _provider(client: AsyncOpenAI) -> OpenAIProvider | OpenAICompatibleProvider:
    # They differ in what is sent beside the messages; what only OpenAI knows would be refused elsewhere. So do prices.
    if urlsplit(str(client.base_url)).hostname == urlsplit(OPENAI).hostname:
        return OpenAIProvider(openai_client=client)
    return OpenAICompatibleProvider("openai-compatible", openai_client=client)


def _not_configured(reason: str) -> JobFailed:
    sentence = f"{reason} Once that is set right and the worker was started again, retry."
    return JobFailed("model_not_configured", sentence, retryable=True)
