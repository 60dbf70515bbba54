"""
Sending to all processes over Redis: a hint, whose loss the rows make good.

Promise 9b: a Redis that does not answer costs a publisher its time-out once a second, and never an error.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import redis
from django_redis import get_redis_connection

from . import channels, conf

logger = logging.getLogger(__name__)

# After a send that failed none is tried for so long: a Redis that does not answer costs its time-out once a second.
_REST_SECONDS = 1.0
_rest_until = 0.0
# Whether something was not sent. It is told as soon as Redis can be reached, by the next send or by a thread that
# tries for a while: who publishes once and then nothing must not leave it to the comparison at the next heartbeat.
_owed = False
_REPAY_TRIES = 15


def send(channel: str, payload: bytes) -> bool:
    """Send to every process, if Redis is there. Never raises for Redis; returns whether it was sent."""
    return send_all([(channel, payload)])


def send_all(messages: Sequence[tuple[str, bytes]]) -> bool:
    """Send several messages (channel, payload) in one trip; otherwise as ``send``."""

    def act(client: Any) -> None:
        global _owed
        _publish(client, messages)
        if _owed:
            # What was not sent meanwhile stands in the rows: every process compares its positions now.
            client.publish(channels.EVERYBODY, channels.LOOK)
            _owed = False

    sent = _reach(act, logging.WARNING, "publish not sent, readers will find it in the rows")
    if not sent:
        _owe()
    return sent


def send_or_drop(channel: str, payload: bytes) -> bool:
    """Send what nobody will look for in the rows; where Redis is away it is forgotten. Returns whether it was sent."""
    return _reach(lambda client: client.publish(channel, payload), logging.DEBUG, "a text was not shown")


def _reach(act: Callable[[Any], object], level: int, lost: str) -> bool:
    """Do something with Redis unless it failed a moment ago; return whether it was done. ``lost`` is logged if not."""
    global _rest_until
    if time.monotonic() < _rest_until:
        return False
    try:
        act(get_redis_connection(conf.CACHE))
    except (redis.RedisError, OSError) as error:
        _rest_until = time.monotonic() + _REST_SECONDS
        logger.log(level, "%s: %s", lost, error)
        return False
    return True


def _owe() -> None:
    global _owed
    if not _owed:
        _owed = True
        threading.Thread(target=_repay, name="sse-owed", daemon=True).start()


def _repay() -> None:
    """Tell of what was not sent, once Redis is back. One that is away for longer is noticed by every process itself."""
    for _ in range(_REPAY_TRIES):
        time.sleep(_REST_SECONDS * 1.1)
        if not _owed or send_all([]):
            return


def _publish(client: Any, messages: Sequence[tuple[str, bytes]]) -> None:
    if len(messages) < 2:
        for channel, payload in messages:
            client.publish(channel, payload)
        return
    pipeline = client.pipeline(transaction=False)
    for channel, payload in messages:
        pipeline.publish(channel, payload)
    pipeline.execute()
