"""Texts that are being written: shown to whoever watches now, and to nobody later."""

import json
from typing import Any, cast

import pytest
from django_redis import get_redis_connection

import sse
from sse import channels, events, sender, sinks, texts
from sse.errors import EventTooLarge
from sse.models import Event
from sse.subscriber import Subscriber
from sse.watched import Watched
from tests import live
from tests.sse.test_stream import _job_of, tell, topic_of, until


def said(reader: live.Reader) -> list[str]:
    return [told.data["text"] for told in reader.named("text")]


@pytest.mark.live
def test_a_text_reaches_whoever_watches_and_is_not_stored(site: live.Site) -> None:
    watching, other = site.visitor(), site.visitor()
    topic = topic_of(watching.user)
    reader, stranger = watching.watch(topic), other.watch(topic_of(other.user))
    tell(topic, 1)
    tell(topic_of(other.user), 1)
    until(reader, 1)
    until(stranger, 1)

    assert sse.show(topic, {"step_key": "one", "attempt": 1, "text": "Zwei Öfen\n\nund 🥖"})
    live.wait_for(lambda: said(reader))
    tell(topic, 1, start=2)
    tell(topic_of(other.user), 1, start=2)
    until(reader, 2)
    until(stranger, 2)
    again = watching.watch(topic)
    until(again, 2)

    (told,) = reader.named("text")
    assert told.id is None
    assert told.data["text"] == "Zwei Öfen\n\nund 🥖"
    assert (told.data["topic"], told.data["step_key"], told.data["attempt"]) == (topic, "one", 1)
    assert "seq" not in told.data
    assert [event["seq"] for event in reader.ledger] == [1, 2]
    assert said(stranger) == said(again) == []
    assert not Event.objects.filter(topic__name=topic, json__contains="und 🥖").exists()
    for one in (reader, stranger, again):
        one.leave()


@pytest.mark.live
def test_a_text_on_a_stream_of_several_topics_names_its_own(site: live.Site) -> None:
    visitor = site.visitor()
    job = _job_of(visitor.user)
    reader = visitor.watch(topic_of(visitor.user), job)
    tell(job, 1)
    tell(topic_of(visitor.user), 1)
    until(reader, 2)

    sse.show(job, {"text": "So far"})
    live.wait_for(lambda: said(reader))
    reader.leave()

    assert reader.named("text")[0].data["topic"] == job


@pytest.mark.live
@pytest.mark.attack(27)
def test_what_is_dressed_as_a_text_is_dropped_and_the_stream_lives_on(site: live.Site) -> None:
    visitor = site.visitor()
    topic = topic_of(visitor.user)
    reader = visitor.watch(topic)
    tell(topic, 1)
    until(reader, 1)
    honest: dict[str, Any] = {"type": "text", "topic": topic, "text": "So far"}
    forged: list[Any] = [
        honest | {"seq": 2},
        honest | {"final": True},
        honest | {"retry": 1},
        honest | {"topic": "user:0"},
        honest | {"text": 7},
        honest | {"text": "x" * (texts.TEXT_BYTES + 1)},
        {"type": "text", "topic": topic},
    ]

    channel, client = channels.of_topic(topic), get_redis_connection("default")
    for one in forged:
        client.publish(channel, json.dumps(one, separators=(",", ":")))
    client.publish(channel, texts.BEGINNING + b'"topic":')
    client.publish(channel, texts.BEGINNING + b'"text":"\xff"}')
    client.publish(channel, texts.BEGINNING + b'"text":' + b"[" * 60_000)
    sse.show(topic, {"text": "Honest"})
    live.wait_for(lambda: said(reader))
    tell(topic, 1, start=2)
    until(reader, 2)
    reader.leave()

    assert said(reader) == ["Honest"]
    assert [event["seq"] for event in reader.ledger] == [1, 2]


