"""Polling: the same events as the stream, in pages. With a wait it answers as soon as there is one."""

import json
from typing import Any, Final

from . import border, cursor, hub, rows
from .response import release

# Events of one page.
LIMIT: Final = 1000


async def read(topic: str, after: str, *, wait: float = 0) -> bytes:
    """
    Return ``{events, cursor, final, more, reset?}`` as JSON: the events of ``topic`` past the cursor ``after``.

    Where there are none and the topic is not finished it waits up to ``wait`` seconds for one, holding neither a thread
    nor a database connection. The caller has checked that the reader may watch the topic. An unreadable or outdated
    cursor is answered with ``reset`` {topic, reason, cursor} and the events from there on.
    """
    page, position, waitable = await border.cross(_page, topic, after)
    if not waitable or wait <= 0:
        return page
    await release()
    await hub.current().wait(topic, position, wait)
    return (await border.cross(_page, topic, str(position)))[0]


def _page(topic: str, after: str) -> tuple[bytes, int, bool]:
    """Return the page, the position it begins after, and whether waiting could bring more than it has."""
    standing = rows.standings([topic])
    positions, resets = cursor.resume(after, standing)
    position = positions[topic]
    frames = rows.after(topic, position, LIMIT)
    if frames and frames[0].seq > position + 1:
        # Pruned since the look before. Promise 4: never a silent hole.
        position = frames[0].seq - 1
        resets = {topic: "pruned"}
    last = frames[-1].seq if frames else position
    final = frames[-1].final if frames else standing[topic].closed
    rest: dict[str, Any] = {"cursor": str(last), "final": final, "more": last < standing[topic].seq}
    if resets:
        rest["reset"] = {"topic": topic, "reason": resets[topic], "cursor": str(position)}
    # The events are stored as the JSON they are told in: they are joined, not read and written again.
    page = b'{"events":[%b],%b' % (b",".join(frame.json for frame in frames), json.dumps(rest).encode()[1:])
    return page, position, not (frames or resets or final)
