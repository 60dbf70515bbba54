"""The floor: the least that Python can do. A protocol that reads Redis, and one that writes to its readers."""

import asyncio
import re
import sys
from typing import Any

import hiredis
import uvloop

HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n"
)
TOPIC = re.compile(rb"topic=([^& ]+)")
readers: dict[bytes, set[asyncio.Transport]] = {}


def chunk(data: bytes) -> bytes:
    """Return one chunk of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


class Feed(asyncio.Protocol):
    """Reads what is published, and writes it joined for each topic."""

    transport: asyncio.Transport

    def connection_made(self, transport: Any) -> None:
        """Be ready to subscribe."""
        self.transport = transport
        self.replies = hiredis.Reader()

    def data_received(self, data: bytes) -> None:
        """Write what one read brought."""
        self.replies.feed(data)
        frames: dict[bytes, list[bytes]] = {}
        while (reply := self.replies.gets()) is not False:
            if reply[0] == b"message":
                frames.setdefault(reply[1], []).append(b"event: progress\ndata: %b\n\n" % reply[2])
        for topic, some in frames.items():
            message = chunk(b"".join(some))
            for reader in readers.get(topic, ()):
                reader.write(message)


class Reader(asyncio.Protocol):
    """One open stream."""

    transport: asyncio.Transport
    topic = b""

    def connection_made(self, transport: Any) -> None:
        """Wait for the request."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Begin the stream."""
        found = TOPIC.search(data)
        if found is None:
            self.transport.close()
            return
        self.topic = found[1]
        if self.topic not in readers:
            readers[self.topic] = set()
            feed.transport.write(hiredis.pack_command((b"SUBSCRIBE", self.topic)))  # type: ignore[arg-type]
        readers[self.topic].add(self.transport)
        self.transport.write(HEAD + chunk(b"event: hello\ndata: {}\n\n"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the reader."""
        if self.topic:
            readers[self.topic].discard(self.transport)


feed = Feed()


async def main(port: int, redis: str) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    await loop.create_unix_connection(lambda: feed, redis)
    server = await loop.create_server(Reader, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))
