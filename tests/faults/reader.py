"""Readers with a ledger: they come back with their cursor after whatever ends a connection, until all is said."""

import asyncio
import contextlib
import json
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import urlencode

# What breaks a connection, as a reader sees it.
BROKEN: Final = (OSError, EOFError, TimeoutError, ValueError)


class Reader:
    """
    Reads topics until the server says that they are finished, and notes what came.

    ``heard`` has each topic's events in the order in which they came (number and JSON), over all connections. A number
    that was had already counts as ``doubled``, a jump as ``lost``, unless a ``reset`` had said so.
    """

    def __init__(self, name: str, port: int, cookie: str, topics: list[str], *, seed: int, watchdog: float) -> None:
        self.name, self.port, self.topics = name, port, topics
        self.heard: dict[str, list[tuple[int, str]]] = {topic: [] for topic in topics}
        self.position = dict.fromkeys(topics, 0)
        self.doubled: list[str] = []
        self.lost: list[str] = []
        self.resets: list[dict[str, Any]] = []
        # Why each stream ended that said so, and after how many milliseconds to come back.
        self.byes: list[tuple[str, int]] = []
        self.ends: Counter[str] = Counter()
        self.finished = False
        self.leaving = False
        self.pause = 0.0
        self.small = False
        # Cleared: it takes nothing more from its socket until it is set again.
        self.reads = asyncio.Event()
        self.reads.set()
        self._cookie, self._watchdog = cookie, watchdog
        self._random = random.Random(seed)
        self._cursor = ""

    def note(self, topic: str, seq: int, text: str) -> None:
        """Write an event into the ledger."""
        if seq <= self.position[topic]:
            self.doubled.append(f"{topic} {seq} after {self.position[topic]}")
        elif seq > self.position[topic] + 1:
            self.lost.append(f"{topic} {seq} after {self.position[topic]}")
        self.position[topic] = max(seq, self.position[topic])
        self.heard[topic].append((seq, text))

    async def run(self) -> None:
        """Read until finished or told to leave."""
        while not (self.finished or self.leaving):
            try:
                end = await self._visit()
            except BROKEN as error:
                end = type(error).__name__
            self.ends[end] += 1
            await asyncio.sleep(self._random.uniform(0.05, 0.5))

    async def _visit(self) -> str:
        """Open one connection and read it to its end; return how it ended."""
        raw = socket.socket()
        raw.setblocking(False)
        if self.small:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            async with asyncio.timeout(self._watchdog):
                await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", self.port))
            reader, writer = await asyncio.open_connection(sock=raw, limit=16 * 1024)
        except BaseException:
            raw.close()
            raise
        try:
            writer.write(self._request())
            async with asyncio.timeout(self._watchdog + self.patience):
                status, chunked, length = await _head(reader)
            return await self._answer(status, _body(reader, chunked, length))
        finally:
            writer.transport.abort()

    # --- a stream; polling overrides these ------------------------------------------------------------------------------

    patience = 0.0

    def _request(self) -> bytes:
        query = urlencode([("topic", topic) for topic in self.topics])
        cursor = f"Last-Event-ID: {self._cursor}\r\n" if self._cursor else ""
        return self._get(f"/sse/stream?{query}", f"Accept: text/event-stream\r\n{cursor}")

    def _get(self, path: str, headers: str) -> bytes:
        host = f"Host: 127.0.0.1:{self.port}\r\nCookie: sessionid={self._cookie}\r\nConnection: close\r\n"
        return f"GET {path} HTTP/1.1\r\n{host}{headers}\r\n".encode()

    async def _answer(self, status: int, body: AsyncIterator[bytes]) -> str:
        if status == 204:
            self.finished = True
        if status != 200:
            return str(status)
        rest = b""
        while not self.leaving:
            await self.reads.wait()
            async with asyncio.timeout(self._watchdog):
                piece = await anext(body, b"")
            if not piece:
                return "end"
            *frames, rest = (rest + piece).split(b"\n\n")
            for frame in frames:
                self._dispatch(frame)
            if self.pause:
                await asyncio.sleep(self.pause)
        return "left"

    def _dispatch(self, frame: bytes) -> None:
        fields = dict(line.split(": ", 1) for line in frame.decode().split("\n") if ": " in line)
        if "id" in fields:
            self._cursor = fields["id"]
        text = fields.get("data", "{}")
        data = json.loads(text)
        if "seq" in data:
            self.note(data["topic"], data["seq"], text)
        elif fields.get("event") == "bye":
            self.byes.append((data["reason"], int(fields.get("retry", 0))))
        elif fields.get("event") == "reset":
            self._reset(data["topic"], data)

    def _reset(self, topic: str, data: dict[str, Any]) -> None:
        """Go on where the server says: what lies before is covered."""
        self.resets.append(data)
        self._cursor = data["cursor"]
        parts = dict(part.rsplit("=", 1) for part in data["cursor"].split(",") if "=" in part)
        self.position[topic] = int(parts.get(topic, data["cursor"] if not parts else 0))


class Poller(Reader):
    """Reads one job's events by long polling: the same rows on another way."""

    patience = 3.0

    def _request(self) -> bytes:
        job = self.topics[0].removeprefix("job:")
        query = urlencode({"after": self._cursor, "wait": 2})
        return self._get(f"/api/jobs/{job}/events?{query}", "Accept: application/json\r\n")

    async def _answer(self, status: int, body: AsyncIterator[bytes]) -> str:
        if status != 200:
            return str(status)
        async with asyncio.timeout(self._watchdog):
            page = json.loads(b"".join([piece async for piece in body]))
        topic = self.topics[0]
        if "reset" in page:
            self._reset(topic, page["reset"])
        for data in page["events"]:
            self.note(topic, data["seq"], json.dumps(data, ensure_ascii=False, separators=(",", ":")))
        self._cursor = page["cursor"]
        self.finished = page["final"] and not page["more"]
        return "page"


async def _head(reader: asyncio.StreamReader) -> tuple[int, bool, int]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    return (
        int(lines[0].split()[1]),
        headers.get("transfer-encoding") == "chunked",
        int(headers.get("content-length", 0)),
    )


async def _body(reader: asyncio.StreamReader, chunked: bool, length: int) -> AsyncIterator[bytes]:
    if not chunked:
        yield await reader.readexactly(length)
        return
    while True:
        line = await reader.readline()
        if not line:
            raise EOFError
        left = int(line, 16)
        if left == 0:
            return
        while left:  # a slow reader takes what there is, not what makes a whole
            piece = await reader.read(left)
            if not piece:
                raise EOFError
            left -= len(piece)
            yield piece
        await reader.readexactly(2)


async def leave(readers: list[Reader], tasks: list["asyncio.Task[None]"]) -> None:
    """End readers, whatever they wait for."""
    for reader in readers:
        reader.leaving = True
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
