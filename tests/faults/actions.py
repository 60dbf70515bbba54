"""What is done to the world: each fault, how it is made and how it is healed."""

import contextlib
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import redis

from tests import live

if TYPE_CHECKING:
    from tests.faults.run import Run

type Action = Callable[["Run", random.Random], None]


def _pause(low: float, high: float, rng: random.Random) -> None:
    time.sleep(rng.uniform(low, high))


# --- Redis, and the way to it -----------------------------------------------------------------------------------------


def redis_client_kill(run: "Run", rng: random.Random) -> None:
    """CLIENT KILL of every subscribed connection, up to three times in a row."""
    with contextlib.closing(run.world.client()) as client:
        for _ in range(rng.randint(1, 3)):
            client.client_kill_filter(_type="pubsub")
            _pause(0.01, 0.4, rng)


def redis_kill(run: "Run", rng: random.Random) -> None:
    """Kill -9 of Redis, started again after 0 to 3 s."""
    run.world.redis.kill()
    _pause(0, 3, rng)
    run.world.redis.start()


def redis_stop(run: "Run", rng: random.Random) -> None:
    """SIGSTOP of Redis for 5 s: connections stay, nothing answers."""
    run.world.redis.send(signal.SIGSTOP)
    time.sleep(5)
    run.world.redis.send(signal.SIGCONT)


def redis_flush(run: "Run", rng: random.Random) -> None:
    """FLUSHALL: leases and caches are gone."""
    with contextlib.closing(run.world.client()) as client:
        client.flushall()


def redis_cut(run: "Run", rng: random.Random) -> None:
    """Every connection to Redis of some of its users is reset."""
    for name in rng.sample(sorted(run.world.to_redis), rng.randint(1, 4)):
        run.world.to_redis[name].cut()


def redis_black_hole(run: "Run", rng: random.Random) -> None:
    """Between Redis and some of its users nothing passes for 1 to 7 s, though connections are made."""
    chosen = [run.world.to_redis[name] for name in rng.sample(sorted(run.world.to_redis), rng.randint(1, 4))]
    for proxy in chosen:
        proxy.swallow(True)
    _pause(1, 7, rng)
    for proxy in chosen:
        proxy.swallow(False)


def redis_delay(run: "Run", rng: random.Random) -> None:
    """60 ms between Redis and all, each way, for 3 s."""
    for proxy in run.world.to_redis.values():
        proxy.delay = 0.06
    time.sleep(3)
    for proxy in run.world.to_redis.values():
        proxy.delay = 0.0


# --- readers, and the way from them -------------------------------------------------------------------------------------


def front_cut(run: "Run", rng: random.Random) -> None:
    """Every reader's connection is reset."""
    assert run.world.front
    run.world.front.cut()


def front_black_hole(run: "Run", rng: random.Random) -> None:
    """Nothing passes between readers and web servers for 1 to 7 s."""
    assert run.world.front
    run.world.front.swallow(True)
    _pause(1, 7, rng)
    run.world.front.swallow(False)


def readers_stop(run: "Run", rng: random.Random) -> None:
    """A third of the readers read nothing for 4 to 8 s, and leave their connections open."""
    chosen = rng.sample(run.readers, len(run.readers) // 3)
    for reader in chosen:
        run.world.loop.call(reader.reads.clear)
    _pause(4, 8, rng)
    for reader in chosen:
        run.world.loop.call(reader.reads.set)


# --- processes and the database -----------------------------------------------------------------------------------------


def web_kill(run: "Run", rng: random.Random) -> None:
    """Kill -9 of a web server."""
    web = rng.choice(run.world.webs)
    web.kill()
    _pause(0, 1, rng)
    web.start()


def web_drain(run: "Run", rng: random.Random) -> None:
    """SIGTERM of both web servers, one after the other: a rolling restart."""
    for web in run.world.webs:
        web.stop()
        web.start()


def worker_kill(run: "Run", rng: random.Random) -> None:
    """Kill -9 of a worker."""
    worker = rng.choice(run.world.workers)
    worker.kill()
    _pause(0, 2, rng)
    worker.start()


def worker_stop(run: "Run", rng: random.Random) -> None:
    """SIGTERM of a worker."""
    worker = rng.choice(run.world.workers)
    worker.stop()
    worker.start()


def publisher_kill(run: "Run", rng: random.Random) -> None:
    """A publisher kills itself between COMMIT and PUBLISH, and nobody publishes in its place for 3 s."""
    publisher = rng.choice(run.publishers)
    publisher.send(signal.SIGUSR1)
    assert publisher.process
    live.wait_for(lambda: publisher.process.poll() is not None, seconds=30, what="the publisher to die")  # type: ignore[union-attr]
    time.sleep(3)
    publisher.start()


def database_restart(run: "Run", rng: random.Random) -> None:
    """The database is restarted in a hurry: every connection to it breaks."""
    assert run.world.cluster
    run.world.cluster.restart()


NETWORK: Final[Sequence[Action]] = (
    redis_client_kill,
    redis_kill,
    redis_stop,
    redis_flush,
    redis_cut,
    redis_black_hole,
    redis_delay,
    front_cut,
    front_black_hole,
)
PROCESSES: Final[Sequence[Action]] = (
    web_kill,
    web_drain,
    worker_kill,
    worker_stop,
    publisher_kill,
    database_restart,
    readers_stop,
)


def processes(database: bool) -> Sequence[Action]:
    """What may be done to processes; to the database only where there is one that can be restarted."""
    return [action for action in PROCESSES if database or action is not database_restart]


class Lane(threading.Thread):
    """Makes one fault after the other, every kind once before any twice, in an order that the seed decides."""

    def __init__(self, run: "Run", actions: Sequence[Action], *, seed: str, until: float) -> None:
        super().__init__(name=f"lane-{actions[0].__name__}", daemon=True)
        self.made: Counter[str] = Counter()
        self.error: BaseException | None = None
        self._run, self._actions, self._until = run, actions, until
        self._random = random.Random(seed)

    def run(self) -> None:
        """Make faults until the time is up."""
        try:
            while True:
                deck = list(self._actions)
                self._random.shuffle(deck)
                for action in deck:
                    if time.monotonic() > self._until:
                        return
                    with contextlib.suppress(redis.RedisError):  # one lane's fault may be in the other's way
                        action(self._run, self._random)
                        self.made[action.__name__] += 1
                    _pause(0.1, 1.5, self._random)
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits for this one
            self.error = error
