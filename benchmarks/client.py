"""Many readers in one process, cheap enough not to be what is measured; and who publishes to them."""

import asyncio
import contextlib
import random
import re
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

MARK = b'"type":"progress"'
_SENT = re.compile(rb'"t":(\d+)')
_EVENT = re.compile(rb'"seq":(\d+),"type":"progress"[^}]*\}')
# Readers whose events' ages are noted.
SAMPLE = 40
# Silence after which nothing more is to be expected, and after which what is outstanding is lost.
QUIET_SECONDS, OUTSTANDING_SECONDS = 0.7, 5.0


class Readers:
    """What all readers got: how many events, and how old a sample of them was."""

    def __init__(self) -> None:
        self.got = 0
        self.ages: list[float] = []
        # Events of the sample that did not have the number after the one before.
        self.disorder = 0
        self.closed = 0


class Reader(asyncio.Protocol):
    """One reader: sends its request, counts events."""

    def __init__(self, readers: Readers, request: bytes, hello: bytes, *, sampled: bool) -> None:
        self._readers, self._request, self._hello, self._sampled = readers, request, hello, sampled
        self._tail = b""
        # What a sampled reader has of an event that is not complete, and its last number.
        self._rest, self._last = b"", 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Ask for the stream."""
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Count."""
        if self._sampled:
            self._look(data)
        data = self._tail + data
        if not self.ready.done():
            if self._hello not in data:
                if b" 200 " not in data[:20] and len(data) > 20:
                    self.ready.set_exception(RuntimeError(data[:300].decode("latin-1")))
                self._tail = data
                return
            self.ready.set_result(None)
        count = data.count(MARK)
        self._readers.got += count
        # A mark may lie across two reads; the bytes kept are too few to hold a whole one.
        self._tail = data[-len(MARK) + 1 :]

    def _look(self, data: bytes) -> None:
        """Note how old the events are that are complete now, and whether each is the next."""
        now = time.monotonic_ns()
        data = self._rest + data
        end = 0
        for event in _EVENT.finditer(data):
            seq, end = int(event[1]), event.end()
            self._readers.disorder += self._last > 0 and seq != self._last + 1
            self._last = seq
            if sent := _SENT.search(event[0]):
                self._readers.ages.append((now - int(sent[1])) / 1e6)
        self._rest = data[end:][-4096:]

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that a stream ended: none should."""
        self._readers.closed += 1
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionResetError("closed before its first event"))


async def connect(readers: Readers, port: int, topics: list[str], *, session: str, hello: bytes) -> None:
    """Open a stream for each of the topics, sixteen at a time; return when all have begun."""
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(16)
    step = max(1, len(topics) // SAMPLE)

    async def one(place: int, topic: str) -> None:
        request = (
            f"GET /sse/stream?topic={topic} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
            f"Cookie: sessionid={session}\r\n\r\n"
        )
        async with gate:
            _, reader = await loop.create_connection(
                lambda: Reader(readers, request.encode(), hello, sampled=place % step == 0), "127.0.0.1", port
            )
            await asyncio.wait_for(reader.ready, 60)

    await asyncio.gather(*(one(place, topic) for place, topic in enumerate(topics)))


class Publisher:
    """Publishes numbered events on topics; knows how many deliveries that should make."""

    def __init__(self, command: Callable[[str, str], bytes], topics: list[str], readers_of_each: int) -> None:
        self._command, self._topics, self._readers = command, topics, readers_of_each
        self._numbers = dict.fromkeys(topics, 0)
        self._turn = 0
        self.due = 0

    def next(self) -> bytes:
        """Return the bytes that publish the next event, on each topic in turn."""
        topic = self._topics[self._turn % len(self._topics)]
        self._turn += 1
        self._numbers[topic] += 1
        self.due += self._readers
        text = (
            f'{{"topic":"{topic}","seq":{self._numbers[topic]},"type":"progress","timestamp":"2026-01-31T12:00:00.000Z"'
            f',"step":3,"progress":35,"t":{time.monotonic_ns()},"message":"Comparing competitors"}}'
        )
        return self._command(topic, text)

    def evenly(self, address: Any, deliveries_a_second: float, seconds: float) -> None:
        """Publish at an even pace, in a thread: a sleep there is finer than an event loop's."""
        with _connected(address) as connection:
            began = due = time.perf_counter()
            while due < began + seconds:
                if (pause := due - time.perf_counter()) > 0:
                    time.sleep(pause)
                connection.sendall(self.next())
                with contextlib.suppress(BlockingIOError):
                    connection.recv(65536, socket.MSG_DONTWAIT)
                due += self._readers / deliveries_a_second * random.uniform(0.5, 1.5)

    async def saturate(self, address: Any, readers: Readers, before: int, window: int, seconds: float) -> float:
        """Keep so many deliveries outstanding that the server always has something to do; return how many a second."""
        kind = asyncio.open_unix_connection if isinstance(address, str) else _open
        answers, writer = await kind(address)
        drain = asyncio.create_task(_discard(answers))
        began = time.monotonic()
        end, then = began + seconds, readers.got
        seen, moved = readers.got, began
        while time.monotonic() < end:
            while self.due - (readers.got - before) < window:
                writer.write(self.next())
            await asyncio.sleep(0.001)
            if readers.got != seen:
                seen, moved = readers.got, time.monotonic()
            elif time.monotonic() - moved > 1:
                before -= window  # what is lost is lost: go on without it, so that there is something to measure
                moved = time.monotonic()
        rate = (readers.got - then) / (time.monotonic() - began)
        # A connection closed with answers unread is reset, and what Redis has yet to read of it is gone.
        await quiet(readers, before + self.due)
        drain.cancel()
        writer.close()
        return rate


async def quiet(readers: Readers, due: int) -> None:
    """Wait until nothing more comes: so many are due, and what is still outstanding gets longer than the rest."""
    seen, silent = -1, 0.0
    while seen != readers.got or (readers.got < due and silent < OUTSTANDING_SECONDS):
        silent = silent + QUIET_SECONDS if seen == readers.got else 0.0
        seen = readers.got
        await asyncio.sleep(QUIET_SECONDS)


async def _open(address: Any) -> Any:
    return await asyncio.open_connection(*address)


async def _discard(answers: asyncio.StreamReader) -> None:
    while await answers.read(65536):
        pass


def _connected(address: Any) -> socket.socket:
    if isinstance(address, str):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(address)
        return connection
    return socket.create_connection(address)


async def in_thread(work: Callable[[], None]) -> None:
    """Run something in a thread of its own and wait for it."""
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def run() -> None:
        try:
            work()
        finally:
            loop.call_soon_threadsafe(done.set)

    threading.Thread(target=run, daemon=True).start()
    await done.wait()
