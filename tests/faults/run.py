"""One run: readers and publishers begin, faults are made, everything is healed, and the ledgers are compared."""

import asyncio
import contextlib
import json
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import Error as DatabaseError
from django.db import connection, transaction

import sse
from sse.models import Event, Topic
from strategies import jobs
from strategies.models import Job
from tests import live
from tests.faults import actions, ledger, world
from tests.faults.reader import Poller, Reader, leave

PUBLISHERS: Final = 3
READERS: Final = 50
JOBS: Final = 7
WATCHDOG: Final = 2.5 * world.HEARTBEAT_SECONDS
# What readers may take to hear of everything once all faults are healed.
SETTLE_SECONDS: Final = 120.0
# What an event of which nobody was told may take: a comparison of positions at each heartbeat, and a busy machine. Less
# than a stream lives: those that begin anew read the rows, and would hide that nobody compared.
LEVEL_SECONDS: Final = 10.0


class NeverSent(Exception):
    """The transaction is committed, and what was to follow does not happen."""


def _never() -> None:
    raise NeverSent


@dataclass
class Run:
    """What takes part in a run."""

    world: world.World
    seed: int
    seconds: float
    folder: Path
    user: live.Visitor
    rate: float = 12
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    readers: list[Reader] = field(default_factory=list)
    publishers: list[live.Process] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    # Seconds until all readers were where the rows are, after what; and who was not.
    levels: dict[str, float] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.shared = [self.topic(f"shared{number}") for number in range(2)] + [self.topic("fat")]
        self.own = [[self.topic(f"p{number}a"), self.topic(f"p{number}b")] for number in range(PUBLISHERS)]

    def topic(self, name: str) -> str:
        """A topic of this run."""
        return f"ledger:{self.id}.{name}"

    @property
    def topics(self) -> list[str]:
        """All that is published to."""
        return [*self.shared, *(name for names in self.own for name in names)]

    # --- beginning ------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start readers, publishers and jobs."""
        for number in range(READERS - 2 * JOBS):
            self._read(self._ordinary(number))
        for number in range(PUBLISHERS):
            log = self.folder / f"{self.id}.p{number}"
            process = world.publisher(
                self.world,
                name=f"p{number}",
                seed=self.random.randrange(2**32),
                log=log,
                rate=self.rate,
                topics=[*self.own[number], *self.shared],
            )
            self.publishers.append(process.start())

    def _ordinary(self, number: int) -> Reader:
        """A reader of one topic or several; some are slow, and some go past the balancer with a small window."""
        several = number % 3 == 2
        names = self.random.sample(self.topics, self.random.randint(2, 5) if several else 1)
        if number % 9 == 0:
            names = [self.topic("fat")]
        reader = self._reader(f"r{number}", names)
        if number % 9 == 0:
            reader.small, reader.port = True, int(self.random.choice(self.world.webs).command[-1])
        elif number % 9 == 4:
            reader.pause = 0.2
        return reader

    def _reader(self, name: str, topics: list[str], kind: type[Reader] = Reader) -> Reader:
        cookie = self.user.cookies["sessionid"]
        seed = self.random.randrange(2**32)
        return kind(name, self.world.reader_port, cookie, topics, seed=seed, watchdog=WATCHDOG)

    def _read(self, reader: Reader) -> None:
        async def start() -> "asyncio.Task[None]":
            return asyncio.create_task(reader.run())

        self.readers.append(reader)
        self.tasks.append(self.world.loop.wait(start()))

    def ask(self) -> None:
        """Queue a job, with a stream (beside another topic, or alone) and a poller on it."""
        params = {"seconds": self.random.uniform(0.1, 1.2)}
        try:
            job, _ = jobs.enqueue(owner=self.user.user, kind="toy", params=params)
        except DatabaseError:
            connection.close()
            return
        number = len(self.jobs)
        self.jobs.append(job)
        self._read(self._reader(f"j{number}", [job.topic, self.topic("shared0")][: 1 + number % 2]))
        self._read(self._reader(f"k{number}", [job.topic], Poller))

    # --- the run --------------------------------------------------------------------------------------------------------

    def go(self) -> dict[str, Any]:
        """Do all of it and return the figures; leave no publisher and no reader behind."""
        try:
            return self._go()
        finally:
            for process in self.publishers:
                process.kill()
            self.world.loop.wait(leave(self.readers, self.tasks))

    def _go(self) -> dict[str, Any]:
        began = time.monotonic()
        self.begin()
        until = began + self.seconds
        lanes = [
            actions.Lane(self, kinds, seed=f"{self.seed}/{kinds[0].__name__}", until=until)
            for kinds in (actions.NETWORK, actions.processes(self.world.cluster is not None))
        ]
        for lane in lanes:
            lane.start()
        while time.monotonic() < until or len(self.jobs) < JOBS:
            if len(self.jobs) < JOBS:
                self.ask()
            time.sleep(min(1.0, self.seconds / JOBS / 2))
        for lane in lanes:
            lane.join(240)
        errors = [lane.error for lane in lanes if lane.error]
        if errors:
            raise errors[0]
        self.end()
        unfinished = self.settle()
        figures = ledger.compare(self, unfinished)
        figures["wrong"] += self.late
        figures["level_seconds"] = self.levels
        figures["seconds"] = round(time.monotonic() - began, 1)
        figures["faults"] = dict(sum((lane.made for lane in lanes), Counter()))
        return figures

    def end(self) -> None:
        """Heal everything, stop the publishers, try what no later event betrays, publish every topic's final event."""
        self.world.heal()
        for reader in self.readers:
            self.world.loop.call(reader.reads.set)
        for process in self.publishers:
            process.stop()
        connection.close()
        self.level("healed", SETTLE_SECONDS)
        self.lose()
        self.level("unheard", LEVEL_SECONDS)
        self.hide()
        self.level("never_sent", LEVEL_SECONDS)
        for name in self.topics:
            sse.publish(name, "complete", {"message": "That was all."})

    def lose(self) -> None:
        """Publish while every process is between two connections to Redis."""
        with contextlib.closing(self.world.client()) as client:
            client.client_kill_filter(_type="pubsub")
        for name in self.topics:
            sse.publish(name, "progress", {"message": "Who hears this?"})

    def hide(self) -> None:
        """Commit an event on every topic, and send none: as by processes that died between COMMIT and PUBLISH."""
        for name in self.topics:
            with contextlib.suppress(NeverSent), transaction.atomic():
                transaction.on_commit(_never)  # registered first, so the send behind it never runs
                sse.publish(name, "progress", {"message": "Nobody was told of this."})

    def level(self, what: str, seconds: float) -> None:
        """Wait until every reader has what the rows have; note how long it took, and who has not after ``seconds``."""
        began = time.monotonic()
        heads = dict(Topic.objects.filter(name__in=self.topics).values_list("name", "seq"))
        behind = list(self.readers)
        while behind and time.monotonic() < began + seconds:
            time.sleep(0.02)
            behind = [r for r in behind if any(r.position[name] < heads.get(name, 0) for name in r.topics)]
        self.levels[what] = round(time.monotonic() - began, 2)
        self.late += [f"{reader.name} is behind the rows {seconds} s after: {what}" for reader in behind]

    def settle(self) -> list[Reader]:
        """Wait until every reader has finished; return those that did not."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline and not all(reader.finished for reader in self.readers):
            time.sleep(0.1)
        unfinished = [reader for reader in self.readers if not reader.finished]
        self.world.loop.wait(leave(self.readers, self.tasks))
        return unfinished


def logged(folder: Path, id: str) -> list[dict[str, Any]]:
    """What the publishers of a run wrote down."""
    return [json.loads(line) for path in sorted(folder.glob(f"{id}.p*")) for line in path.read_text().splitlines()]


def rows(topics: list[str]) -> dict[str, list[tuple[int, str]]]:
    """The truth: each topic's events."""
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in topics}
    events = Event.objects.filter(topic__name__in=topics).order_by("topic_id", "seq")
    for name, seq, text in events.values_list("topic__name", "seq", "json"):
        found[name].append((seq, text))
    return found


def user() -> live.Visitor:
    """Somebody signed in, whose streams these are."""
    one: User = live.new_user()
    return live.Visitor("http://127.0.0.1", one)
