"""Who is connected: in all processes, whichever of them was killed, stopped or cut off."""

import contextlib
import json
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django_redis import get_redis_connection

import sse
from sse import channels, tokens
from sse.presence import Connection, Connections
from tests import live
from tests.sse.test_stream import _job_of, tell, topic_of, until

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def elsewhere(site: live.Site) -> Iterator[live.Process]:
    """A second web process."""
    process = live.web(**live.TOLD).start()
    yield process
    process.stop()


def connected(process: live.Process, *topics: str, user: live.Visitor | None = None) -> live.Reader:
    """A reader of a process that has been greeted."""
    visitor = live.Visitor(process.environment["URL"], user.user if user else live.new_user())
    reader = visitor.watch(*(topics or [topic_of(visitor.user)]), again=False)
    live.wait_for(lambda: reader.named("hello"))
    return reader


def id_of(reader: live.Reader) -> str:
    return str(reader.named("hello")[0].data["id"])


def ids(found: Connections) -> set[str]:
    return {connection.id for connection in found}


def pids(names: Iterable[str]) -> set[int]:
    """The ids of processes that are named so."""
    return {int(name.split("-")[0]) for name in names}


def whole(*processes: live.Process, **question: Any) -> Connections:
    """
    What all processes say, when all have been heard, and these among them.

    A busy machine may take longer than the second they have; and after Redis was away each is counted from its next beat.
    """

    def look() -> list[Connections]:
        told = sse.connections(**question)
        return [told] if told.complete and pids(told.processes) >= {process.pid for process in processes} else []

    (answer,) = live.wait_for(look, what="all processes to be heard")
    return answer  # type: ignore[no-any-return]


def found(reader: live.Reader) -> Connection:
    """A reader's connection, as the process that holds it tells of it once it is live."""

    def look() -> Connection | None:
        one = sse.connection(id_of(reader))
        return one if one and one.state == "live" else None

    return live.wait_for(look, what="a connection to be told of")  # type: ignore[no-any-return]


def silent(process: live.Process, reader: live.Reader) -> Connections | None:
    """What is said with a reader of another process while this one is named as silent; None when it no longer is."""
    while process.pid in pids((told := sse.connections()).silent):
        if id_of(reader) in ids(told):
            return told
    return None


def test_a_process_that_has_just_begun_is_in_the_answer_or_named_as_silent(site: live.Site) -> None:
    with third() as (_, reader):
        told = sse.connections()

    assert told.silent or id_of(reader) in ids(told)


def test_everybody_is_told_of_whichever_process_holds_them(site: live.Site, elsewhere: live.Process) -> None:
    here, there = connected(site.web), connected(elsewhere)

    told = whole(site.web, elsewhere)

    assert {id_of(here), id_of(there)} <= ids(told)
    assert len(told.processes) >= 2
    assert told.total == len(told)


def test_a_connection_says_who_it_is_and_how_far_it_has_come(site: live.Site) -> None:
    visitor = site.visitor()
    topic = topic_of(visitor.user)
    tell(topic, 1)
    reader = connected(site.web, topic, user=visitor)
    tell(topic, 1, start=2)
    until(reader, 2)

    one = found(reader)

    assert (one.user, one.name) == (str(visitor.user.pk), visitor.user.username)
    assert (one.address, one.via, one.state) == ("127.0.0.1", "session", "live")
    assert (one.topics, one.sent, one.lag, one.waiting) == ((topic,), 2, 0, 0)
    assert one.watching[0].position == one.watching[0].head == 2
    assert timedelta(0) <= datetime.now(UTC) - one.since < timedelta(hours=1)


