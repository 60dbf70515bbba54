"""A sink that waits to be asked: what is pushed is kept for whoever iterates."""

import asyncio

from sse import clock, conf

from .message import Message


class Queued:
    """Keeps what is pushed for whoever iterates: the way through Django's own handler, slower but never broken."""

    __slots__ = ("_backlog", "_closed", "_empty", "_filled", "_since", "_size")

    def __init__(self) -> None:
        self._backlog: list[bytes] = []
        self._size = 0
        self._closed = False
        self._since: float | None = None
        self._filled, self._empty = asyncio.Event(), asyncio.Event()
        self._empty.set()

    def push(self, message: Message, *, forced: bool = False) -> bool:
        if self._closed:
            return True
        if not forced and (len(self._backlog) >= conf.BACKLOG_EVENTS or self._size >= conf.BACKLOG_BYTES):
            return False
        if not self._backlog:
            self._since = clock.now()
        self._backlog.append(message["body"])
        self._size += len(message["body"])
        self._empty.clear()
        self._filled.set()
        return True

    async def drained(self) -> None:
        await self._empty.wait()

    def close(self) -> None:
        self._closed = True
        self._filled.set()

    def blocked_since(self) -> float | None:
        return self._since

    def waiting(self) -> int:
        return self._size

    def abandon(self) -> None:
        self._backlog, self._closed = [], True
        self._empty.set()
        self._filled.set()

    async def take(self) -> bytes | None:
        """Wait for what was pushed and return all of it, joined; None at the end."""
        await self._filled.wait()
        if not self._backlog:
            return None
        joined = b"".join(self._backlog)
        self._backlog, self._size, self._since = [], 0, None
        self._empty.set()
        if not self._closed:
            self._filled.clear()
        return joined
