"""Redis dies, stands still, forgets, refuses, answers nonsense: streams go on, only slower. Attack 29."""

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import redis as redis_py
from django.conf import settings
from django_redis import get_redis_connection

import sse
from tests import live
from tests.sse.test_stream import numbers, tell, topic_of, until
from tests.strategies.test_worker import ended, enqueue, status

pytestmark = pytest.mark.live

type Fault = Callable[[live.Site, redis_py.Redis], AbstractContextManager[None]]


class Impostor:
    """What listens on Redis' socket and is no Redis: answers the same to whatever is asked, or nothing at all."""

    def __init__(self, path: Path, answer: bytes | None) -> None:
        self._answer = answer
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(100)
        self._peers: list[socket.socket] = []
        self.asked = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                self._peers.append(peer)
                threading.Thread(target=self._serve, args=[peer], daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while peer.recv(65_536):
                self.asked += 1
                if self._answer == b"":
                    peer.close()
                elif self._answer is not None:
                    peer.sendall(self._answer)

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self._peers:
            peer.close()


def impostor(answer: bytes | None) -> Fault:
    """Let something else stand where Redis was."""

    @contextlib.contextmanager
    def fault(site: live.Site, client: redis_py.Redis) -> Iterator[None]:
        assert settings.REDIS_SOCKET
        site.redis.kill()
        double = Impostor(settings.REDIS_SOCKET, answer)
        try:
            live.wait_for(lambda: double.asked, what="somebody to ask")
            yield
        finally:
            double.stop()
            site.redis.start()

    return fault


@contextlib.contextmanager
def killed(site: live.Site, client: redis_py.Redis) -> Iterator[None]:
    """``kill -9``, and a start a moment later."""
    site.redis.kill()
    try:
        yield
    finally:
        site.redis.start()


@contextlib.contextmanager
def read_only(site: live.Site, client: redis_py.Redis) -> Iterator[None]:
    """A fail-over left us with a replica whose master is gone."""
    client.replicaof("127.0.0.1", live.free_port())
    try:
        with pytest.raises(redis_py.exceptions.ReadOnlyError):
            client.set("x", "1")
        yield
    finally:
        client.replicaof("NO", "ONE")


@contextlib.contextmanager
def full(site: live.Site, client: redis_py.Redis) -> Iterator[None]:
    """No memory left, and nothing that may be evicted."""
    client.config_set("maxmemory-policy", "noeviction")
    client.config_set("maxmemory", "1mb")
    try:
        with pytest.raises(redis_py.exceptions.OutOfMemoryError):
            client.set("x", "1" * 100)
        yield
    finally:
        client.config_set("maxmemory", "0")


@contextlib.contextmanager
def locked(site: live.Site, client: redis_py.Redis) -> Iterator[None]:
    """A password that we do not have, and all connections cut."""
    client.config_set("requirepass", "changed")
    _cut(client)
    try:
        yield
    finally:
        client.config_set("requirepass", "")


def _cut(client: redis_py.Redis) -> None:
    for kind in ("pubsub", "normal"):
        client.client_kill_filter(_type=kind, skipme=True)


FAULTS: dict[str, Fault] = {
    "kill -9": killed,
    "wrong password": locked,
    "READONLY": read_only,
    "OOM": full,
    "LOADING": impostor(b"-LOADING Redis is loading the dataset in memory\r\n"),
    "no Redis at all": impostor(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "a black hole": impostor(None),
    "hangs up": impostor(b""),
}


@pytest.fixture
def client() -> Iterator[redis_py.Redis]:
    """One connection of our own, kept through everything."""
    connection = redis_py.Redis(unix_socket_path=str(settings.REDIS_SOCKET), single_connection_client=True)
    connection.ping()
    yield connection
    connection.close()


@pytest.fixture
def reader(site: live.Site) -> live.Reader:
    """A reader that has the first of its topic's events."""
    visitor = site.visitor()
    tell(topic_of(visitor.user), 1)
    reader = visitor.watch(topic_of(visitor.user))
    until(reader, 1)
    return reader


def topic(reader: live.Reader) -> str:
    return reader._topics[0]


def well(site: live.Site) -> None:
    """Wait until every process hears Redis again, and this one may publish."""
    live.wait_for(lambda: site.visitor().http.get("/test/held").json()["degraded"] == 0, what="Redis to be heard again")
    live.wait_for(lambda: sse.sender.send("sse:1:probe:test", b"{}"))


@pytest.mark.attack(29)
@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_answers_wrongly_costs_nothing(
    site: live.Site, reader: live.Reader, client: redis_py.Redis, name: str
) -> None:
    visitor = site.visitor()

    with FAULTS[name](site, client):
        late = visitor.watch(topic_of(visitor.user))
        live.wait_for(lambda: late.named("hello"), what="a stream to be opened")
        began = time.monotonic()
        tell(topic(reader), 3, start=2)
        took = time.monotonic() - began
        tell(topic(late), 1)
        until(reader, 4)
        until(late, 1)
    well(site)
    tell(topic(reader), 2, start=5)
    tell(topic(late), 1, start=2)
    until(reader, 6)
    until(late, 2)

    assert numbers(reader) == [1, 2, 3, 4, 5, 6]
    assert numbers(late) == [1, 2]
    assert (reader.statuses, late.statuses) == ([200], [200])
    assert took < 30  # it waits for a Redis that does not answer once in a while, and never for long


@pytest.mark.attack(29)
def test_a_connection_that_is_killed_costs_nothing(
    site: live.Site, reader: live.Reader, client: redis_py.Redis
) -> None:
    for number in range(2, 12):
        _cut(client)
        tell(topic(reader), 1, start=number)
    until(reader, 11)
    job = enqueue(live.new_user())
    ended(job)

    assert numbers(reader) == list(range(1, 12))
    assert reader.statuses == [200]
    assert status(job) == "succeeded"


@pytest.mark.attack(29)
def test_a_server_that_stands_still_costs_nothing(site: live.Site, reader: live.Reader) -> None:
    site.redis.send(signal.SIGSTOP)
    try:
        stopped = time.monotonic()
        tell(topic(reader), 3, start=2)
        job = enqueue(live.new_user())
        until(reader, 4)
        ended(job)
        time.sleep(max(0.0, stopped + 5 - time.monotonic()))
    finally:
        site.redis.send(signal.SIGCONT)
    well(site)
    tell(topic(reader), 2, start=5)
    until(reader, 6)

    assert numbers(reader) == [1, 2, 3, 4, 5, 6]
    assert reader.statuses == [200]
    assert status(job) == "succeeded"


@pytest.mark.attack(29)
def test_an_emptied_server_costs_nothing(site: live.Site, reader: live.Reader, client: redis_py.Redis) -> None:
    for number in range(2, 7):
        client.flushall()
        tell(topic(reader), 1, start=number)
    until(reader, 6)
    job = enqueue(live.new_user())
    ended(job)

    assert numbers(reader) == [1, 2, 3, 4, 5, 6]
    assert reader.statuses == [200]
    key = f"sse:1:streams:{reader._visitor.user.pk}"
    live.wait_for(lambda: get_redis_connection("default").hvals(key) == [b"1"], what="the limits to be told again")
