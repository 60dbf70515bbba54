"""What is told of who is connected: what is asked for, what each process answers, and what comes of the answers."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from . import events

logger = logging.getLogger(__name__)

# The most that is told at once: some MB from each process.
MOST: Final = 10_000

type Text = Annotated[str, Field(max_length=400)]
type Count = Annotated[int, Field(ge=0, le=events.MAX_SEQ)]


@dataclass(frozen=True, slots=True)
class Watching:
    """A topic on a connection: the number of the last event sent, and of the last one its process has heard of."""

    topic: Text
    position: Count
    head: Count


@dataclass(frozen=True, slots=True)
class Connection:
    """
    One open stream.

    ``user`` is a primary key as text. ``since`` is in UTC. ``sent`` counts events (not heartbeats and messages),
    ``waiting`` the bytes that wait until the server takes more of them: 0 where the reader keeps up. ``via`` says what
    let it in. A stream is ``replaying`` while it reads what was published before, ``live`` after that, and ``ending``
    when it was told to end and its reader has yet to take that.
    """

    id: Text
    user: Text
    name: Text
    address: Text
    via: Text
    process: Text
    since: datetime
    state: Literal["live", "replaying", "ending"]
    sent: Count
    waiting: Count
    watching: tuple[Watching, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """The names of its topics."""
        return tuple(watching.topic for watching in self.watching)

    @property
    def lag(self) -> int:
        """How many events its topics are ahead of it."""
        return sum(watching.head - watching.position for watching in self.watching)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for, and on which key the answers are awaited."""

    to: Annotated[str, Field(pattern=r"^sse:1:reply:[0-9a-f]{32}$")]
    id: Text | None = None
    user: Text | None = None
    topic: Text | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What one process holds of it: how many, and the oldest of them up to the limit."""

    process: Text
    total: Count
    connections: tuple[Connection, ...]


@dataclass(frozen=True, slots=True)
class Connections:
    """
    Who is connected: the oldest first, at most as many as were asked for, out of ``total``.

    ``processes`` have answered; ``silent`` ones live, as far as is known, but did not. ``degraded`` says that Redis is
    away and these are the connections of this process alone.
    """

    rows: tuple[Connection, ...]
    total: int
    processes: tuple[str, ...]
    silent: tuple[str, ...] = ()
    degraded: bool = False

    def __iter__(self) -> Iterator[Connection]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def complete(self) -> bool:
        """Whether every process is in it."""
        return not self.silent and not self.degraded


QUERY: Final = TypeAdapter(Query)
_ANSWER: Final = TypeAdapter(Answer)


def write(answer: Answer) -> bytes:
    """Return an answer as it is sent."""
    return _ANSWER.dump_json(answer)


def read(payload: bytes) -> Answer | None:
    """Read what arrived for an answer. Promise 14: a bug, an older release or a person may have written it."""
    try:
        answer = _ANSWER.validate_json(payload, strict=True)
    except (ValueError, RecursionError) as error:
        logger.warning("an answer to who is connected was dropped: %.200s", error)
        return None
    return answer
