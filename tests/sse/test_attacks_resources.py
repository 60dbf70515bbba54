"""Clients that take, hold and never give back; requests that are odd. Attacks 20 to 25."""

import asyncio
import ctypes
import socket
import statistics
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django_redis import get_redis_connection

from tests import live
from tests.sse.raw import Wire
from tests.sse.test_resources import database_files, descriptors, sockets, threads
from tests.sse.test_stream import tell, topic_of

pytestmark = pytest.mark.live

RESET = b"\1\0\0\0\0\0\0\0"  # SO_LINGER of no time at all: closing sends a reset


@pytest.fixture(scope="module")
def server(site: live.Site) -> Iterator[live.Process]:
    """A server with a short heartbeat that gives up peers which acknowledge nothing for two seconds."""
    process = live.web(SSE_HEARTBEAT_SECONDS="0.5", TEST_SEND_TIMEOUT_SECONDS="2").start()
    yield process
    process.stop()


@pytest.fixture
def visitor(server: live.Process) -> live.Visitor:
    return live.Visitor(server.environment["URL"], live.new_user())


def held(visitor: live.Visitor) -> dict[str, int]:
    return visitor.http.get("/test/held").json()  # type: ignore[no-any-return]


def leases(visitor: live.Visitor) -> list[int]:
    return [int(value) for value in get_redis_connection("default").hvals(f"sse:1:streams:{visitor.user.pk}")]


def opened(visitor: live.Visitor, *headers: bytes) -> Wire:
    wire = Wire(visitor.url)
    wire.get(f"/sse/stream?topic={topic_of(visitor.user)}", *headers, visitor=visitor)
    return wire


@pytest.mark.attack(21)
def test_a_thousand_connects_and_resets_leave_nothing(server: live.Process, visitor: live.Visitor) -> None:
    for _ in range(20):
        opened(visitor).socket.close()
    with opened(visitor) as wire:
        wire.until(b"event: hello")
    live.wait_for(lambda: held(visitor)["streams"] == 0 and not leases(visitor))
    before = held(visitor)
    files, connections, workers = len(descriptors(server)), database_files(server), threads(server)

    for number in range(1_000):
        wire = opened(visitor)
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        if number % 10 == 0:  # some get to see their stream, most are gone before it began
            wire.until(b"event: hello")
        wire.socket.close()

    live.wait_for(lambda: held(visitor)["streams"] == 0, what="streams to end")
    live.wait_for(lambda: not any(leases(visitor)), what="leases to be given back")
    live.wait_for(lambda: len(descriptors(server)) <= files + 2, what="files to be closed")
    live.wait_for(lambda: held(visitor)["tasks"] <= before["tasks"] + 1, what="tasks to end")
    # A heartbeat knows until the next one, 15 s later, whom it found.
    live.wait_for(lambda: held(visitor)["subscribers"] <= before["subscribers"], what="subscribers to be freed")
    live.wait_for(lambda: held(visitor)["places"] == before["places"], what="places to be given back")
    live.wait_for(lambda: held(visitor)["topics"] == before["topics"], what="topics to be given up")
    assert database_files(server) <= connections + 4
    assert threads(server) <= workers + 4
    assert "Traceback" not in server.said()


