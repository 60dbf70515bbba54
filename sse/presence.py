"""
Who is connected, in all processes.

Nothing is written down for this while nobody asks. Who asks puts an order to all processes (``sse.orders``); each answers
with what it holds (``sse.census``), onto a key of Redis that lives for a few seconds.
"""

import json
import logging
import time
import uuid
from typing import Any, Final

import redis
from django.utils.asyncio import async_unsafe
from django_redis import get_redis_connection

from . import channels, conf, ledger, roster, sender, topics
from .roster import MOST, Answer, Connection, Connections, Query, Watching

logger = logging.getLogger(__name__)

# A process that has not answered by then is named as silent.
WAIT_SECONDS: Final = 1.0
# An answer that nobody fetched is gone after this.
KEEP_SECONDS: Final = 5


@async_unsafe("sse.connections() waits for other processes. In async code call it through sync_to_async.")
def connections(user: Any = None, topic: str | None = None, limit: int = 1000) -> Connections:
    """
    Return who is connected, in all processes; of ``user`` (or a primary key), on ``topic``, or both.

    Waits for at most a second, and for no longer than the slowest process takes; a process that was killed counts as
    silent for five. Never raises for Redis. Raises ``ValueError`` for a name that no topic can have, and a ``limit``
    outside 1 … 10,000.
    """
    if topic is not None:
        topics.check(topic)
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
        expected = ledger.living()
        if sender.send(channels.EVERYBODY, json.dumps({"do": "tell_connections", **order}).encode()):
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
        answers += [answer for payload in payloads if (answer := roster.read(payload))]
        heard = {answer.process for answer in answers}
        if expected <= heard or (query.id is not None and any(answer.total for answer in answers)):
            return _joined(query, answers)
        if time.monotonic() > deadline:
            # Without those that said goodbye meanwhile.
            return _joined(query, answers, silent=(expected - heard) & ledger.living())
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


__all__ = ["Connection", "Connections", "Watching", "connection", "connections"]
