"""Opening a stream in the test's own process, through the whole project."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import reverse

from sse import asgi, border, hub, sessions

from . import answer as answers
from .answer import Answer
from .clock import Clock


def watch(
    user: Any,
    *topics: str,
    last_event_id: str | None = None,
    meanwhile: Callable[[], object] | None = None,
    events: int | None = None,
    until: str | None = None,
    clock: Clock | None = None,
    seconds: float | None = None,
) -> Answer:
    """
    Open a stream as ``user`` (None: nobody) in this process, and return what came.

    ``meanwhile`` is called once when the stream has begun: publish there, and it arrives live; or set ``clock`` forward.
    The stream is left when it ends by itself, when so many numbered ``events`` came, when an event called ``until`` came
    (such as ``heartbeat``) and ``meanwhile`` was called, or after ``seconds`` of real time, which raises ``TimeoutError``
    where one of the two was asked for. They are 60 then, which only a test that fails waits for; else 5.
    """
    if seconds is None:
        seconds = 5.0 if events is None and until is None else 60.0
    headers = {} if last_event_id is None else {"last-event-id": last_event_id}
    if user is not None:
        headers["cookie"] = f"{settings.SESSION_COOKIE_NAME}={sessions.sign_in(user).session_key}"
    with border.in_test(), connections_kept():
        return async_to_sync(_watch)(topics, headers, meanwhile, _Enough(events, until), clock, seconds)


@contextlib.contextmanager
def connections_kept() -> Iterator[None]:
    """Keep Django from closing the connection whose transaction is the test's, as its own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@dataclass(frozen=True)
class _Enough:
    """What a reader waits for: so many numbered events, or one by its name."""

    events: int | None
    until: str | None

    def reached(self, answer: Answer) -> bool:
        """Whether it came."""
        if self.events is not None and len(answer.events) >= self.events:
            return True
        return any(told.event == self.until for told in answer.told)

    def check(self, answer: Answer, seconds: float) -> None:
        """Raise ``TimeoutError`` where something is waited for."""
        if self.events is not None:
            raise TimeoutError(f"{len(answer.events)} of {self.events} events came in {seconds} s: {answer.told}")
        if self.until is not None:
            raise TimeoutError(f"No {self.until} came in {seconds} s: {answer.told}")


async def _watch(
    topics: Sequence[str],
    headers: Mapping[str, str],
    meanwhile: Callable[[], object] | None,
    enough: _Enough,
    clock: Clock | None,
    seconds: float,
) -> Answer:
    if clock is not None:
        clock.rule(asyncio.get_running_loop())
    answer, came, left = Answer(), asyncio.Event(), asyncio.Event()
    running = asyncio.ensure_future(_request(answer, came, left, topics, headers))
    deadline = time.monotonic() + seconds
    try:
        while not running.done() and not (enough.reached(answer) and (meanwhile is None or enough.until is None)):
            if time.monotonic() > deadline:
                enough.check(answer, seconds)
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(came.wait(), 0.05)
            came.clear()
            if meanwhile is not None and answer.told:
                await sync_to_async(meanwhile)()
                meanwhile = None
            # In a transaction that never commits nothing is sent: the rows tell.
            hub.current().look.set()
    finally:
        left.set()
        await asyncio.gather(running, return_exceptions=True)
        await hub.current().stop()
    return answer


async def _request(
    answer: Answer, came: asyncio.Event, left: asyncio.Event, topics: Sequence[str], headers: Mapping[str, str]
) -> None:
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode().lower(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")
            answer.told = list(answers.read(answer.body)) if answer.status == 200 else []
            if not message.get("more_body", False):
                left.set()
        came.set()

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": reverse("sse:stream"),
        "query_string": urlencode([("topic", topic) for topic in topics]).encode(),
        "headers": [(b"host", b"testserver"), *((n.encode(), v.encode()) for n, v in headers.items())],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    await asgi.Application()(scope, receive, send)