def test_what_was_sent_is_counted_from_where_the_reader_began_in_each_of_its_topics(site: live.Site) -> None:
    visitor = site.visitor()
    own, job = topic_of(visitor.user), _job_of(visitor.user)
    tell(own, 3)
    visitor.readers.append(reader := live.Reader(visitor, (own, job), cursor=f"{own}=2", again=False))
    until(reader, 1)
    tell(own, 2, start=4)
    tell(job, 1)
    live.wait_for(lambda: {(event["topic"], event["seq"]) for event in reader.ledger} >= {(own, 5), (job, 1)})

    one = found(reader)

    assert one.sent == len(reader.ledger) == 4
    assert one.lag == 0


def test_a_connection_says_whether_a_session_or_a_token_let_it_in(site: live.Site) -> None:
    visitor = site.visitor()
    _, secret = tokens.issue(user=visitor.user, name="program", scopes=["watch"])
    by_session = connected(site.web, user=visitor)
    program = live.Visitor(site.url, visitor.user).enter(secret)
    by_token = program.watch(topic_of(visitor.user), again=False)
    live.wait_for(lambda: by_token.named("hello"))

    told = {connection.id: connection.via for connection in whole(site.web, user=visitor.user)}

    assert told == {id_of(by_session): "session", id_of(by_token): "token"}


def test_connections_are_found_by_user_and_by_topic(site: live.Site, elsewhere: live.Process) -> None:
    visitor = site.visitor()
    job = _job_of(visitor.user)
    own_here, job_there = connected(site.web, user=visitor), connected(elsewhere, job, user=visitor)
    connected(site.web)

    def told(**question: Any) -> set[str]:
        return ids(whole(site.web, elsewhere, **question))

    assert told(user=visitor.user) == {id_of(own_here), id_of(job_there)}
    assert told(user=visitor.user.pk) == {id_of(own_here), id_of(job_there)}
    assert told(topic=job) == {id_of(job_there)}
    assert told(user=visitor.user, topic=topic_of(visitor.user)) == {id_of(own_here)}
    assert told(user=0) == set()


def test_no_more_are_told_than_asked_for_the_oldest_first_and_all_are_counted(
    site: live.Site, elsewhere: live.Process
) -> None:
    visitor = site.visitor()
    readers = [connected(process, user=visitor) for process in (site.web, elsewhere, site.web, elsewhere)]

    told = whole(site.web, elsewhere, user=visitor.user, limit=2)

    assert [connection.id for connection in told] == [id_of(reader) for reader in readers[:2]]
    assert told.total == 4


def test_a_connection_that_ended_is_found_no_more(site: live.Site) -> None:
    reader = connected(site.web)

    sse.close(id_of(reader))
    reader.finished()

    live.wait_for(lambda: sse.connection(id_of(reader)) is None)
    assert sse.connection("nobody") is None


@contextlib.contextmanager
def third() -> Iterator[tuple[live.Process, live.Reader]]:
    """One more web process, with a reader."""
    process = live.web().start()
    try:
        yield process, connected(process)
    finally:
        process.kill()


def test_a_killed_process_is_silent_until_it_is_no_longer_counted(site: live.Site) -> None:
    reader = connected(site.web)

    def killed() -> list[Any]:
        with third() as (process, lost):
            whole(process)
            process.kill()
            soon = silent(process, reader)
        return [soon, id_of(lost)] if soon else []

    # It is counted for five seconds, which a busy machine may let pass.
    soon, lost = live.wait_for(killed, what="a killed process to be named as silent")
    later = whole(site.web)

    assert not soon.complete
    assert id_of(reader) in ids(later)
    assert lost not in ids(later)


def test_a_stopped_process_is_named_as_silent_after_a_second_and_answers_when_it_goes_on(site: live.Site) -> None:
    beside = connected(site.web)

    def stopped() -> list[Any]:
        with third() as (process, reader):
            whole(process)
            process.send(signal.SIGSTOP)
            began = time.monotonic()
            told = silent(process, beside)
            took = time.monotonic() - began
            process.send(signal.SIGCONT)
            live.wait_for(lambda: id_of(reader) in ids(sse.connections()))
        return [told, id_of(reader), took] if told else []

    told, lost, took = live.wait_for(stopped, what="a stopped process to be named as silent")

    assert lost not in ids(told)
    assert took >= 1


