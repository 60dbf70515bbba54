"""Two web servers behind a balancer, and readers."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings

import sse
from sse.models import Event
from tests import live
from tests.faults.proxy import Loop, Proxy
from tests.faults.reader import Reader, leave


@dataclass
class Balanced:
    """A balancer before web servers, and whoever reads through it."""

    webs: list[live.Process]
    loop: Loop
    front: Proxy
    to_redis: Proxy
    cookie: str
    topic: str = field(default_factory=lambda: f"ledger:{uuid.uuid4().hex}")
    readers: list[Reader] = field(default_factory=list)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    def read(self, count: int) -> None:
        """Let so many readers begin, and wait until they have what is there."""

        async def start(reader: Reader) -> "asyncio.Task[None]":
            return asyncio.create_task(reader.run())

        for number in range(count):
            one = Reader(f"r{number}", self.front.port, self.cookie, [self.topic], seed=number, watchdog=240)
            self.readers.append(one)
            self.tasks.append(self.loop.wait(start(one)))

    def publish(self, *, final: bool = False) -> int:
        """Publish an event."""
        return sse.publish(self.topic, "complete" if final else "progress")

    def level(self) -> None:
        """Wait until everybody has every row."""
        head = Event.objects.filter(topic__name=self.topic).count()
        live.wait_for(
            lambda: all(reader.position[self.topic] == head for reader in self.readers),
            what=f"all to have {head} events; they have {[reader.position[self.topic] for reader in self.readers]}",
        )

    def wrong(self) -> list[str]:
        """What any reader lost or had twice."""
        return [what for reader in self.readers for what in (*reader.lost, *reader.doubled, *map(str, reader.resets))]


type Balance = Callable[..., Balanced]


@pytest.fixture
def balance(rows: None, redis_server: live.Process) -> Iterator[Callable[..., Balanced]]:
    """Start so many web servers with these variables, a balancer before them, and a proxy between them and Redis."""
    loop = Loop()
    assert settings.REDIS_SOCKET
    to_redis = Proxy(loop, str(settings.REDIS_SOCKET))
    made: list[Balanced] = []

    def start(count: int, **environment: str) -> Balanced:
        url = f"redis://127.0.0.1:{to_redis.port}"
        webs = [live.web(REDIS_URL=url, **environment).start() for _ in range(count)]
        front = Proxy(loop, *(int(web.command[-1]) for web in webs))
        cookie = live.Visitor("http://127.0.0.1", live.new_user()).cookies["sessionid"]
        made.append(Balanced(webs, loop, front, to_redis, cookie))
        return made[-1]

    yield start
    to_redis.heal()
    for one in made:
        loop.wait(leave(one.readers, one.tasks))
        for web in one.webs:
            web.stop()
    loop.stop()
