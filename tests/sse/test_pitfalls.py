"""What has broken others and is not another module's affair. docs/attacks.md lists all, with the tests of each."""

import asyncio
import contextlib
import pkgutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth.models import User
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.test import RequestFactory

import sse
from sse import asgi, conf, hub, response, stream
from sse.models import Event, Topic
from tests import live
from tests.sse.test_stream import numbers, tell, topic_of


def test_a_gzip_middleware_leaves_a_stream_alone() -> None:
    def view(request: HttpRequest) -> Any:
        return StreamingHttpResponse([b"data: x\n\n" * 100], headers=response.HEADERS)

    request = RequestFactory().get("/sse/stream", headers={"Accept-Encoding": "gzip"})
    streamed: Any = GZipMiddleware(view)(request)
    page: Any = GZipMiddleware(lambda request: HttpResponse("x" * 1_000))(request)

    assert streamed["Content-Encoding"] == "identity"
    assert b"".join(streamed) == b"data: x\n\n" * 100
    assert page["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("view", [stream.stream, stream.respond])
def test_requests_in_transactions_do_not_hinder_a_stream(monkeypatch: pytest.MonkeyPatch, view: Any) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)

    assert BaseHandler().make_view_atomic(view) is view


def test_no_name_of_the_package_hides_a_module() -> None:
    for module in pkgutil.iter_modules(sse.__path__):
        assert isinstance(getattr(sse, module.name, asyncio), ModuleType), module.name


def test_async_code_in_a_test_sees_and_leaves_what_the_test_does(owner: User) -> None:
    async def scenario() -> bool:
        await User.objects.acreate(username="made-in-a-loop")
        return await User.objects.filter(pk=owner.pk).aexists()

    seen = async_to_sync(scenario)()

    assert seen
    assert connection.in_atomic_block  # and is rolled back with this test
    assert User.objects.filter(username="made-in-a-loop").exists()


@pytest.mark.live
@pytest.mark.attack(9)
def test_a_long_replay_to_a_reader_that_left_ends(redis_server: live.Process, rows: None) -> None:
    visitor = live.Visitor("http://testserver", live.new_user())
    topic = topic_of(visitor.user)
    row = Topic.objects.create(name=topic, seq=5_000)
    Event.objects.bulk_create(
        Event(topic=row, seq=n, type="status", json=f'{{"topic":"{topic}","seq":{n},"type":"status"}}')
        for n in range(1, row.seq + 1)
    )
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    scope = {
        "type": "http", "method": "GET", "path": "/sse/stream", "raw_path": b"/sse/stream", "root_path": "",
        "query_string": f"topic={topic}".encode(), "http_version": "1.1", "scheme": "http",
        "headers": [(b"host", b"testserver"), (b"cookie", cookies.encode())], "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
    }  # fmt: skip
    sent: list[int] = []

    async def scenario() -> None:
        left = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:  # as uvicorn's: it returns at once, also when the reader has left
            if message.get("body", b"").count(b"id: "):
                sent.append(message["body"].count(b"id: "))
                left.set()

        try:
            await asyncio.wait_for(asgi.get_asgi_application()(scope, receive, send), live.PATIENCE_SECONDS)
        finally:
            for one in hub.existing():
                await one.stop()

    asyncio.run(scenario())

    assert sent[0] == conf.REPLAY_BATCH
    assert sum(sent) <= 3 * conf.REPLAY_BATCH


class Slow:
    """Stands between a server and Redis, and lets everything to Redis wait for a moment."""

    def __init__(self, path: Path, *, seconds: float) -> None:
        self.path, self._seconds = path, seconds
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(50)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.socket(socket.AF_UNIX)
                there.connect(str(settings.REDIS_SOCKET))
                for source, target, wait in ((here, there, self._seconds), (there, here, 0.0)):
                    threading.Thread(target=self._carry, args=[source, target, wait], daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, wait: float) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                time.sleep(wait)
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        source.close()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.path.unlink()


@pytest.fixture
def far(site: live.Site) -> Iterator[live.Process]:
    """A server 60 ms away from its Redis."""
    assert settings.REDIS_SOCKET
    slow = Slow(settings.REDIS_SOCKET.with_name("slow.sock"), seconds=0.06)
    process = live.web(REDIS_URL=f"unix://{slow.path}", **live.TOLD).start()
    yield process
    process.stop()
    slow.stop()


@pytest.mark.live
def test_a_slow_subscription_has_no_hole(far: live.Process) -> None:
    visitors = [live.Visitor(far.environment["URL"], live.new_user()) for _ in range(20)]

    readers = []
    for visitor in visitors:
        readers.append(visitor.watch(topic_of(visitor.user)))
        live.wait_for(lambda: readers[-1].named("hello"))
        tell(topic_of(visitor.user), 2)  # while SUBSCRIBE is on its way
    live.wait_for(lambda: all(len(reader.ledger) == 2 for reader in readers))

    assert [numbers(reader) for reader in readers] == [[1, 2]] * 20
