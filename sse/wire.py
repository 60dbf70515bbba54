"""The bytes that come from Redis, as whole replies."""

import asyncio
from typing import TYPE_CHECKING

import hiredis

if TYPE_CHECKING:
    from .feed import Feed


class Wire(asyncio.Protocol):
    """
    The bytes of a connection that redis-py has made: it hands over each reply as soon as it is there.

    redis-py connects, since TLS, passwords and users of access lists are its trade. Its reading costs a task switch and
    four calls for each message, so that is done here.
    """

    def __init__(self, feed: "Feed") -> None:
        loop = asyncio.get_running_loop()
        self._clock = loop.time
        self._replies = hiredis.Reader()
        self._feed = feed
        self.heard = loop.time()
        self.closed: asyncio.Future[None] = loop.create_future()

    def data_received(self, data: bytes) -> None:
        """Hand over every reply that is whole, and then say that this was all for now."""
        self.heard = self._clock()
        self._replies.feed(data)
        take = self._feed.take
        self._feed.reading = True
        try:
            while (reply := self._replies.gets()) is not False:
                take(reply)
        except Exception as error:  # noqa: BLE001 - whatever it is, this connection is done for; the feed makes another
            self._close(error)
        self._feed.reading = False
        self._feed.on_read()

    def eof_received(self) -> None:
        """Redis hung up."""
        self._close(ConnectionResetError("Redis closed the connection"))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection broke."""
        self._close(exc or ConnectionResetError("the connection to Redis was closed"))

    def _close(self, error: Exception) -> None:
        if not self.closed.done():
            self.closed.set_exception(error)
            self.closed.exception()  # noted: nobody may be waiting any more
