"""Real processes for tests: Redis, web servers, workers; and readers of what they send."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from config import supervisor
from sse import sessions
from strategies.models import Job
from tests.ports import free_port as free_port

ROOT = Path(__file__).parent.parent


SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.settings"}

# What comes at all comes within this, on the busiest machine. Only a test that fails waits for so long.
PATIENCE_SECONDS = 60.0
# For servers: the nets under what is told (comparisons with each heartbeat, looks at permissions) are so far down that
# what arrives within that patience was told, and not found by them. No clock needs to be looked at for it.
TOLD = {"SSE_HEARTBEAT_SECONDS": "90", "TEST_RECHECK_SECONDS": "3600"}


def wait_for(condition: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS, what: str = "") -> Any:
    """Return what ``condition`` returns as soon as that is true; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain: {what or condition}")
        time.sleep(0.02)
    return value


def get(url: str, **options: Any) -> httpx.Response:
    """GET, without a session, and with patience."""
    return httpx.get(url, timeout=PATIENCE_SECONDS, **options)


@dataclass
class Process:
    """A process that a test started: it can be killed, stopped and started again."""

    command: list[str]
    ready: Callable[[], bool]
    environment: dict[str, str] = field(default_factory=dict)
    log: Path = field(default_factory=lambda: Path(os.environ["DATA_DIR"]) / f"{uuid.uuid4().hex[:8]}.log")
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self.process
        return self.process.pid

    def start(self) -> "Process":
        """Start it and wait until it is ready."""
        environment = os.environ | self.environment | SETTINGS
        environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # a licence for browser tests, never for a server
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        wait_for(self._ready_or_dead, seconds=120, what=f"{self.command} to be ready")
        return self

    def _ready_or_dead(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise AssertionError(f"{self.command} ended:\n{self.said()}")
        return self.ready()

    def said(self) -> str:
        """All that it wrote."""
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """``kill -9``."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, and wait; kill what does not stop."""
        self._end(signal.SIGTERM)

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self.process
        self.process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextlib.contextmanager
def redis() -> Iterator[Process]:
    """A Redis on the socket that the settings name."""
    assert settings.REDIS_SOCKET
    child = supervisor.redis(settings.REDIS_SOCKET, Path(os.environ["DATA_DIR"]) / "redis")
    process = Process(list(child.command), child.ready)
    process.start()
    try:
        yield process
    finally:
        process.stop()


def database_url() -> str:
    """The test database, as server processes are told of it."""
    options = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{options['NAME']}"
    host = quote(options["HOST"] or "localhost", safe="")
    port = f":{options['PORT']}" if options["PORT"] else ""
    return f"postgres://{options['USER']}:{options['PASSWORD']}@{host}{port}/{options['NAME']}"


def web(**environment: str) -> Process:
    """A web server on a free port, not yet started; its address is in ``environment["URL"]``."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    return Process(command, supervisor.listening(port), {"DATABASE_URL": database_url(), "URL": url, **environment})


def worker(**environment: str) -> Process:
    """A worker, not yet started."""
    command = [sys.executable, "manage.py", "worker"]
    process = Process(
        command, lambda: "Waiting for jobs." in process.said(), {"DATABASE_URL": database_url(), **environment}
    )
    return process


@dataclass
class Site:
    """The project at work."""

    redis: Process
    web: Process
    worker: Process

    @property
    def url(self) -> str:
        """Where the pages are."""
        return self.web.environment["URL"]

    def visitor(self, user: User | None = None) -> "Visitor":
        """Somebody with a browser of his own, signed in; a new user where none is given."""
        return Visitor(self.url, user or new_user())


@contextlib.contextmanager
def site(*, redis: Process, **environment: str) -> Iterator[Site]:
    """A web server and a worker of their own, beside a Redis that runs."""
    here = Site(redis, web(**environment), worker(**environment))
    try:
        here.web.start()
        here.worker.start()
        yield here
    finally:
        here.worker.stop()
        here.web.stop()


def new_user(**members: Any) -> User:
    """A new user."""
    return User.objects.create_user(f"user-{uuid.uuid4().hex[:10]}", password="secret", **members)


def run_out(job: Any) -> None:
    """Let a job's lease run out now, as it does a while after its worker died. ``job`` is a primary key."""
    Job.objects.filter(pk=job, status=Job.Status.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))


# Everybody who visits during a test; they leave when it ends.
visitors: list["Visitor"] = []


