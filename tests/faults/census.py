"""What the processes hold, before and after: a fault may cost time, never a thread, a connection or a place."""

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Any, Final

from django.db import connection

from strategies import jobs
from strategies.models import Job
from tests import live
from tests.faults.reader import Reader, leave
from tests.faults.world import World

type Census = dict[str, dict[str, int]]


# Streams and requests at once that bring a fresh process to its full number of threads and pooled connections.
WARM: Final = 12
QUIET_SECONDS: Final = 120.0
# Each of the four threads that query is begun when there is something for it, and keeps its connection for a minute, in
# each of the four processes: how many there are and have one is chance, and bounded. What leaks goes past this in a few
# runs.
SPARE: Final = {"files": 4, "threads": 4, "connections": 16}


def warm(world: World, visitor: live.Visitor) -> None:
    """Have every process do at once what it may do at once, so that what it keeps for later is there."""
    cookie = visitor.cookies["sessionid"]

    async def visit() -> None:
        for web in world.webs:
            port = int(web.command[-1])
            readers = [
                Reader(f"w{number}", port, cookie, [f"ledger:warm{number}"], seed=number, watchdog=60)
                for number in range(WARM)
            ]
            tasks = [asyncio.create_task(reader.run()) for reader in readers]
            await asyncio.sleep(1.5)
            await leave(readers, tasks)

    for _ in range(WARM):
        jobs.enqueue(owner=visitor.user, kind="toy")
    for _ in range(3):
        world.loop.wait(visit())
    live.wait_for(lambda: not Job.objects.filter(status__in=Job.ACTIVE).exists(), seconds=120, what="jobs to end")
    connection.close()


def take(world: World) -> Census:
    """Count what every process, the database and Redis hold now."""
    found: Census = {}
    for number, web in enumerate(world.webs):
        inside = world.census(web)
        found[f"web {number}"] = {name: value for name, value in inside.items() if isinstance(value, int)}
    for number, worker in enumerate(world.workers):
        found[f"worker {number}"] = _process(worker)
    found["database"] = {"connections": _connections()}
    found["redis"] = _redis(world)
    return found


def _process(process: live.Process) -> dict[str, int]:
    folder = Path(f"/proc/{process.pid}")
    return {"threads": len(list((folder / "task").iterdir())), "files": len(list((folder / "fd").iterdir()))}


def _connections() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def _redis(world: World) -> dict[str, int]:
    """Places held by processes that live, and channels of topics that somebody subscribes to."""
    with contextlib.closing(world.client()) as client:
        seconds, micros = map(int, client.time())
        beats: Any = client.zrange("sse:1:processes", 0, -1, withscores=True)
        living = {process for process, beat in beats if seconds + micros / 1e6 - beat < 5}
        places = sum(
            int(held)
            for key in client.scan_iter("sse:1:streams*")
            for process, held in client.hgetall(key).items()
            if process in living
        )
        return {"places": places, "channels": len(client.pubsub_channels("sse:1:topic:*"))}


def settled(world: World, baseline: Census) -> list[str]:
    """Wait until nothing is above ``baseline``; return a sentence for each thing that stays above it."""
    deadline = time.monotonic() + QUIET_SECONDS
    while True:
        above = [
            f"{owner} holds {held} {what}, {baseline[owner][what]} before"
            for owner, counts in take(world).items()
            for what, held in counts.items()
            if held > baseline[owner][what] + SPARE.get(what, 0)
        ]
        if not above or time.monotonic() > deadline:
            return above
        time.sleep(0.5)


def quiet(world: World) -> Census:
    """Take the baseline when nothing changes any more: connections that are kept alive for some seconds are gone."""
    deadline = time.monotonic() + QUIET_SECONDS
    lowest = take(world)
    same = 0
    while same < 4 and time.monotonic() < deadline:
        time.sleep(0.5)
        now = take(world)
        same = same + 1 if now == lowest else 0
        lowest = now
    return _equal(lowest)


def _equal(census: Census) -> Census:
    """Give processes of one kind the same baseline: which of them was the busier is chance."""
    kinds: Census = {}
    for owner, counts in census.items():
        most = kinds.setdefault(owner.split()[0], dict(counts))
        most.update({what: max(held, most[what]) for what, held in counts.items()})
    return {owner: kinds[owner.split()[0]] for owner in census}
