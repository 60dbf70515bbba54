"""The streams that a browser has, asked from the server."""

import sse
from sse.presence import Connection
from tests import live
from tests.strategies.pages import Working


def wait_for_streams(working: Working, count: int) -> list[Connection]:
    """Wait until the owner of a job has so many streams, and return them."""

    def look() -> list[list[Connection]]:
        found = sse.connections(user=working.job.owner)
        return [list(found)] if found.complete and len(found) == count else []

    (streams,) = live.wait_for(look, what=f"{count} streams")
    return streams  # type: ignore[no-any-return]


def the_stream(working: Working) -> Connection:
    """The one stream of a job's owner."""
    return wait_for_streams(working, 1)[0]


def hand_over(working: Working, before: str) -> None:
    """Wait until another stream is there than the one of this id."""
    live.wait_for(
        lambda: [one.id for one in sse.connections(user=working.job.owner)] not in ([], [before]),
        what="another tab to take over",
    )
