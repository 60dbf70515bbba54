"""
Streams compared: processor time for each delivered event, latency, memory, connecting, idling.

One server process on the first core; readers, publisher and Redis on the second. The contenders take turns, so that what
the machine does meanwhile hits all alike; of several rounds the least is kept, since noise only adds.
"""

import asyncio
import atexit
import contextlib
import functools
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import uvloop

from benchmarks import client, contenders, process
from benchmarks.contenders import Contender, Place

SETTLE_SECONDS = 1.5
# Deliveries a second that no server here joins, and how many are outstanding when it is to have all it can take.
FIXED = 4_000
WINDOW = 6_000

Figures = dict[str, float]


def run(
    *,
    sizes: Sequence[int] = (100, 1_000, 5_000, 10_000),
    shapes: Sequence[str] = ("broadcast", "topics"),
    rounds: int = 2,
    seconds: float = 4,
    names: Sequence[str] = (),
) -> Any:
    """Return figures by shape, number of streams and contender."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65536)), hard))
    results: dict[str, Any] = {}
    with place() as here:
        for shape in shapes:
            for size in sizes:
                some = [one for one in contenders.present() if one.name in (names or _default(size))]
                results[f"{shape} {size}"] = _compare(here, some, shape, size, rounds if size < 5_000 else 1, seconds)
    return results


def _default(size: int) -> Sequence[str]:
    """Return whom to compare: all at one size, at the largest those that bear it within a few minutes, else two."""
    if size in (100, 5_000):
        return ("floor", "ours")
    if size > 5_000:
        return ("floor", "ours", "sse-starlette", "nchan")
    return [one.name for one in contenders.EVERYBODY]


def idle(*, size: int = 1_000, seconds: float = 45) -> Any:
    """Return the processor time of each stream and second while nothing happens, with a heartbeat each 15 s."""
    os.environ["SSE_HEARTBEAT_SECONDS"] = "15"
    try:
        with place() as here:
            found = {one.name: uvloop.run(_idle(here, one, size, seconds)) for one in contenders.present()[1:4:2]}
    finally:
        del os.environ["SSE_HEARTBEAT_SECONDS"]
    for name, figure in found.items():
        print(f"  idle {size:,} {name:20} {figure} µs per stream and second", flush=True)
    return found


async def _idle(place: Place, one: Contender, size: int, seconds: float) -> float:
    port = process.free_port()
    with one.start(place, port) as server:
        readers = client.Readers()
        topics = [f"bench:{number}" for number in range(size)]
        await client.connect(readers, port, topics, session=place.session, hello=one.hello)
        await asyncio.sleep(SETTLE_SECONDS)
        cpu = server.cpu()
        await asyncio.sleep(seconds)
        return round((server.cpu() - cpu) / seconds / size * 1e6, 2)


def _compare(
    place: Place, some: Sequence[Contender], shape: str, size: int, rounds: int, seconds: float
) -> dict[str, Figures]:
    found: dict[str, list[Figures]] = {}
    for _ in range(rounds):
        for one in some:
            try:
                figures = uvloop.run(_measure(place, one, shape, size, seconds))
            except (RuntimeError, OSError, TimeoutError) as error:
                print(f"  {shape} {size:,} {one.name}: {error!r:.300}", flush=True)
                continue
            found.setdefault(one.name, []).append(figures)
            print(f"  {shape} {size:>6,} {one.name:20} {_line(figures)}", flush=True)
    return {name: best(runs) for name, runs in found.items()}


# Of these more is worse in every run: a loss in one is not mended by another.
FAULTS = ("lost", "lost sat.", "disorder", "closed")


def best(runs: Sequence[Figures]) -> Figures:
    """Return the figures of several runs as one: the least of each, the most of what is a rate or a fault."""
    keys = dict.fromkeys(key for one in runs for key in one)
    return {key: (max if key in (*FAULTS, "max/s") else min)(one[key] for one in runs if key in one) for key in keys}


def _line(figures: Figures) -> str:
    return "  ".join(f"{name} {value:g}" for name, value in figures.items())


async def _measure(place: Place, one: Contender, shape: str, size: int, seconds: float) -> Figures:
    port = process.free_port()
    topics = ["bench:all"] * size if shape == "broadcast" else [f"bench:{number}" for number in range(size)]
    with one.start(place, port) as server:
        readers = client.Readers()
        # The first streams make what a process has once: hub, connections, caches.
        await client.connect(readers, port, topics[:20], session=place.session, hello=one.hello)
        await asyncio.sleep(SETTLE_SECONDS)
        cpu, kib = server.cpu(), server.kib()
        await client.connect(readers, port, topics[20:], session=place.session, hello=one.hello)
        await asyncio.sleep(SETTLE_SECONDS)
        figures = {
            "connect µs": round((server.cpu() - cpu) / (size - 20) * 1e6),
            "KiB/stream": round((server.kib() - kib) / (size - 20), 1),
            "threads": float(server.threads()),
            "databases": float(server.databases()),
        }
        if one.name == "plain Django":
            return figures
        return figures | await _deliver(place, one, server, readers, port, shape, topics, seconds)


async def _deliver(
    place: Place,
    one: Contender,
    server: process.Server,
    readers: client.Readers,
    port: int,
    shape: str,
    topics: list[str],
    seconds: float,
) -> Figures:
    size = len(topics)
    publisher = client.Publisher(
        one.command, topics[:1] if shape == "broadcast" else topics, size if shape == "broadcast" else 1
    )
    address = ("127.0.0.1", port) if one.own_port else place.redis
    cpu, before = server.cpu(), readers.got
    rate: float = FIXED if size < 10_000 else 5_000
    await client.in_thread(lambda: publisher.evenly(address, rate, seconds))
    await client.quiet(readers, before + publisher.due)
    got = readers.got - before
    ages = sorted(readers.ages)
    figures = {"lost": float(publisher.due - got)}
    # Whom nothing reached has no price for a delivery: it has no figure, rather than a wrong one.
    if got:
        figures |= {
            "fixed µs": round((server.cpu() - cpu) / got * 1e6, 2),
            "p50 ms": round(statistics.median(ages), 2),
            "p99 ms": round(ages[int(len(ages) * 0.99)], 2),
        }
    cpu, then = server.cpu(), readers.got
    window = max(WINDOW, 20 * size) if shape == "broadcast" else WINDOW
    rate = await publisher.saturate(address, readers, before, window, seconds)
    got = readers.got - then
    if got:
        figures["sat. µs"] = round((server.cpu() - cpu) / got * 1e6, 2)
    figures["max/s"] = round(rate)
    figures["lost sat."] = float(publisher.due - (readers.got - before)) - figures["lost"]
    figures["disorder"] = float(readers.disorder)
    figures["closed"] = float(readers.closed)
    return figures


@contextlib.contextmanager
def place() -> Iterator[Place]:
    """A folder with a database, a signed-in user and a Redis, for as long as the benchmark runs."""
    folder = _folder()
    kept = os.sched_getaffinity(0)
    import django

    django.setup()
    from config import supervisor

    redis = supervisor.redis(folder / "redis.sock", folder / "redis")
    try:
        redis.start()
        assert redis.process
        os.sched_setaffinity(redis.process.pid, process.CLIENT)
        os.sched_setaffinity(0, process.CLIENT)
        while not redis.ready():
            time.sleep(0.02)
        yield Place(folder, str(folder / "redis.sock"), _session())
    finally:
        if redis.process:
            redis.process.terminate()
            redis.process.wait()
        os.sched_setaffinity(0, kept)


@functools.cache
def _folder() -> Path:
    """The folder of this process: settings are read once, and the secret that signs sessions is kept in there."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "benchmarks.servers.project"}
    return folder


def _session() -> str:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from sse import sessions

    call_command("migrate", verbosity=0)
    user, _ = get_user_model()._default_manager.get_or_create(username="reader")
    return str(sessions.sign_in(user).session_key)