class _Program(ctypes.Structure):
    """``struct sock_fprog`` of Linux: a filter for what a socket receives."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def vanish(peer: socket.socket) -> None:
    """Let a peer take no packet any more, as if its machine had lost its power: no answer, no reset, nothing."""
    drop_all = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
    peer.setsockopt(socket.SOL_SOCKET, 26, bytes(_Program(1, ctypes.addressof(drop_all))))  # SO_ATTACH_FILTER


@pytest.mark.attack(22)
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux' socket filters")
def test_a_peer_that_vanished_is_given_up_and_its_socket_freed(server: live.Process, visitor: live.Visitor) -> None:
    live.wait_for(lambda: held(visitor)["streams"] == 0)
    before = sockets(server)
    wires = [opened(visitor) for _ in range(3)]
    for wire in wires:
        wire.until(b"event: hello")
    live.wait_for(lambda: held(visitor)["streams"] == 3, what="the streams to be held")

    for wire in wires:
        vanish(wire.socket)

    live.wait_for(lambda: sockets(server) <= before, what="the sockets to be freed")
    live.wait_for(lambda: held(visitor)["streams"] == 0, what="the streams to end")
    live.wait_for(lambda: not any(leases(visitor)))
    for wire in wires:
        wire.socket.close()


ODD: dict[str, dict[str, Any]] = {
    "HEAD": {"method": "HEAD", "status": 200},
    "OPTIONS": {"method": "OPTIONS", "status": 405},
    "POST": {"method": "POST", "body": b"x" * 10_000, "status": 405},
    "PUT": {"method": "PUT", "body": b"{}", "status": 405},
    "DELETE": {"method": "DELETE", "status": 405},
    "PATCH": {"method": "PATCH", "body": b"{}", "status": 405},
    "PROPFIND": {"method": "PROPFIND", "status": 405},
    "HEAD with a body": {"method": "HEAD", "body": b"x" * 100, "status": 200},
    "HEAD of a range": {"method": "HEAD", "headers": (b"Range: bytes=0-10",), "status": 200},
}


@pytest.mark.attack(23)
@pytest.mark.parametrize("name", ODD)
def test_an_odd_request_is_answered_and_its_connection_goes_on(visitor: live.Visitor, name: str) -> None:
    asked = dict(ODD[name])
    status, method, headers = asked.pop("status"), asked.pop("method"), asked.pop("headers", ())

    with Wire(visitor.url) as wire:
        wire.ask(method, f"/sse/stream?topic={topic_of(visitor.user)}", *headers, visitor=visitor, **asked)
        if method == "HEAD":
            first = int(wire.until(b"\r\n\r\n").split()[1])
        else:
            first, _ = wire.answer()
        wire.get("/health/live")
        second, _ = wire.answer()

    assert (first, second) == (status, 200)
    assert not any(leases(visitor))


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    "headers",
    [(b"Accept-Encoding: gzip, br, zstd",), (b"Range: bytes=0-99",), (b"Accept: text/html",), (b"If-None-Match: *",),
     (b"Connection: close",), (b"TE: trailers",), (b"Upgrade: websocket", b"Connection: Upgrade")],
)  # fmt: skip
def test_a_stream_is_the_same_whatever_form_is_asked_for(visitor: live.Visitor, headers: tuple[bytes, ...]) -> None:
    with opened(visitor, *headers) as wire:
        head = wire.until(b"\r\n\r\n")
        wire.until(b"event: hello")
        tell(topic_of(visitor.user), 1)
        wire.until(b"id: 1\nevent: status\ndata: {")

    assert head.startswith(b"HTTP/1.1 200")
    assert b"content-encoding: identity" in head
    assert b"content-range" not in head


@pytest.mark.attack(23)
def test_a_body_on_a_get_is_read_past_and_a_stream_that_ends_leaves_its_connection_usable(
    site: live.Site, visitor: live.Visitor
) -> None:
    import sse

    topic = topic_of(visitor.user)
    sse.publish(topic, "complete")

    with Wire(visitor.url) as wire:
        wire.ask("GET", f"/sse/stream?topic={topic}", visitor=visitor, body=b"x" * 5_000)
        wire.until(b"event: bye")
        wire.until(b"\r\n0\r\n\r\n")  # the last chunk
        wire.ask("GET", f"/sse/stream?topic={topic}&lastEventId=1", visitor=visitor, body=b"GET / HTTP/1.1\r\n\r\n")
        finished, _ = wire.answer()
        wire.get("/health/live")
        after, _ = wire.answer()

    assert (finished, after) == (204, 200)


@pytest.mark.attack(23)
def test_http_1_0_gets_the_stream_of_http_1_1_and_its_connection_ends_with_it(visitor: live.Visitor) -> None:
    import sse

    topic = topic_of(visitor.user)
    sse.publish(topic, "complete")

    with Wire(visitor.url) as wire:
        wire.ask("GET", f"/sse/stream?topic={topic}", visitor=visitor, version="1.0")
        head = wire.until(b"\r\n\r\n").lower()
        wire.until(b"event: bye")
        while wire.socket.recv(65_536):
            pass

    assert head.startswith(b"http/1.1 200")
    assert b"connection: close" in head
    assert held(visitor)["streams"] == 0


@pytest.mark.attack(24)
def test_a_forged_address_makes_nobody_another_user(site: live.Site) -> None:
    limited = live.web(SSE_MAX_STREAMS_PER_USER="2").start()
    visitor = live.Visitor(limited.environment["URL"], live.new_user())
    try:
        wires = [opened(visitor, f"X-Forwarded-For: 10.0.0.{n}".encode(), b"X-Real-IP: ::1") for n in range(4)]
        statuses = sorted(wire.until(b"\r\n\r\n").split()[1] for wire in wires)
        for wire in wires:
            wire.socket.close()
    finally:
        limited.stop()

    assert statuses == [b"200", b"200", b"429", b"429"]


MANY = 1_000


async def come(visitor: live.Visitor, told: list[bytes], spread: float) -> None:
    """Connect once after a moment, read what comes until the end."""
    await asyncio.sleep(spread)
    address = urlsplit(visitor.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    path = f"/sse/stream?topic={topic_of(visitor.user)}"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookies}\r\n\r\n".encode())
    said = b""
    while chunk := await reader.read(65_536):
        said += chunk
        if b"event: hello" in said and not told[0]:
            told[0] = b"hello"
        if b"event: bye" in said and b"\n\n" in said.partition(b"event: bye")[2]:
            break
    told[1] = said
    writer.close()


@pytest.mark.attack(25)
def test_a_thousand_that_connect_at_once_leave_room_for_pages_and_are_sent_away_one_by_one(site: live.Site) -> None:
    crowd = live.web().start()
    visitor = live.Visitor(crowd.environment["URL"], live.new_user())
    page = httpx.AsyncClient(base_url=crowd.environment["URL"], cookies=visitor.cookies, timeout=60)

    async def scenario() -> tuple[float, list[float], list[list[bytes]]]:
        told: list[list[bytes]] = [[b"", b""] for _ in range(MANY)]
        began = time.monotonic()
        tasks = [asyncio.create_task(come(visitor, one, 0)) for one in told]
        waits = []
        async with page:
            while not all(hello for hello, _ in told):
                asked = time.monotonic()
                assert (await page.get("/api/jobs")).status_code == 200
                waits.append(time.monotonic() - asked)
                await asyncio.sleep(0.01)
            storm = time.monotonic() - began
            await asyncio.to_thread(crowd.stop)
            await asyncio.wait_for(asyncio.gather(*tasks), live.PATIENCE_SECONDS)
        return storm, waits, told

    storm, waits, told = asyncio.run(scenario())

    retries = [int(said.partition(b"\nretry: ")[2].partition(b"\n")[0]) for _, said in told]
    assert len(waits) >= 3
    assert statistics.median(waits) < storm / 2  # pages are answered in between, not after all of them
    assert min(retries) < 1_000 < 2_500 < max(retries)
    assert max(retries.count(retry) for retry in retries) < MANY / 50
    assert b"Traceback" not in Path(crowd.log).read_bytes()
