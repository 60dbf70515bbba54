"""What a stream holds while it is open, and that it holds nothing afterwards; in both ways of sending."""

import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import sse
from config import supervisor
from tests import live

pytestmark = pytest.mark.live

STREAMS = 40

type Opener = Callable[[int], list[socket.socket]]


def stock(**environment: str) -> live.Process:
    """A web server with Django's own handler."""
    port = live.free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.stock:application", "--port", str(port), "--lifespan", "off"]
    environment = {"DATABASE_URL": live.database_url(), "URL": f"http://127.0.0.1:{port}", **environment}
    return live.Process(command, supervisor.listening(port), environment)


@pytest.fixture(scope="module", params=["hand-off", "stock handler"])
def server(request: pytest.FixtureRequest, site: live.Site) -> Iterator[live.Process]:
    # A reader may be slow for as long as a busy machine takes to publish for it.
    options = {"TEST_SEND_TIMEOUT_SECONDS": "60", "SSE_HEARTBEAT_SECONDS": "1"}
    process = live.web(**options) if request.param == "hand-off" else stock(**options)
    process.start()
    yield process
    process.kill()  # the stock handler's server waits for open streams for ever


@pytest.fixture
def impatient(site: live.Site) -> Iterator[live.Process]:
    """A server that gives up readers who take nothing for a while."""
    process = live.web(TEST_SEND_TIMEOUT_SECONDS="4", SSE_HEARTBEAT_SECONDS="1").start()
    yield process
    process.stop()


@pytest.fixture
def visitor(server: live.Process) -> live.Visitor:
    return live.Visitor(server.environment["URL"], live.new_user())


def threads(process: live.Process) -> int:
    return len(list(Path(f"/proc/{process.pid}/task").iterdir()))


def descriptors(process: live.Process) -> list[str]:
    found = []
    for path in Path(f"/proc/{process.pid}/fd").iterdir():
        try:
            found.append(os.readlink(path))
        except FileNotFoundError:
            continue
    return found


def database_files(process: live.Process) -> int:
    return sum("sqlite3" in name for name in descriptors(process))


def sockets(process: live.Process) -> int:
    return sum(name.startswith("socket:") for name in descriptors(process))


@pytest.fixture
def opened(visitor: live.Visitor) -> Iterator[Opener]:
    """Opens streams over bare sockets and reads each up to its ``hello``."""
    with opening(visitor) as opener:
        yield opener


@contextlib.contextmanager
def opening(visitor: live.Visitor) -> Iterator[Opener]:
    """Opens a visitor's streams; they are closed at the end."""
    address = urlsplit(visitor.url)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    request = (
        f"GET /sse/stream?topic=user:{visitor.user.pk} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookies}\r\n\r\n"
    )
    every: list[socket.socket] = []

    def open_some(count: int) -> list[socket.socket]:
        found = []
        for _ in range(count):
            stream = socket.create_connection((str(address.hostname), int(address.port or 0)))
            every.append(stream)
            stream.settimeout(live.PATIENCE_SECONDS)
            stream.sendall(request.encode())
            found.append(stream)
        for stream in found:
            received = b""
            while b"event: hello" not in received:
                chunk = stream.recv(4096)
                assert chunk, received
                received += chunk
        return found

    try:
        yield open_some
    finally:
        for stream in every:
            stream.close()


def test_a_stream_holds_no_thread_and_no_database_connection(server: live.Process, opened: Opener) -> None:
    opened(8)
    live.wait_for(lambda: threads(server) < 12)
    threads_before, files_before = threads(server), database_files(server)

    opened(STREAMS)

    live.wait_for(lambda: threads(server) <= threads_before + 4, what="threads to be given back")
    live.wait_for(lambda: database_files(server) <= files_before + 4, what="connections to be given back")


@pytest.mark.attack(21)
@pytest.mark.parametrize("rude", [False, True])
def test_nothing_is_left_of_streams_whose_readers_went_away(server: live.Process, opened: Opener, rude: bool) -> None:
    for stream in opened(8):
        stream.close()
    live.wait_for(lambda: sockets(server) < 20)
    before = sockets(server)

    for _ in range(3):
        for stream in opened(STREAMS):
            if rude:  # a reset instead of a goodbye
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            stream.close()

    live.wait_for(lambda: sockets(server) <= before + 2, what="sockets to be closed")


def test_events_arrive_in_order_and_the_end_ends_the_body(server: live.Process, visitor: live.Visitor) -> None:
    topic = f"user:{visitor.user.pk}"
    reader = visitor.watch(topic, again=False)
    live.wait_for(lambda: reader.named("hello"))

    for number in range(1, 51):
        sse.publish(topic, "status", {"n": number})
    sse.publish(topic, "complete", {"n": 51})
    reader.finished()

    assert [event["n"] for event in reader.ledger] == list(range(1, 52))
    assert reader.told[-1].event == "bye"


def test_a_reader_that_is_slow_misses_nothing_and_delays_nobody(visitor: live.Visitor, opened: Opener) -> None:
    topic = f"user:{visitor.user.pk}"
    (slow,) = opened(1)
    slow.settimeout(live.PATIENCE_SECONDS)
    quick = visitor.watch(topic)
    live.wait_for(lambda: quick.named("hello"))

    for _ in range(400):  # 12 MB: more than all buffers on the way hold
        sse.publish(topic, "status", {"text": "x" * 30_000})
    live.wait_for(lambda: len(quick.ledger) == 400)
    quick.leave()

    numbers: list[int] = []
    buffer = b""
    while not numbers or numbers[-1] < 400:
        chunk = slow.recv(1 << 20)
        assert chunk, f"it was left alone after {numbers[-1:]}"
        buffer += chunk
        *lines, buffer = buffer.split(b"\n")
        numbers += [int(line[4:]) for line in lines if line.startswith(b"id: ")]
    assert numbers == list(range(1, 401))


@pytest.mark.attack(22)
def test_a_reader_that_stopped_is_closed_and_its_socket_freed(impatient: live.Process) -> None:
    # By the time-out that manage.py serve sets; the stock handler's server has none.
    visitor = live.Visitor(impatient.environment["URL"], live.new_user())
    topic = f"user:{visitor.user.pk}"
    with opening(visitor) as opened:
        for stream in opened(8):  # by then it is connected to all that it needs
            stream.close()
        live.wait_for(lambda: sockets(impatient) < 20)
        before = sockets(impatient)
        opened(3)  # and they read nothing any more
        for _ in range(400):
            sse.publish(topic, "status", {"text": "x" * 30_000})
        quick = visitor.watch(topic, cursor="399")
        live.wait_for(lambda: len(quick.ledger) == 1, what="somebody else to be served")
        quick.leave()

        live.wait_for(lambda: sockets(impatient) <= before + 1, what="the sockets to be freed")


@pytest.mark.attack(21)
def test_readers_reset_while_events_flow_cost_the_others_nothing(
    server: live.Process, visitor: live.Visitor, opened: Opener
) -> None:
    topic = f"user:{visitor.user.pk}"
    reader = visitor.watch(topic)
    live.wait_for(lambda: reader.named("hello"))

    for _ in range(10):
        for stream in opened(20):
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            stream.close()
            sse.publish(topic, "status", {"text": "x" * 500})
    live.wait_for(lambda: len(reader.ledger) == 200, what=f"200 events, there are {len(reader.ledger)}")
    reader.leave()

    assert [event["seq"] for event in reader.ledger] == list(range(1, 201))
    assert reader.statuses == [200]
    assert "Traceback" not in server.said()
