"""
The hub's timers: one of each for all streams of a process, none for each stream.

Promise 9b: while Redis is away positions are compared every ``SSE_POLL_SECONDS``: streams go on, only slower.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

import redis

from . import border, channels, conf, events, expiry, limits, repair, sender, sinks, tally
from .subscriber import Subscriber

if TYPE_CHECKING:
    from .hub import Hub

logger = logging.getLogger(__name__)

# A third of the silence that the feed takes for deafness: one probe may be late, two are a pattern.
PROBE_SECONDS: Final = 1.5
# A heartbeat reaches everybody within its interval, a slice at a time, so that a beat never stalls the loop.
SLICES: Final = 10

type Timer = Callable[[Hub], Coroutine[Any, Any, None]]


async def keep(timer: Timer, hub: "Hub") -> None:
    """Run a timer, and again if it fails: a fault in one beat must not be the last of all."""
    while True:
        try:
            await timer(hub)
        except Exception:
            logger.exception("a timer of the hub failed and is started again")
            await asyncio.sleep(1)


async def probe(hub: "Hub") -> None:
    """Publish to oneself. The feed takes silence for deafness, and connects again."""
    while True:
        await border.cross(sender.send, channels.of_probe(hub.id), b"{}")
        await asyncio.sleep(PROBE_SECONDS)


async def compare(hub: "Hub") -> None:
    """Compare positions with the rows: each heartbeat; faster while Redis is away; at once when asked to."""
    while True:
        pause = conf.POLL_SECONDS if hub.degraded else conf.HEARTBEAT_SECONDS
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause * random.uniform(0.8, 1.0)):
                await hub.look.wait()
        cause = "poll" if hub.degraded else "reconnect" if hub.look.is_set() else "check"
        hub.look.clear()
        try:
            await repair.compare(hub, cause)
            if hub.doubtful:
                hub.doubtful = False
                await hub.recheck(list(hub.streams))
        except Exception as error:  # noqa: BLE001 - this loop is the net under all others
            logger.warning("positions could not be compared, trying again: %s", error)
            await asyncio.sleep(conf.POLL_SECONDS)
            hub.look.set()


async def recheck(hub: "Hub") -> None:
    """Look anew who may watch what, whatever was or wasn't said about a change."""
    while True:
        await asyncio.sleep(conf.RECHECK_SECONDS * random.uniform(0.8, 1.0))
        try:
            await hub.recheck(list(hub.streams))
        except Exception as error:  # noqa: BLE001 - the net under every order that was lost
            logger.warning("permissions could not be looked at, trying again: %s", error)


async def beat(hub: "Hub") -> None:
    """Give every stream its heartbeat, and end those that are too old or take nothing."""
    while True:
        everybody = list(hub.streams)
        for part in range(SLICES):
            message = sinks.body(events.encode_control("heartbeat"))
            for subscriber in everybody[part::SLICES]:
                _look_after(subscriber, message)
            await asyncio.sleep(conf.HEARTBEAT_SECONDS / SLICES)


def _look_after(subscriber: Subscriber, message: sinks.Message) -> None:
    if subscriber.blocked_seconds() > conf.SEND_TIMEOUT_SECONDS:
        logger.info("a reader took nothing for %s s and was closed", conf.SEND_TIMEOUT_SECONDS)
        tally.here.slow_closes += 1
        subscriber.abandon()
    elif expiry.outlived(subscriber):
        subscriber.end("limit")
    else:
        subscriber.tell(message)


async def count(hub: "Hub") -> None:
    """Tell the other processes what this one holds: soon after it changed, and at least every two seconds."""
    due = 0.0
    while True:
        if limits.here.changed or time.monotonic() >= due:
            due = time.monotonic() + limits.BEAT_SECONDS
            try:
                await border.cross(limits.here.beat)
            except (redis.RedisError, OSError):
                await asyncio.sleep(limits.BEAT_SECONDS)  # while Redis is away each process counts for itself
        due_back = time.monotonic() + 0.1
        await asyncio.sleep(0.1)
        tally.here.observe_lag(time.monotonic() - due_back)


def drain(hub: "Hub", seconds: float) -> None:
    """Promise 12: end every stream at a random moment within ``seconds``; they come back elsewhere."""
    hub.draining = True
    for subscriber in list(hub.streams):
        asyncio.get_running_loop().call_later(random.uniform(0, seconds), subscriber.end, "drain")
    for topic in hub.topics.values():
        topic.wake()


TIMERS: Final = (probe, compare, recheck, beat, count)
