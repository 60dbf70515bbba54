"""What arrives on Redis channels and was not sent by this project, or says what is not so. Attacks 27 and 28."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django_redis import get_redis_connection

import sse
from sse import channels
from strategies import hints
from strategies.models import Job
from tests import live
from tests.sse.test_stream import numbers, tell, topic_of, until, until_live

pytestmark = pytest.mark.live

DEEP = b"[" * 200_000
NO_JSON = [b"", b"no json", b"\xff\xfe\xfa", b'{"topic":', DEEP, b'{"do":' * 100_000, b"\0" * 1_000, b"x" * 1_000_000,
           b"1", b"[]", b"null", b'"text"', b"NaN", b"9" * 5_000]  # fmt: skip


def forged(topic: str, seq: Any, **members: Any) -> bytes:
    return json.dumps({"topic": topic, "seq": seq, "type": "status", **members}).encode()


def no_events(topic: str) -> list[bytes]:
    no_numbers: list[Any] = [2**63, 10**30, 0, -1, 1.0, "1", True, None, [1], {}]
    no_types: list[Any] = ["hello", "news", "", 1, ["status"], None, "status\nid: 9"]
    return [
        *NO_JSON,
        forged("user:0", 1),
        *(forged(topic, seq) for seq in no_numbers),
        *(forged(topic, 1, type=type) for type in no_types),
        forged(topic, 1, final="yes"),
        forged(topic, 1, text="x" * 1_000_000),
        forged(topic, 1, text=float("nan")),
        json.dumps({"version": 2, "topic": topic, "number": 1, "kind": "status"}).encode(),  # another format
    ]


def no_orders() -> list[bytes]:
    orders = [
        {"do": "dance"}, {"do": None}, {"do": ["look"]}, {"undo": 1}, {"do": "gone"}, {"do": "gone", "topics": 1},
        {"do": "gone", "topics": [{}]}, {"do": "signed_out"}, {"do": "recheck", "users": 1},
        {"do": "recheck", "users": [[1]]}, {"do": "tell"}, {"do": "tell", "data": "x"},
        {"do": "tell", "data": {"retry": "x"}},
        {"do": "tell", "data": {"text": float("nan")}}, {"do": "tell", "data": {"type": "hello"}},
        {"do": "tell", "data": {"text": "\ud800"}}, {"do": "close", "users": 1},
        {"do": "tell", "data": {"text": "x", "retry": 0}}, {"do": "tell", "data": {"text": "x" * 1_000_000}},
        {"do": "tell", "data": {"text": "x", "level": "loud"}}, {"do": "close"}, {"do": "close", "reason": "\ud800"},
        {"do": "close", "reason": "a\nid: 9"}, {"do": "close", "reason": ""}, {"do": "close", "reason": 1},
    ]  # fmt: skip
    return [*NO_JSON, *(json.dumps(order).encode() for order in orders)]


@pytest.fixture
def redis() -> Any:
    return get_redis_connection("default")


@pytest.fixture(scope="module")
def server(site: live.Site) -> Iterator[live.Process]:
    """A server with nobody else in it."""
    process = live.web(**live.TOLD).start()
    yield process
    process.stop()


def malformed(process: live.Process) -> int:
    return int(live.get(f"{process.environment['URL']}/test/held").json()["malformed"])


@pytest.mark.attack(27)
def test_what_is_no_event_and_no_order_is_counted_and_dropped_and_the_next_event_arrives(
    server: live.Process, redis: Any
) -> None:
    visitor = live.Visitor(server.environment["URL"], live.new_user())
    topic = topic_of(visitor.user)
    tell(topic, 1)
    reader = visitor.watch(topic)
    until(reader, 1)
    before = malformed(server)

    for payload in no_events(topic):
        redis.publish(channels.of_topic(topic), payload)
    for payload in no_orders():
        redis.publish(channels.EVERYBODY, payload)
    for probe in redis.pubsub_channels("sse:1:probe:*"):
        for payload in NO_JSON:
            redis.publish(probe, payload)
    tell(topic, 2, start=2)
    until(reader, 3)

    assert numbers(reader) == [1, 2, 3]
    assert reader.statuses == [200]
    assert {told.event for told in reader.told} <= {"hello", "status", "heartbeat"}
    assert malformed(server) - before == len(no_events(topic)) + len(no_orders())
    assert "Traceback" not in server.said()


@pytest.mark.attack(28)
def test_numbers_far_ahead_are_looked_up_and_not_believed(server: live.Process, redis: Any) -> None:
    visitor = live.Visitor(server.environment["URL"], live.new_user())
    topic = topic_of(visitor.user)
    tell(topic, 2)
    reader = visitor.watch(topic)
    until(reader, 2)

    for seq in (4, 5, 1_000, 2**40, 2**63 - 1):
        redis.publish(channels.of_topic(topic), forged(topic, seq, n="forged"))
        redis.publish(channels.of_topic(topic), forged(topic, seq, n="forged", final=True))
    for seq in (1, 2):
        redis.publish(channels.of_topic(topic), forged(topic, seq, n="forged"))
    tell(topic, 3, start=3)
    until(reader, 5)

    assert [event["n"] for event in reader.ledger] == [1, 2, 3, 4, 5]
    assert reader.statuses == [200]


@pytest.mark.attack(28)
def test_a_forged_next_number_is_found_out_and_readers_are_told_the_rows(site: live.Site, redis: Any) -> None:
    quick = live.web(SSE_HEARTBEAT_SECONDS="1").start()
    visitor = live.Visitor(quick.environment["URL"], live.new_user())
    topic = topic_of(visitor.user)
    tell(topic, 2)
    reader = visitor.watch(topic)
    until(reader, 2)
    until_live(topic)

    redis.publish(channels.of_topic(topic), forged(topic, 3, n="forged"))
    live.wait_for(lambda: reader.named("reset"))
    tell(topic, 1, start=3)
    live.wait_for(lambda: reader.ledger[-1]["n"] == 3)
    quick.stop()

    reset = next(index for index, told in enumerate(reader.told) if told.event == "reset")
    after = [told.data["n"] for told in reader.told[reset:] if told.event == "status"]
    assert reader.named("reset")[0].data["reason"] == "ahead"
    assert after == [1, 2, 3]


@pytest.mark.attack(28)
def test_a_forged_end_ends_nothing_for_good(server: live.Process, redis: Any) -> None:
    visitor = live.Visitor(server.environment["URL"], live.new_user())
    topic = topic_of(visitor.user)
    reader = visitor.watch(topic)
    live.wait_for(lambda: reader.named("hello"))
    until_live(topic)  # before that a forged number is looked up in the rows, and not believed

    redis.publish(channels.of_topic(topic), forged(topic, 1, n="forged", final=True))
    live.wait_for(lambda: len(reader.named("hello")) == 2)
    redis.publish(channels.EVERYBODY, json.dumps({"do": "gone", "topics": [topic]}))
    live.wait_for(lambda: len(reader.named("hello")) == 3)
    tell(topic, 1)
    live.wait_for(lambda: [event["n"] for event in reader.ledger] == ["forged", 1])

    assert set(reader.statuses) == {200}
    assert reader.named("reset")[0].data["reason"] == "ahead"


@pytest.mark.attack(27, 28)
def test_what_is_no_hint_is_dropped_by_a_worker_and_a_forged_cancel_costs_no_work(
    site: live.Site, redis: Any, tmp_path: Path
) -> None:
    from tests.strategies.test_worker import ended, enqueue, status

    job = enqueue(live.new_user(), gates={"two": str(tmp_path / "gate")})
    live.wait_for(lambda: status(job) == "running")
    attempt = Job.objects.get(pk=job.pk).attempt
    said = site.worker.said().count("a hint was dropped")
    junk = [*NO_JSON, b"cancel", b"cancel ", b"cancel \xff", b"cancel 1", b"cancel " + b"f" * 1_000_000, b"wake up"]

    for payload in junk:
        redis.publish(hints.CHANNEL, payload)
    for id in (job.pk, uuid.uuid4()):
        redis.publish(hints.CHANNEL, hints.CANCEL + str(id).encode())
    live.wait_for(lambda: site.worker.said().count("a hint was dropped") - said == len(junk))
    (tmp_path / "gate").touch()
    ended(job)

    assert status(job) == "succeeded"
    assert Job.objects.get(pk=job.pk).attempt == attempt
    assert site.worker.said().count("a hint was dropped") - said == len(junk)


@pytest.mark.attack(4)
@pytest.mark.parametrize("data", [{"text": "x", "n": float("nan")}, {"text": "\ud800"}, {"text": "x", "n": b"bytes"}])
def test_a_message_that_json_can_not_hold_is_an_error_of_the_sender(rows: None, data: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        sse.broadcast(data)