@pytest.mark.parametrize(
    ("topic", "data", "told"),
    [
        ("no topic", {"text": "x"}, "no topic"),
        ("user:1", {}, '{"text": …}'),
        ("user:1", {"text": 7}, '{"text": …}'),
        ("user:1", {"text": "x", "seq": 7}, "seq cannot be given"),
        ("user:1", {"text": "x", "type": "progress"}, "type cannot be given"),
        ("user:1", {"text": "x" * (texts.TEXT_BYTES + 1)}, "8193 bytes; the limit is 8192"),
        ("user:1", {"text": "x", "beside": "y" * 70_000}, "what is beside it is short"),
        ("user:1", {"text": "half \ud83d"}, "surrogates not allowed"),
        ("user:1", {"text": "x", "n": float("nan")}, "not JSON compliant"),
    ],
)
def test_what_cannot_be_shown_is_refused_where_it_is_asked_for(topic: str, data: dict[str, Any], told: str) -> None:
    with pytest.raises((ValueError, EventTooLarge), match=f".*{told.replace('{', '.').replace('}', '.')}"):
        texts.compose(topic, data)


def test_what_is_composed_is_read_again(settings: Any) -> None:
    payload = texts.compose("user:1", {"text": "A\r\nB\u2028C", "attempt": 2})

    frame = texts.read("user:1", payload)

    assert payload.startswith(texts.BEGINNING)
    assert frame.startswith(b"event: text\ndata: {")
    assert b"\nid:" not in frame
    assert json.loads(frame.decode().partition("data: ")[2])["text"] == "A\r\nB\u2028C"


def test_without_redis_a_text_is_dropped_and_nothing_is_owed(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(sender, "_rest_until", 0.0)
    monkeypatch.setattr(sender, "_owed", False)
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{live.free_port()}/0"}
    }

    first = sse.show("user:1", {"text": "x"})
    second = sse.show("user:1", {"text": "y"})

    assert (first, second) == (False, False)
    assert sender._owed is False


# --- beside the events of a topic ------------------------------------------------------------------------------------


class Reader:
    """The end of a stream: what it was sent, and since when it takes nothing."""

    alone = True

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.since: float | None = None
        self.positions = {"user:1": 0}
        self.sink = self
        self.finished = False

    def blocked_since(self) -> float | None:
        return self.since

    def push(self, message: sinks.Message) -> bool:
        self.sent.append(message["body"])
        return True

    def tell(self, message: sinks.Message) -> None:
        self.push(message)

    def finish(self, name: str) -> None:
        self.finished = True


def watched(*readers: Reader) -> Watched:
    topic = Watched("user:1", dirty=lambda topic: None, behind=lambda topic, reader: None)
    for reader in readers:
        topic.join(cast("Subscriber", reader))
    return topic


def event(seq: int, *, final: bool = False) -> events.Frame:
    return events.read("user:1", events.compose("user:1", seq, "status", {}, final=final).encode())


def test_a_text_goes_out_after_the_events_that_came_before_it() -> None:
    reader = Reader()
    topic = watched(reader)

    topic.accept(event(1))
    topic.show(b"text")
    topic.flush()

    assert [b"event: status" in reader.sent[0], reader.sent[1]] == [True, b"text"]


def test_a_text_that_an_event_came_after_is_out_of_date() -> None:
    reader = Reader()
    topic = watched(reader)

    topic.show(b"text")
    topic.accept(event(1))
    topic.flush()

    assert b"text" not in reader.sent
    assert len(reader.sent) == 1


def test_of_several_texts_at_once_the_last_is_sent() -> None:
    reader = Reader()
    topic = watched(reader)

    for text in (b"one", b"two", b"three"):
        topic.show(text)
    topic.flush()
    topic.flush()

    assert reader.sent == [b"three"]


def test_a_reader_that_takes_nothing_gets_no_text_and_the_others_do() -> None:
    slow, quick = Reader(), Reader()
    slow.since = 1.0
    topic = watched(slow, quick)

    topic.show(b"text")
    topic.flush()

    assert (slow.sent, quick.sent) == ([], [b"text"])


def test_a_text_that_nobody_watches_is_not_kept_for_whoever_comes() -> None:
    reader = Reader()
    topic = watched()

    topic.show(b"text")
    topic.join(cast("Subscriber", reader))
    topic.show(b"later")
    topic.flush()

    assert reader.sent == [b"later"]
