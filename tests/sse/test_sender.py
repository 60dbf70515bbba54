"""Sending over a Redis that fails and comes back."""

import pytest

from sse import channels, sender
from tests import live


class _Redis:
    """Counts what is published, and fails when told to."""

    def __init__(self) -> None:
        self.tries = 0
        self.away = True
        self.published: list[tuple[str, bytes]] = []

    def publish(self, channel: str, payload: bytes) -> None:
        self.tries += 1
        if self.away:
            raise TimeoutError
        self.published.append((channel, payload))


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> _Redis:
    double = _Redis()
    monkeypatch.setattr(sender, "get_redis_connection", lambda alias: double)
    monkeypatch.setattr(sender, "_rest_until", 0.0)
    monkeypatch.setattr(sender, "_owed", False)
    monkeypatch.setattr(sender, "_REST_SECONDS", 60.0)  # for longer than a busy machine may hold a test up
    return double


def test_after_a_failure_none_is_tried_for_a_second(redis: _Redis) -> None:
    sender.send("a", b"1")
    sender.send("a", b"2")
    sender.send("a", b"3")

    assert redis.tries == 1


def test_when_redis_is_back_everybody_is_told_to_look(redis: _Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    sender.send("a", b"1")
    redis.away = False
    monkeypatch.setattr(sender, "_rest_until", 0.0)

    sender.send("a", b"2")
    sender.send("a", b"3")

    assert redis.published == [("a", b"2"), (channels.EVERYBODY, channels.LOOK), ("a", b"3")]


def test_who_publishes_nothing_more_tells_everybody_to_look_all_the_same(
    redis: _Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "_REST_SECONDS", 0.05)
    sender.send("a", b"1")

    redis.away = False

    live.wait_for(lambda: redis.published == [(channels.EVERYBODY, channels.LOOK)])
