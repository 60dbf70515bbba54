"""
Finding and filling gaps: what was published and not heard stands in the rows.

Promise 3 again: a jump in the numbers is filled from the rows, by one reading at a time for each topic; and positions are
compared with the rows now and then, which finds what nobody was told of.
"""

from typing import TYPE_CHECKING, Final

from . import border, conf, rows, tally
from .watched import Watched

if TYPE_CHECKING:
    from .hub import Hub

BATCH: Final = 500


def mend(hub: "Hub", topic: Watched, cause: str) -> None:
    """Fill a gap from the rows; one reading at a time for each topic. ``cause`` says what showed it."""
    if topic.followed and topic.repair is None:
        topic.repair = hub.spawn(_fill(hub, topic, cause))


async def _fill(hub: "Hub", topic: Watched, cause: str) -> None:
    found = 0
    try:
        while topic.followed and topic.last < topic.seen:
            told, last = topic.seen, topic.last
            standing = await hub.lookup.standing(topic.name)
            behind = standing.seq > last
            for frame in await border.cross(rows.after, topic.name, last, conf.REPLAY_BATCH) if behind else []:
                if frame.seq > topic.last + 1:
                    topic.skip(frame.seq - 1)
                if frame.seq == topic.last + 1:
                    # The rows may have more than was heard of. A reader that goes live is measured by what is noted.
                    topic.note(frame.seq)
                    topic.accept(frame)
                    found += 1
            if topic.last == last < standing.seq:
                topic.skip(standing.seq, final=standing.closed)
            elif topic.last == last and topic.seen == told:
                topic.seen = last  # nobody but the rows says what exists
    finally:
        topic.repair = None
        tally.here.repaired += found
        tally.here.gaps[cause] += found > 0


async def compare(hub: "Hub", cause: str = "check") -> None:
    """Compare the position of every watched topic with the rows, once, and mend what fell behind."""
    watched = list(hub.topics.values())
    for start in range(0, len(watched), BATCH):
        batch = watched[start : start + BATCH]
        before = [topic.last for topic in batch]
        found = await border.cross(rows.standings, [topic.name for topic in batch])
        for topic, last in zip(batch, before, strict=True):
            standing = found[topic.name]
            if standing.seq < last:
                # The rows were read after that: a forged number was believed, or the database is a restored older
                # one. Its readers come back with a cursor that is ahead, and are told so by a reset.
                topic.end("drain" if standing.seq else "gone")
            elif standing.seq > topic.seen:
                topic.note(standing.seq)
            if topic.seen > topic.last:
                mend(hub, topic, cause)
