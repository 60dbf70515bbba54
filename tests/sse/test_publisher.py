"""Publishing."""

import json
import threading
from typing import Any

import pytest
from django.db import close_old_connections, connections, transaction

import sse
from sse import channels, sender
from sse.models import Event, Topic


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """What was sent to Redis, instead of sending it."""
    calls: list[tuple[str, bytes]] = []
    monkeypatch.setattr(sender, "send_all", calls.extend)
    return calls


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


def stored(topic: str) -> list[dict[str, Any]]:
    return [event.data for event in Event.objects.filter(topic__name=topic)]


def test_events_are_numbered_from_one_in_their_topic(db: None) -> None:
    numbers = [sse.publish("job:a", "status"), sse.publish("job:a", "progress"), sse.publish("job:b", "status")]

    assert numbers == [1, 2, 1]
    assert [event["seq"] for event in stored("job:a")] == [1, 2]


def test_the_stored_form_is_the_one_that_is_sent(
    db: None, sent: list[tuple[str, bytes]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sse.publish("job:a", "progress", {"step": 3, "message": "Straße 🥖"})

    assert sent == [(channels.of_topic("job:a"), Event.objects.get().json.encode())]
    told = json.loads(sent[0][1])
    assert told.pop("timestamp").endswith("Z")
    assert told == {"topic": "job:a", "seq": 1, "type": "progress", "step": 3, "message": "Straße 🥖"}


def test_nothing_is_sent_or_kept_of_a_transaction_that_is_rolled_back(
    db: None, sent: list[tuple[str, bytes]], django_capture_on_commit_callbacks: Any
) -> None:
    def publish_and_fail() -> None:
        with transaction.atomic():
            sse.publish("job:a", "status")
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        publish_and_fail()

    assert sent == []
    assert sse.publish("job:a", "status") == 1


@pytest.mark.parametrize("type", ["complete", "error"])
def test_after_the_final_event_the_topic_is_closed(db: None, type: str) -> None:
    sse.publish("job:a", "status")
    sse.publish("job:a", type)

    with pytest.raises(sse.TopicClosed):
        sse.publish("job:a", "status")

    assert stored("job:a")[-1]["final"] is True
    assert len(stored("job:a")) == 2


def test_a_status_may_be_final_too(db: None) -> None:
    sse.publish("job:a", "status", {"status": "cancelled", "final": True})

    assert Topic.objects.get().closed


@pytest.mark.attack(2, 4, 5)
@pytest.mark.parametrize(
    ("topic", "type", "data", "error"),
    [
        ("job:a", "news", {}, ValueError),
        ("job:a", "status\nid: 9", {}, ValueError),
        ("job:a", "status\r", {}, ValueError),
        ("job:a", "status\0", {}, ValueError),
        ("job:a\n", "status", {}, ValueError),
        ("job:a\0", "status", {}, ValueError),
        ("job:a", "status", {"seq": 1}, ValueError),
        ("job:a", "status", {"x": {1}}, TypeError),
        ("job:a", "status", {"x": b"bytes"}, TypeError),
        ("job:a", "status", {"x": float("nan")}, ValueError),
        ("job:a", "status", {"x": float("inf")}, ValueError),
        ("job:a", "status", {"x": "\ud800"}, ValueError),
        ("job:a", "status", {"x": ENDLESS}, ValueError),
        ("job:a", "status", {"x": "y" * 70_000}, sse.EventTooLarge),
        ("job", "status", {}, ValueError),
        ("job:*", "status", {}, ValueError),
        ("job:" + "a" * 200, "status", {}, ValueError),
    ],
)
def test_what_is_refused_stores_nothing_and_sends_nothing(
    db: None,
    sent: list[tuple[str, bytes]],
    django_capture_on_commit_callbacks: Any,
    topic: str,
    type: str,
    data: dict[str, Any],
    error: type[Exception],
) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(error):
        sse.publish(topic, type, data)

    assert not Event.objects.exists()
    assert not Topic.objects.exists()
    assert not sent


def test_a_redis_that_is_away_never_reaches_the_caller(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def refuse(alias: str) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(sender, "get_redis_connection", refuse)
    monkeypatch.setattr(sender, "_rest_until", 0.0)

    with django_capture_on_commit_callbacks(execute=True):
        sse.publish("job:a", "status")

    assert len(stored("job:a")) == 1


@pytest.mark.live  # commits, from several threads
def test_numbers_of_concurrent_publishers_have_no_gap_and_no_twin(rows: None) -> None:
    def publish() -> None:
        for _ in range(25):
            sse.publish("job:race", "status")
        close_old_connections()
        connections.close_all()

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [event["seq"] for event in stored("job:race")] == list(range(1, 101))


def test_removing_a_topic_removes_its_events_and_says_so(
    db: None, sent: list[tuple[str, bytes]], django_capture_on_commit_callbacks: Any
) -> None:
    sse.publish("job:a", "status")

    with django_capture_on_commit_callbacks(execute=True):
        sse.remove("job:a")

    assert not Event.objects.exists()
    assert sent[-1] == (channels.EVERYBODY, b'{"do": "gone", "topics": ["job:a"]}')


def test_several_events_are_published_as_one(
    db: None, django_capture_on_commit_callbacks: Any, sent: list[tuple[str, bytes]]
) -> None:
    sse.publish("job:b", "status")

    with django_capture_on_commit_callbacks(execute=True):
        numbers = sse.publish_all(
            [
                ("job:b", "progress", {"progress": 10}),
                ("job:a", "status", None),
                ("job:b", "complete", {"progress": 100}),
            ]
        )

    assert numbers == [2, 1, 3]
    assert [event.data["progress"] for event in Event.objects.filter(topic__name="job:b", seq__gt=1)] == [10, 100]
    assert Topic.objects.get(name="job:b").closed
    assert [channel for channel, _ in sent] == ["sse:1:topic:job:a", "sse:1:topic:job:b", "sse:1:topic:job:b"]


@pytest.mark.parametrize(
    ("events", "error"),
    [
        ([("job:a", "status", {}), ("job:a", "whatever", {})], ValueError),
        ([("job:a", "status", {}), ("no topic", "status", {})], ValueError),
        ([("job:a", "complete", {}), ("job:a", "status", {})], sse.TopicClosed),
        ([("job:a", "status", {}), ("job:closed", "status", {})], sse.TopicClosed),
        ([("job:a", "status", {}), ("job:b", "status", {"text": "x" * 70_000})], sse.EventTooLarge),
        ([("job:a", "status", {}), ("job:b", "status", {"value": float("nan")})], ValueError),
    ],
)
def test_of_several_events_all_are_published_or_none(db: None, events: Any, error: type[Exception]) -> None:
    sse.publish("job:closed", "complete")

    with pytest.raises(error):
        sse.publish_all(events)

    assert Event.objects.count() == 1
    assert Topic.objects.count() == 1
