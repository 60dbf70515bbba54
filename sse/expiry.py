"""When a stream ends by the clock: as old as a stream may be, or with the token that let it in."""

import asyncio
import random
import time
from typing import TYPE_CHECKING

from . import clock, conf

if TYPE_CHECKING:
    from .subscriber import Subscriber


def deadline() -> float | None:
    """Return when a stream that begins now is as old as one may be; None: never."""
    seconds = conf.MAX_STREAM_SECONDS
    return clock.now() + seconds * random.uniform(0.8, 1.0) if seconds else None


def outlived(subscriber: "Subscriber") -> bool:
    """Whether it has been open for as long as a stream may be."""
    return subscriber.deadline is not None and clock.now() > subscriber.deadline


def by_token(subscriber: "Subscriber") -> bool:
    """Whether the token that let it in expires before it ends by itself."""
    expires, deadline = subscriber.watcher.expires, subscriber.deadline
    return expires is not None and (deadline is None or expires - time.time() < deadline - clock.now())


async def end_with_token(subscriber: "Subscriber") -> None:
    """End when the token that let it in does: at that moment, not at the next heartbeat."""
    if subscriber.watcher.expires is not None:
        await asyncio.sleep(subscriber.watcher.expires - time.time())
        subscriber.end("signed_out")
