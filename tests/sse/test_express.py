"""The short way through Django: alone or together, each request is answered as if it were the only one."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlencode

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import reverse

from sse import border, limits, sessions
from sse.express import Express, Passage
from sse.testing.watching import connections_kept


class Watched(Express):
    """One that notes how many threads were asked for, and fails for who asks for it."""

    def __init__(self) -> None:
        super().__init__()
        self.changes = 0

    def _pass_all(self, loop: asyncio.AbstractEventLoop) -> None:
        self.changes += 1
        super()._pass_all(loop)

    def pass_through(self, scope: dict[str, Any]) -> Passage:
        if scope["query_string"] == b"fail":
            raise RuntimeError("no way")
        return super().pass_through(scope)


class Gate(Express):
    """One that lets everybody through but who asks to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.open = threading.Event()

    def pass_through(self, scope: dict[str, Any]) -> Passage:
        if scope["query_string"] == b"wait":
            self.open.wait(60)
        return HttpResponse(), None


def scope(user: User, topic: str, request: str = "") -> dict[str, Any]:
    cookie = f"{settings.SESSION_COOKIE_NAME}={sessions.sign_in(user).session_key}"
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": reverse("sse:stream"),
        "query_string": urlencode({"topic": topic}).encode(),
        "headers": [(b"host", b"testserver"), (b"cookie", cookie.encode()), (b"x-request-id", request.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }


def run[T](scenario: Coroutine[Any, Any, T]) -> T:
    async def within() -> T:
        return await scenario

    with border.in_test(), connections_kept():
        return async_to_sync(within)()


@pytest.fixture
def express() -> Watched:
    return Watched()


def test_who_comes_at_the_same_time_passes_together_and_as_themselves(
    express: Watched, owner: User, other: User
) -> None:
    asked = [scope(user, f"user:{user.pk}", f"r-{number}") for number, user in enumerate([owner, other] * 4)]

    async def scenario() -> list[Passage]:
        return await asyncio.gather(*map(express.passage, asked))

    passages = run(scenario())

    assert express.changes <= 2
    streams = [stream for _, stream in passages if stream is not None]
    assert [stream.watcher.user for stream in streams] == [owner.pk, other.pk] * 4
    assert [stream.request for stream in streams] == [f"r-{number}" for number in range(8)]
    assert [answer["X-Request-ID"] for answer, _ in passages] == [f"r-{number}" for number in range(8)]
    for stream in streams:
        stream.place.give_back()


def test_who_fails_fails_alone_and_who_comes_later_passes(express: Watched, owner: User) -> None:
    good, bad = scope(owner, f"user:{owner.pk}"), scope(owner, "") | {"query_string": b"fail"}

    async def scenario() -> list[Passage | BaseException]:
        first = await asyncio.gather(*map(express.passage, [good, bad, good]), return_exceptions=True)
        return [*first, await express.passage(good)]

    came = run(scenario())

    assert [type(one) for one in came] == [tuple, RuntimeError, tuple, tuple]
    for one in came:
        if isinstance(one, tuple) and one[1] is not None:
            one[1].place.give_back()


@pytest.mark.django_db
def test_who_is_slow_holds_up_nobody_else() -> None:
    express = Gate()

    async def scenario() -> Passage:
        slow = asyncio.ensure_future(express.passage({"query_string": b"wait"}))
        quick = [express.passage({"query_string": b""}) for _ in range(5)]
        try:
            await asyncio.wait_for(asyncio.gather(*quick), 30)
            assert not slow.done()
        finally:
            express.open.set()
        return await slow

    answer, _ = asyncio.run(scenario())

    assert answer.status_code == 200


def test_who_leaves_while_waiting_holds_no_place(express: Watched, owner: User) -> None:
    before, asked = limits.here.held, scope(owner, f"user:{owner.pk}")

    async def scenario() -> Passage:
        waiting = asyncio.ensure_future(express.passage(asked))
        await asyncio.sleep(0)
        waiting.cancel()
        return await express.passage(asked)

    _, stream = run(scenario())

    assert stream is not None
    assert limits.here.held == before + 1
    stream.place.give_back()
