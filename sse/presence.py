"""
Who is connected, in all processes.

Nothing is written down for this while nobody asks. Who asks puts an order to all processes (``sse.orders``); each answers
with what it holds (``sse.census``), onto a key of Redis that lives for a few seconds.
"""

import json
import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import redis
from django.utils.asyncio import async_unsafe
from django_redis import get_redis_connection
from pydantic import Field, TypeAdapter

from . import channels, conf, events, limits, publisher, topics

logger = logging.getLogger(__name__)

# A process that has not answered by then is named as silent.
WAIT_SECONDS: Final = 1.0
# An answer that nobody fetched is gone after this.
KEEP_SECONDS: Final = 5
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


@async_unsafe("sse.connections() waits for other processes. In async code call it through sync_to_async.")
def connections(user: Any = None, topic: str | None = None, limit: int = 1000) -> Connections:
    """
    Return who is connected, in all processes; of ``user`` (or a primary key), on ``topic``, or both.

    Waits for at most a second, and for no longer than the slowest process takes; a process that was killed counts as
    silent for five. Never raises for Redis. Raises ``ValueError`` for a name that no topic can have, and a ``limit``
    outside 1 … 10,000.
    """
    if topic is not None and not topics.valid(topic):
        raise ValueError(f"{topic!r:.60} is no topic: a name is kind:key, of ASCII letters, digits and _.-")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST:
        raise ValueError(f"limit is a number from 1 to {MOST}, not {limit!r:.40}.")
    return _ask(Query(_key(), user=None if user is None else str(getattr(user, "pk", user)), topic=topic, limit=limit))


@async_unsafe("sse.connection() waits for other processes. In async code call it through sync_to_async.")
def connection(id: str) -> Connection | None:
    """
    Return a connection by its id (the one its ``hello`` told), whichever process holds it.

    None where no process that answered within a second has it: it has ended, or its process is silent.
    """
    return next(iter(_ask(Query(_key(), id=str(id)[:400], limit=1))), None)


def _key() -> str:
    return f"{channels.PREFIX}reply:{uuid.uuid4().hex}"


def _ask(query: Query) -> Connections:
    order = {name: getattr(query, name) for name in Query.__dataclass_fields__}
    try:
        expected = limits.living()
        if publisher.send(channels.EVERYBODY, json.dumps({"do": "tell_connections", **order}).encode()):
            return _collect(query, expected)
    except (redis.RedisError, OSError) as error:
        logger.warning("who is connected to other processes is not known: %s", error)
    return _here(query)


def _collect(query: Query, expected: set[str]) -> Connections:
    # LRANGE, not BLPOP: what a client popped whose socket then timed out (0.25 s) would be lost, and its process silent.
    client = get_redis_connection(conf.CACHE)
    answers: list[Answer] = []
    seen, pause, deadline = 0, 0.004, time.monotonic() + WAIT_SECONDS
    while True:
        payloads = client.lrange(query.to, seen, -1)
        seen += len(payloads)
        answers += [answer for payload in payloads if (answer := _read(payload))]
        heard = {answer.process for answer in answers}
        if expected <= heard or (query.id is not None and any(answer.total for answer in answers)):
            return _joined(query, answers)
        if time.monotonic() > deadline:
            # Without those that said goodbye meanwhile.
            return _joined(query, answers, silent=(expected - heard) & limits.living())
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)


def _here(query: Query) -> Connections:
    from . import census, hub  # which import this

    answers = [census.holding(one, query) for one in hub.existing()]
    return _joined(query, answers, degraded=True)


def _joined(
    query: Query, answers: list[Answer], *, silent: set[str] | None = None, degraded: bool = False
) -> Connections:
    rows = {row.id: row for answer in answers for row in answer.connections}
    return Connections(
        rows=tuple(sorted(rows.values(), key=lambda row: (row.since, row.id))[: query.limit]),
        total=sum(answer.total for answer in answers),
        processes=tuple(sorted({answer.process for answer in answers})),
        silent=tuple(sorted(silent or ())),
        degraded=degraded,
    )


QUERY: Final = TypeAdapter(Query)
_ANSWER: Final = TypeAdapter(Answer)


def write(answer: Answer) -> bytes:
    """Return an answer as it is sent."""
    return _ANSWER.dump_json(answer)


def _read(payload: bytes) -> Answer | None:
    """Read what arrived for an answer. Promise 14: a bug, an older release or a person may have written it."""
    try:
        answer = _ANSWER.validate_json(payload, strict=True)
    except (ValueError, RecursionError) as error:
        logger.warning("an answer to who is connected was dropped: %.200s", error)
        return None
    return answer


__all__ = ["Connection", "Connections", "Watching", "connection", "connections"]