class Visitor:
    """A signed-in user with an HTTP client."""

    def __init__(self, url: str, user: User) -> None:
        visitors.append(self)
        self.readers: list[Reader] = []
        self.url, self.user = url, user
        self.headers: dict[str, str] = {}
        token = uuid.uuid4().hex  # any 32 letters and digits are a CSRF token
        self.cookies = {"sessionid": str(sessions.sign_in(user).session_key), "csrftoken": token}
        self.http = httpx.Client(
            base_url=url, cookies=self.cookies, headers={"X-CSRFToken": token, "Referer": url}, timeout=PATIENCE_SECONDS
        )

    def enter(self, secret: str) -> "Visitor":
        """Sign in with a token from now on, without cookies, as a program does."""
        self.cookies = {}
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.http.close()
        self.http = httpx.Client(base_url=self.url, headers=self.headers, timeout=PATIENCE_SECONDS)
        return self

    def create(self, brief: dict[str, Any]) -> dict[str, Any]:
        """Store a strategy."""
        answer = self.http.post("/api/strategies", json=brief)
        assert answer.status_code == 201, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def start(self, strategy: dict[str, Any]) -> dict[str, Any]:
        """Start its job."""
        answer = self.http.post(f"/api/strategies/{strategy['id']}/jobs", json={"kind": "strategy"})
        assert answer.status_code == 202, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def job(self, id: str) -> dict[str, Any]:
        """A job's snapshot."""
        return self.http.get(f"/api/jobs/{id}").raise_for_status().json()  # type: ignore[no-any-return]

    def events(self, id: str, after: str = "0") -> list[dict[str, Any]]:
        """A job's events, by polling."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.http.get(f"/api/jobs/{id}/events", params={"after": after}).raise_for_status().json()
            found += page["events"]
            after = page["cursor"]
            if not page["more"]:
                return found

    def ended(self, id: str, *, seconds: float = 2 * PATIENCE_SECONDS) -> dict[str, Any]:
        """
        The snapshot of a job, when it has ended: read once more then, since one that was begun just before the end may
        have the last cursor but one.
        """
        wait_for(lambda: self.job(id)["status"] not in ("queued", "running"), seconds=seconds, what=f"job {id} to end")
        return self.job(id)

    def watch(self, *topics: str, **options: Any) -> "Reader":
        """A reader of a stream."""
        self.readers.append(Reader(self, topics, **options))
        return self.readers[-1]

    def leave(self) -> None:
        """Close every connection."""
        self.http.close()
        for reader in self.readers:
            reader.leave()


@dataclass
class Told:
    """One event as it came over the wire."""

    event: str
    data: dict[str, Any]
    id: str | None
    at: float


class Reader(threading.Thread):
    """
    Reads a stream in the background as a browser does: parses by the standard, comes back with its cursor.

    ``told`` keeps everything, ``ledger`` the numbered events alone.
    """

    def __init__(
        self, visitor: Visitor, topics: tuple[str, ...], *, cursor: str | None = None, again: bool = True
    ) -> None:
        super().__init__(daemon=True)
        self._visitor, self._topics, self._again = visitor, topics, again
        self.cursor = cursor
        self.told: list[Told] = []
        self.statuses: list[int] = []
        self._left = threading.Event()
        self._socket: socket.socket | None = None
        self.start()

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """The numbered events, in the order in which they came."""
        return [told.data for told in list(self.told) if "seq" in told.data]

    def named(self, event: str) -> list[Told]:
        """What came under this name."""
        return [told for told in list(self.told) if told.event == event]

    def run(self) -> None:
        """Read until finished or told to leave."""
        while not self._left.is_set():
            try:
                if not self._read() or not self._again:
                    return
            except httpx.HTTPError:
                if not self._again:
                    return
            self._left.wait(0.2)

    def _read(self) -> bool:
        headers = {"Accept": "text/event-stream", **self._visitor.headers}
        if self.cursor is not None:
            headers["Last-Event-ID"] = self.cursor
        params = {"topic": list(self._topics)}
        timeout = httpx.Timeout(PATIENCE_SECONDS)
        with (
            httpx.Client(base_url=self._visitor.url, cookies=self._visitor.cookies, timeout=timeout) as client,
            client.stream("GET", "/sse/stream", params=params, headers=headers) as answer,
        ):
            self._socket = answer.extensions["network_stream"].get_extra_info("socket")
            self.statuses.append(answer.status_code)
            if answer.status_code != 200:
                return answer.status_code not in (204, 401, 403, 404)
            frame: list[str] = []
            buffer = ""
            for text in answer.iter_text():
                buffer += text
                while "\n" in buffer:
                    line, buffer = buffer.split("\n", 1)
                    if line:
                        frame.append(line)
                    else:
                        self._dispatch(frame)
                        frame = []
                if self._left.is_set():
                    return False
        return True

    def _dispatch(self, frame: list[str]) -> None:
        fields: dict[str, list[str]] = {}
        for line in frame:
            name, _, value = line.partition(":")
            fields.setdefault(name, []).append(value.removeprefix(" "))
        if "id" in fields:
            self.cursor = fields["id"][-1]
        if "data" in fields:
            event = fields.get("event", ["message"])[-1]
            id = fields["id"][-1] if "id" in fields else None
            self.told.append(Told(event, json.loads("\n".join(fields["data"])), id, time.monotonic()))

    def finished(self, *, seconds: float = PATIENCE_SECONDS) -> "Reader":
        """Wait until the stream has said all (204 or no coming back) and return the reader."""
        self.join(seconds)
        assert not self.is_alive(), f"the stream did not end; it said {[told.event for told in self.told]}"
        return self

    def leave(self) -> None:
        """Go away at once."""
        self._left.set()
        if self._socket:
            with contextlib.suppress(OSError):  # it is closed already
                self._socket.shutdown(socket.SHUT_RDWR)
