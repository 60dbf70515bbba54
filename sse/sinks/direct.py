"""A sink that drives the server: what is pushed is sent at once."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Generator
from types import CoroutineType
from typing import Any

from sse import clock, conf

from .message import Message, Send, body

logger = logging.getLogger(__name__)


class Direct:
    """
    Drives the server's ``send()`` from the hub: no queue, no task and no wake-up for each event.

    uvicorn's ``send`` ends at once unless flow control pauses it. Only then the half-run coroutine becomes a task, and
    what is pushed meanwhile goes out joined when it is done.
    """

    __slots__ = ("_backlog", "_busy", "_closed", "_loop", "_send", "_since", "_size")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._busy: asyncio.Task[None] | None = None
        self._backlog: list[bytes] = []
        self._size = 0
        self._since = 0.0
        self._closed = False

    def push(self, message: Message, *, forced: bool = False) -> bool:
        if self._busy is None and not self._closed:
            self._start(message)
            return True
        if self._closed:
            return True
        if not forced and (len(self._backlog) >= conf.BACKLOG_EVENTS or self._size >= conf.BACKLOG_BYTES):
            return False
        self._backlog.append(message["body"])
        self._size += len(message["body"])
        return True

    def _start(self, message: Message) -> None:
        coroutine = self._send(message)
        if type(coroutine) is not CoroutineType:  # servers whose send() returns another awaitable
            self._wait_for(coroutine)
            return
        try:
            first = coroutine.send(None)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - whatever a server raises here concerns this reader alone
            self._lose(error)
            return
        self._wait_for(_Rest(coroutine, first))

    def _wait_for(self, rest: Awaitable[None]) -> None:
        self._since = clock.now()
        self._busy = self._loop.create_task(self._finish(rest))

    async def _finish(self, rest: Awaitable[None]) -> None:
        try:
            await rest
            while self._backlog:
                joined = b"".join(self._backlog)
                self._backlog, self._size = [], 0
                self._since = clock.now()
                await self._send(body(joined))
            if self._closed:
                await self._send(body(b"", more=False))
        except Exception as error:  # noqa: BLE001 - as above
            self._lose(error)
        finally:
            self._busy = None

    def _lose(self, error: Exception) -> None:
        # The reader has left, and the server noticed in the middle of a write: uvicorn on uvloop raises RuntimeError,
        # others OSError. receive() says so too, a moment later, and then the stream is freed.
        logger.debug("a reader was lost while it was written to: %s", error)
        self._closed = True
        self._backlog, self._size = [], 0

    async def drained(self) -> None:
        while self._busy is not None:
            await asyncio.shield(self._busy)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            if self._busy is None:
                self._start(body(b"", more=False))

    def blocked_since(self) -> float | None:
        return None if self._busy is None else self._since

    def waiting(self) -> int:
        return self._size

    def abandon(self) -> None:
        if self._busy is not None:
            self._busy.cancel()


class _Rest:
    """The rest of a coroutine that has already yielded ``first``."""

    __slots__ = ("_coroutine", "_first")

    def __init__(self, coroutine: Coroutine[Any, Any, None], first: Any) -> None:
        self._coroutine, self._first = coroutine, first

    def __await__(self) -> Generator[Any, Any, None]:
        value = self._first
        while True:
            try:
                sent = yield value
            except BaseException as error:  # noqa: BLE001 - a cancellation too belongs to the coroutine inside
                try:
                    value = self._coroutine.throw(error)
                except StopIteration:
                    return
                continue
            try:
                value = self._coroutine.send(sent)
            except StopIteration:
                return
