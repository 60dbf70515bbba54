"""The connection to a provider: how much of an answer is read, for how long, and what is logged of it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Final, cast
from weakref import WeakKeyDictionary

import httpx2

# An honest section is 20 kB; a model that thinks aloud may use ten times that.
ANSWER_BYTES: Final = 1_000_000
# Of a stream, where a few hundred bytes are spent on each word; and of one of its lines, which is kept until it ends.
STREAM_BYTES: Final = 32_000_000
STREAM: Final = "text/event-stream"
# Of a whole call there is a limit where it is made.
TIMEOUT: Final = httpx2.Timeout(None, connect=10.0)

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


def http() -> httpx2.AsyncClient:
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
            timeout=TIMEOUT,
            headers={"Accept-Encoding": "identity"},
            event_hooks={"response": [_bound]},
        )
    return _clients[loop]
