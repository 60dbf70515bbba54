"""
Bringing a reader to the present: from the rows, at its own pace, until it may go live.

Promise 3: subscribe (confirmed), then replay, then live, with no ``await`` between the last look and going live.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

from django.db import Error as DatabaseError

from . import border, conf, rows
from .subscriber import Subscriber
from .watched import Watched

if TYPE_CHECKING:
    from .hub import Hub

logger = logging.getLogger(__name__)


async def bring_up(hub: "Hub", subscriber: Subscriber, topic: Watched) -> None:
    """Catch up, or end the stream where the rows can't be read."""
    try:
        await _catch_up(hub, subscriber, topic)
    except DatabaseError as error:
        # Its reader comes back after a moment, with the cursor that it has.
        logger.warning("a stream was ended, since the rows could not be read: %s", error)
        subscriber.end("drain")


async def _catch_up(hub: "Hub", subscriber: Subscriber, topic: Watched) -> None:
    """Replay from the rows until the subscriber stands where the topic stands, then let it go live."""
    name = topic.name
    while name in subscriber.open and not subscriber.over:
        told, position = topic.seen, subscriber.positions[name]
        if topic.followed and position >= max(topic.last, topic.seen, subscriber.stood(name)):
            _join(topic, subscriber)  # it stands where those stand who are live, and needs no look at the rows
            return
        standing = await hub.lookup.standing(name)
        behind = standing.seq > position
        frames = await border.cross(rows.after, name, position, conf.REPLAY_BATCH) if behind else []
        if subscriber.over:
            return
        if standing.seq < position:
            subscriber.end("drain" if standing.seq else "gone")  # as where positions are compared
            return
        if frames:
            if frames[0].seq != position + 1:
                subscriber.reset(name, "pruned", frames[0].seq - 1)
            await subscriber.replay(name, frames)
            # uvicorn's send() returns without suspending once the reader has left.
            await asyncio.sleep(0)
            if len(frames) == conf.REPLAY_BATCH:
                # Beside from here on: who waits for this listens for the reader's leaving, and a long past is not read to
                # its end for nobody.
                hub.go_on(topic, subscriber)
                return
        elif behind:
            subscriber.reset(name, "pruned", standing.seq)  # nothing is left of what stood there a moment ago
            if standing.closed:
                subscriber.finish(name)
        elif position < told == topic.seen:
            # The rows were read after the claim was heard, and they do not have it: a forged or mistaken number.
            topic.seen = position
        if subscriber.positions[name] >= topic.seen and name in subscriber.open and not subscriber.over:
            _join(topic, subscriber)
            return


def _join(topic: Watched, subscriber: Subscriber) -> None:
    topic.join(subscriber)
    subscriber.settle(topic.name)
