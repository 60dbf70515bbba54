"""TCP proxies that fail on demand: cut, delay, black hole. All run in one event loop, in a thread of its own."""

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final

# Small, so that a reader that stops is felt by the server behind the proxy.
CHUNK: Final = 16 * 1024


class Loop(threading.Thread):
    """An event loop in a thread, and the two ways to reach it from another."""

    def __init__(self) -> None:
        super().__init__(name="faults-loop", daemon=True)
        self.loop = asyncio.new_event_loop()
        self.proxies: list[Proxy] = []
        self.start()

    def run(self) -> None:
        """Run until stopped."""
        self.loop.run_forever()

    def wait[T](self, work: Coroutine[Any, Any, T], seconds: float = 60) -> T:
        """Run a coroutine there and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def call(self, function: Callable[..., Any], *args: Any) -> None:
        """Call a function there, soon."""
        self.loop.call_soon_threadsafe(function, *args)

    def stop(self) -> None:
        """End it, and whatever runs in it."""
        self.wait(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.join(10)
        self.loop.close()

    async def _end(self) -> None:
        for proxy in self.proxies:
            proxy.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.05)  # transports close in the loop's next turns


class Proxy:
    """
    Passes connections on to its targets (ports, or paths of sockets), each to the next that accepts.

    What happens to what it carries can change at any moment: ``delay`` holds back each piece for so many seconds,
    ``swallow`` lets connections be made and nothing through (as TCP would, it is not lost but late when the hole
    closes), ``strand`` leaves the connections that there are open and dumb for good, ``cut`` resets them.
    """

    def __init__(self, loop: Loop, *targets: int | str) -> None:
        self.targets = list(targets)
        self.delay = 0.0
        self.passed = 0
        self._loop = loop
        self._turn = itertools.count()
        self._flows = asyncio.Event()
        self._flows.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._server = loop.wait(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=CHUNK))
        self.port = int(self._server.sockets[0].getsockname()[1])
        loop.proxies.append(self)

    @property
    def open(self) -> int:
        """How many connections it carries."""
        return len(self._open) // 2

    def swallow(self, yes: bool) -> None:
        """Become a black hole, or stop being one."""
        self._loop.call(self._flows.clear if yes else self._flows.set)

    def strand(self) -> None:
        """Let nothing more through what is open, whose ends never learn of it; new connections are as before."""
        self._loop.call(self._strand)

    def _strand(self) -> None:
        self._flows.clear()
        self._flows = asyncio.Event()
        self._flows.set()

    def cut(self) -> None:
        """Reset every connection."""
        self._loop.call(self._reset)

    def _reset(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    def heal(self) -> None:
        """Pass everything at once."""
        self.delay = 0.0
        self.swallow(False)

    def close(self) -> None:
        """Stop listening and reset what is open; called in the loop."""
        self._server.close()
        self._reset()

    def _candidates(self) -> Iterator[int | str]:
        targets = self.targets
        first = next(self._turn)
        return (targets[(first + offset) % len(targets)] for offset in range(len(targets)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for target in self._candidates():
            with contextlib.suppress(OSError):
                theirs = await _connect(target)
                break
        else:
            writer.transport.abort()
            return
        self._open |= {writer, theirs[1]}
        pumps = [
            asyncio.ensure_future(self._pump(reader, theirs[1])),
            asyncio.ensure_future(self._pump(theirs[0], writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            for end in (writer, theirs[1]):
                self._open.discard(end)
                end.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.set_write_buffer_limits(CHUNK)
        flows = self._flows
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await flows.wait()
                self.passed += len(data)
                writer.write(data)
                await writer.drain()
            await flows.wait()  # an end does not get through a black hole either


async def _connect(target: int | str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(target, str):
        return await asyncio.open_unix_connection(target, limit=CHUNK)
    return await asyncio.open_connection("127.0.0.1", target, limit=CHUNK)
