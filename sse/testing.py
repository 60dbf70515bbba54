"""
Testing a feature that tells its progress: what it publishes, and what a reader gets.

Both work inside ``TestCase`` and pytest-django's ``db``, in a transaction that never commits, with or without a Redis.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import reverse

from . import asgi, border, hub, sessions
from . import clock as clock_


class Captured:
    """The events published since a block began: ``(topic, type, data)`` in the order in which they were stored."""

    def __init__(self, topics: Sequence[str]) -> None:
        from .models import Event

        self._topics = topics
        self._first = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @property
    def data(self) -> list[dict[str, Any]]:
        """Each event's JSON object: topic, seq, type, timestamp and what was published."""
        from .models import Event

        rows = Event.objects.filter(pk__gt=self._first).order_by("pk")
        if self._topics:
            rows = rows.filter(topic__name__in=self._topics)
        return [event.data for event in rows]

    @property
    def types(self) -> list[str]:
        """Each event's type."""
        return [event["type"] for event in self.data]


@contextlib.contextmanager
def capture(*topics: str) -> Iterator[Captured]:
    """Collect what is published in the block: on these topics, or on all. What is rolled back was never published."""
    yield Captured(topics)


@dataclass(frozen=True)
class Told:
    """One event as it came: its name, its JSON object, and the cursor to come back with (empty: control events)."""

    event: str
    data: dict[str, Any]
    id: str = ""


@dataclass
class Answer:
    """What a request for a stream was answered with: the HTTP status, and what was told until it was left or ended."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    body: bytes = b""

    @property
    def events(self) -> list[dict[str, Any]]:
        """The numbered events alone."""
        return [told.data for told in self.told if "seq" in told.data]

    @property
    def cursor(self) -> str:
        """What to come back with."""
        return next((told.id for told in reversed(self.told) if told.id), "")


def watch(
    user: Any,
    *topics: str,
    last_event_id: str | None = None,
    meanwhile: Callable[[], object] | None = None,
    events: int | None = None,
    until: str | None = None,
    clock: "Clock | None" = None,
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
    with border.in_test(), _connections_kept():
        return async_to_sync(_watch)(topics, headers, meanwhile, _Enough(events, until), clock, seconds)


@contextlib.contextmanager
def _connections_kept() -> Iterator[None]:
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
    clock: "Clock | None",
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


class Clock:
    """
    A clock that a test sets forward: heartbeats, re-checks and the ends of streams come without waiting for them.

    Given to ``watch`` it rules that stream's event loop; ``advance`` is called in ``meanwhile``.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def rule(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the loop's timers go by this clock."""
        self._loop = loop
        loop.time = clock_.now  # type: ignore[method-assign]

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` go by: half a second at a time, so that what falls due in them happens in its order."""
        if self._loop is None:
            raise RuntimeError("A clock is set forward while watch() goes on: watch(…, clock=clock, meanwhile=…).")
        while seconds > 0:
            clock_.set_forward(min(seconds, 0.5))
            seconds -= 0.5
            asyncio.run_coroutine_threadsafe(_turn(), self._loop).result()


async def _turn() -> None:
    """Let the loop do what is due, and what follows from it."""
    for _ in range(10):
        await asyncio.sleep(0)


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
            answer.told = list(_read(answer.body)) if answer.status == 200 else []
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


def _read(body: bytes) -> Iterator[Told]:
    """Yield the events in what our own encoder wrote."""
    for frame in body.decode().split("\n\n")[:-1]:
        fields = [line.partition(": ") for line in frame.split("\n")]
        named = {name: value for name, _, value in fields}
        data = "\n".join(value for name, _, value in fields if name == "data")
        yield Told(named.get("event", "message"), json.loads(data), named.get("id", ""))