def test_a_process_that_stops_gently_is_not_waited_for(site: live.Site) -> None:
    def heard() -> bool:
        with third() as (process, _):
            whole()

            process.stop()

            return not any(name.startswith(f"{process.pid}-") for name in sse.connections().silent)

    # Its goodbye is not waited for either: where Redis does not take it in time, nobody hears it.
    assert any(heard() for _ in range(3))


def test_with_redis_away_nobody_is_told_of_and_the_answer_says_so(site: live.Site) -> None:
    reader = connected(site.web)

    site.redis.stop()
    try:
        away = sse.connections()
        one = sse.connection(id_of(reader))
    finally:
        site.redis.start()

    assert (away.degraded, away.complete, len(away)) == (True, False, 0)
    assert one is None
    live.wait_for(lambda: id_of(reader) in ids(sse.connections()))


def test_a_redis_that_does_not_answer_is_given_up(site: live.Site) -> None:
    site.redis.send(signal.SIGSTOP)
    try:
        told = sse.connections()
    finally:
        site.redis.send(signal.SIGCONT)

    assert told.degraded
    live.wait_for(lambda: sse.connections().complete)


STRANGERS = [
    b"",
    b"[" * 100_000,
    b"null",
    b'{"process": "x", "total": -1, "connections": []}',
    b'{"process": "x", "total": 1, "connections": [{"id": 1}]}',
    json.dumps({"process": "x" * 5000, "total": 0, "connections": []}).encode(),
    b"\xff\xfe",
]


def test_an_answer_from_a_stranger_is_dropped(site: live.Site) -> None:
    reader = connected(site.web)
    client = get_redis_connection("default")
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    pubsub.subscribe(channels.EVERYBODY)
    heard: list[str] = []
    over = threading.Event()

    def intrude() -> None:
        while not over.is_set():
            message = pubsub.get_message(timeout=0.1)
            if message and message["data"].startswith(b'{"do": "tell_connections"'):
                heard.append(json.loads(message["data"])["to"])
                client.rpush(heard[-1], *STRANGERS)

    pubsub.get_message(timeout=1)
    intruder = threading.Thread(target=intrude)
    intruder.start()
    told = live.wait_for(lambda: (answer := whole(site.web)) and heard and answer)
    left = client.ttl(heard[-1])
    over.set()
    intruder.join()
    pubsub.close()

    assert id_of(reader) in ids(told)
    assert not {"x", "x" * 5000} & set(told.processes)
    assert left <= 5
    assert left != -1  # it lives for a few seconds, not for ever


@pytest.mark.parametrize("key", ["sse:1:processes", "anything", "sse:1:reply:../x", None])
def test_an_order_cannot_make_a_process_write_elsewhere(site: live.Site, key: str | None) -> None:
    reader = connected(site.web)
    client = get_redis_connection("default")

    client.publish(channels.EVERYBODY, json.dumps({"do": "tell_connections", "to": key}))
    sse.send(id_of(reader), "still here")
    live.wait_for(lambda: reader.named("message"))

    # Answers are pushed onto lists.
    assert not [name for name in ("anything", "sse:1:reply:../x") if client.exists(name)]
    assert client.type("sse:1:processes") == b"zset"


@pytest.mark.parametrize("question", [{"topic": "no topic"}, {"limit": 0}, {"limit": 10_001}, {"limit": True}])
def test_a_question_that_makes_no_sense_is_refused(question: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is"):
        sse.connections(**question)  # type: ignore[arg-type]


def test_async_code_is_told_how_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    async def ask() -> None:
        sse.connections()

    with pytest.raises(SynchronousOnlyOperation, match="sync_to_async"):
        asyncio.run(ask())
