"""The world of a run: Redis, a database, two web servers, two workers, and the proxies between them."""

import contextlib
import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from redis import Redis, RedisError

from config import supervisor
from tests import live
from tests.cluster import Cluster
from tests.faults.proxy import Loop, Proxy

HEARTBEAT_SECONDS: Final = 2
# Shorter than in production, so that a minute of faults has many of each; the order between them is the same.
SETTINGS: Final = {
    "SSE_HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS),
    "SSE_MAX_STREAM_SECONDS": "20",
    "TEST_SEND_TIMEOUT_SECONDS": "5",
    "SSE_SEND_TIMEOUT_SECONDS": "5",
    "TEST_LEASE_SECONDS": "3",
}


@dataclass
class World:
    """Everything that runs."""

    loop: Loop
    cluster: Cluster | None
    redis: live.Process
    redis_port: int
    # Between Redis and each web server, the workers, the publishers.
    to_redis: dict[str, Proxy]
    webs: list[live.Process] = field(default_factory=list)
    workers: list[live.Process] = field(default_factory=list)
    front: Proxy | None = None

    @property
    def reader_port(self) -> int:
        """Where readers connect: a balancer before both web servers."""
        assert self.front
        return self.front.port

    def client(self) -> Redis:
        """A client of Redis that no fault concerns."""
        return Redis(port=self.redis_port, socket_timeout=5)

    def census(self, web: live.Process) -> dict[str, Any]:
        """What a web server holds open."""
        with urllib.request.urlopen(f"{web.environment['URL']}/__census", timeout=60) as answer:
            return json.loads(answer.read())  # type: ignore[no-any-return]

    def heal(self) -> None:
        """End every fault: proxies pass, and what was stopped or killed runs."""
        for proxy in [*self.to_redis.values(), self.front]:
            if proxy:
                proxy.heal()
        for process in [self.redis, *self.webs, *self.workers]:
            if process.process and process.process.poll() is None:
                process.send(signal.SIGCONT)
            else:
                process.start()


def _redis(port: int) -> live.Process:
    folder = Path(os.environ["DATA_DIR"]) / "ledger-redis"
    folder.mkdir(exist_ok=True)
    command = [supervisor.redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--appendonly", "yes", "--save", "", "--loglevel", "warning"]

    def ready() -> bool:
        with contextlib.suppress(RedisError), contextlib.closing(Redis(port=port, socket_timeout=1)) as one:
            return bool(one.ping())
        return False

    return live.Process(command, ready)


def _web(number: int, proxies: dict[str, Proxy]) -> live.Process:
    process = live.web(**SETTINGS, REDIS_URL=f"redis://127.0.0.1:{proxies[f'web{number}'].port}")
    port = process.command[-1]
    process.command = [sys.executable, "-m", "tests.faults.server", "--port", port]
    return process


def _worker(proxies: dict[str, Proxy]) -> live.Process:
    process = live.worker(**SETTINGS, REDIS_URL=f"redis://127.0.0.1:{proxies['workers'].port}")
    starts = [0]

    def ready() -> bool:
        # It says so once at each start; the log keeps those of its predecessors.
        return process.said().count("Waiting for jobs.") > starts[0]

    def start() -> live.Process:
        starts[0] = process.said().count("Waiting for jobs.") if process.log.exists() else 0
        return live.Process.start(process)

    process.ready, process.start = ready, start  # type: ignore[method-assign]
    return process


@contextlib.contextmanager
def running(cluster: Cluster | None) -> Iterator[World]:
    """Start everything on the database that the settings name; stop it afterwards."""
    call_command("migrate", verbosity=0)
    connection.close()
    loop, port = Loop(), int(settings.REDIS_URL.rsplit(":", 1)[1])
    proxies = {name: Proxy(loop, port) for name in ("web0", "web1", "workers", "publishers")}
    world = World(loop, cluster, _redis(port), port, proxies)
    try:
        world.redis.start()
        world.webs = [_web(number, proxies).start() for number in range(2)]
        world.workers = [_worker(proxies) for _ in range(2)]
        for worker in world.workers:
            worker.start()
        world.front = Proxy(loop, *(int(web.command[-1]) for web in world.webs))
        yield world
    finally:
        for process in [*world.workers, *world.webs, world.redis]:
            if process.process:
                with contextlib.suppress(ProcessLookupError):
                    process.send(signal.SIGCONT)
            process.stop()
        loop.stop()


def publisher(world: World, *, name: str, seed: int, log: Path, rate: float, topics: list[str]) -> live.Process:
    """A publisher, not yet started."""
    command = [sys.executable, "-m", "tests.faults.publisher", "--name", name, "--seed", str(seed), "--log", str(log)]
    command += ["--rate", str(rate), *topics]
    environment = {
        "DATABASE_URL": live.database_url(),
        "REDIS_URL": f"redis://127.0.0.1:{world.to_redis['publishers'].port}",
    }
    began = time.monotonic()
    return live.Process(command, lambda: time.monotonic() > began, environment)
