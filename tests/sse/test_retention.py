"""Retention: old events go, the position of what is gone is known, and nobody gets a silent hole."""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection
from django.utils import timezone
from django_redis import get_redis_connection
from pytest_django.fixtures import Settings

import sse
from sse import channels, events, history, retention
from sse.models import Event, Topic
from tests import live


def grow(name: str, count: int, *, closed: bool = False, days: float = 40, size: int = 0) -> Topic:
    """Add ``count`` events to a topic, told to nobody, as old as that; ``size`` is the length of a text in each."""
    topic, _ = Topic.objects.get_or_create(name=name)
    numbers = range(topic.seq + 1, topic.seq + count + 1)
    rows = []
    for seq in numbers:
        final = closed and seq == numbers[-1]
        json = events.compose(name, seq, "progress", {"text": "x" * size}, final=final)
        rows.append(Event(topic=topic, seq=seq, type="progress", json=json))
    Event.objects.bulk_create(rows, 500)
    Event.objects.filter(topic=topic, seq__in=numbers).update(created=timezone.now() - timedelta(days=days))
    topic.seq, topic.closed = numbers[-1], closed
    topic.save()
    return topic


def kept(name: str) -> list[int]:
    return list(Event.objects.filter(topic__name=name).order_by("seq").values_list("seq", flat=True))


def prune() -> int:
    return sum(retention.prune())


def page(name: str, after: int) -> dict[str, Any]:
    """A page of polling, and its events' numbers."""
    body: dict[str, Any] = json.loads(history._page(name, str(after))[0])
    return body | {"events": [event["seq"] for event in body["events"]]}


# --- what goes, what stays --------------------------------------------------------------------------------------------


def test_of_an_old_finished_topic_the_last_event_stays_and_the_row_knows_what_is_gone(db: None) -> None:
    grow("job:a", 5, closed=True)

    removed = prune()

    assert removed == 4
    assert kept("job:a") == [5]
    assert Topic.objects.get(name="job:a").pruned == 4


def test_a_topic_that_finished_lately_keeps_everything(db: None) -> None:
    grow("job:a", 5, days=400)
    grow("job:a", 1, closed=True, days=29)

    assert prune() == 0
    assert kept("job:a") == [1, 2, 3, 4, 5, 6]


def test_a_topic_that_is_not_finished_keeps_its_last_events_however_old(db: None, settings: Settings) -> None:
    settings.SSE_RETENTION_OPEN_EVENTS = 3
    grow("user:1", 10)
    grow("user:2", 3)

    assert prune() == 7
    assert kept("user:1") == [8, 9, 10]
    assert kept("user:2") == [1, 2, 3]


def test_a_topic_that_is_not_finished_keeps_what_is_young_however_much(db: None, settings: Settings) -> None:
    settings.SSE_RETENTION_OPEN_EVENTS = 3
    grow("user:1", 4)
    grow("user:1", 6, days=1)

    assert prune() == 4
    assert kept("user:1") == [5, 6, 7, 8, 9, 10]


def test_zero_days_keep_everything(db: None, settings: Settings) -> None:
    settings.SSE_RETENTION_DAYS = 0
    grow("job:a", 5, closed=True)

    assert prune() == 0


def test_pruning_goes_in_short_transactions_and_may_be_left_between_them(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 4)
    grow("job:a", 10, closed=True)
    grow("job:b", 3, closed=True)

    assert next(retention.prune()) == 4
    assert kept("job:a") == [5, 6, 7, 8, 9, 10]
    assert Topic.objects.get(name="job:a").pruned == 4

    assert [batch for batch in retention.prune() if batch] == [4, 1, 2]


def test_many_topics_are_gone_through(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(7):
        grow(f"job:{number}", 2, closed=True)

    assert prune() == 7
    assert prune() == 0


def test_numbers_go_on_after_pruning(db: None, settings: Settings) -> None:
    settings.SSE_RETENTION_OPEN_EVENTS = 1
    grow("user:1", 5)
    prune()

    assert sse.publish("user:1", "status") == 6
    assert kept("user:1") == [5, 6]


def test_two_that_prune_at_once_remove_each_event_once(rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 5)
    grow("job:twice", 101, closed=True)
    removed: list[int] = []

    def work() -> None:
        removed.append(prune())
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = kept("job:twice"), Topic.objects.get(name="job:twice").pruned
    sse.remove("job:twice")  # what is committed stays for the session

    assert sum(removed) == 100
    assert left == ([101], 100)


# --- promise 4: polling -----------------------------------------------------------------------------------------------


def test_polling_for_what_is_gone_says_reset_and_goes_on_with_what_is_kept(db: None) -> None:
    grow("job:a", 5, closed=True)
    prune()

    behind, there = page("job:a", 2), page("job:a", 4)

    assert behind["reset"] == {"topic": "job:a", "reason": "pruned", "cursor": "4"}
    assert (behind["events"], behind["final"], behind["more"]) == ([5], True, False)
    assert "reset" not in there
    assert there["events"] == [5]


def test_a_page_during_which_is_pruned_says_reset(db: None) -> None:
    topic = grow("job:a", 5, closed=True)
    asked: list[str] = []

    def look(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        # Between the question where the topic stands and the one for its events.
        if '"json"' in sql and not asked:
            asked.append(sql)
            prune()
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        body, _, _ = history._page("job:a", "1")

    answer = json.loads(body)
    assert asked
    assert [event["seq"] for event in answer["events"]] == [5]
    assert answer["reset"] == {"topic": topic.name, "reason": "pruned", "cursor": "4"}


# --- promise 4: streams -----------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(site: live.Site) -> live.Visitor:
    # This hour's turn is taken: nobody else prunes meanwhile.
    get_redis_connection("default").set(f"{channels.PREFIX}pruned", "1", ex=3600)
    return site.visitor()


def whole(told: list[live.Told]) -> bool:
    """Whether every event follows the one before, or a ``reset`` that says from where it goes on."""
    at = 0
    for one in told:
        if one.event == "reset":
            at = int(one.data["cursor"])
        elif "seq" in one.data:
            if one.data["seq"] != at + 1:
                return False
            at += 1
    return True


@pytest.mark.live
def test_a_stream_for_what_is_gone_says_reset_then_what_is_kept_then_204(visitor: live.Visitor) -> None:
    topic = grow(f"user:{visitor.user.pk}", 5, closed=True)
    prune()

    reader = visitor.watch(topic.name, cursor="2").finished()

    told = [told for told in reader.told if told.event != "heartbeat"]
    assert [one.event for one in told] == ["hello", "reset", "progress", "bye"]
    assert told[1].data["reason"] == "pruned"
    assert (told[1].data["cursor"], told[2].data["seq"]) == ("4", 5)
    assert reader.statuses == [200, 204]


@pytest.mark.live
def test_a_live_reader_who_missed_what_was_pruned_hears_reset(visitor: live.Visitor, settings: Settings) -> None:
    settings.SSE_RETENTION_OPEN_EVENTS = 2
    name = f"user:{visitor.user.pk}"
    sse.publish(name, "status")
    reader = visitor.watch(name)
    live.wait_for(lambda: reader.ledger)
    grow(name, 6)  # published while Redis was away, say: the reader has not heard of them
    prune()

    sse.publish(name, "status")
    live.wait_for(lambda: len(reader.ledger) >= 4, what="the rest")
    reader.leave()

    assert [told.data.get("seq", told.event) for told in reader.told if told.event != "heartbeat"] == (
        ["hello", 1, "reset", 6, 7, 8]
    )
    assert reader.named("reset")[0].data["cursor"] == "5"


@pytest.mark.live
def test_a_reader_in_whose_replay_is_pruned_gets_no_silent_hole(visitor: live.Visitor) -> None:
    topic = grow(f"user:{visitor.user.pk}", 4000, closed=True, size=8000)
    with socket.socket() as slow:
        # 32 MB: more than all buffers between hold, so most of it is still in the rows when they are pruned.
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
        slow.settimeout(live.PATIENCE_SECONDS)
        address = urlsplit(visitor.url)
        slow.connect((address.hostname, address.port))
        cookie = f"sessionid={visitor.cookies['sessionid']}"
        request = f"GET /sse/stream?topic={topic.name} HTTP/1.0\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"
        slow.sendall(request.encode())
        body = slow.recv(32_768)

        removed = prune()
        while piece := slow.recv(1 << 20):
            body += piece

    told = parse(body)
    assert removed == 3999
    assert whole(told)
    assert {one.data["reason"] for one in told if one.event == "reset"} == {"pruned"}
    assert told[-2].data["seq"] == 4000
    assert told[-1].event == "bye"


def parse(body: bytes) -> list[live.Told]:
    told = []
    for block in body.partition(b"\r\n\r\n")[2].decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "data" in fields:
            told.append(live.Told(fields["event"], json.loads(fields["data"]), fields.get("id"), 0))
    return told


# --- who prunes -------------------------------------------------------------------------------------------------------


@pytest.mark.live
def test_one_process_in_an_hour_takes_the_turn(redis_server: live.Process, monkeypatch: pytest.MonkeyPatch) -> None:
    key = f"{channels.PREFIX}pruned"
    get_redis_connection("default").delete(key)
    monkeypatch.setattr(retention, "_next", 0.0)

    assert retention.claim()
    assert not retention.claim()
    monkeypatch.setattr(retention, "_next", 0.0)  # as another process would stand

    assert not retention.claim()
    assert 0 < get_redis_connection("default").ttl(key) <= 3600


def test_without_redis_a_process_prunes_by_its_own_clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    away = {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{live.free_port()}"}
    settings.CACHES = {**settings.CACHES, "default": away}
    monkeypatch.setattr(retention, "_next", 0.0)

    assert retention.claim()
    assert not retention.claim()


SCRIPT = """
import asyncio, django
django.setup()
from sse import retention
retention.LOOK_SECONDS = 0.01
asyncio.run(retention.keep())
"""


@pytest.mark.live
def test_a_process_that_keeps_pruning_does_so_by_itself(rows: None, redis_server: live.Process) -> None:
    get_redis_connection("default").delete(f"{channels.PREFIX}pruned")
    name = f"job:{time.monotonic_ns()}"
    grow(name, 5, closed=True)
    keeper = live.Process(
        [sys.executable, "-c", SCRIPT], lambda: kept(name) == [5], {"DATABASE_URL": live.database_url()}
    )

    try:
        keeper.start()  # and wait for that
    finally:
        keeper.kill()

    assert Topic.objects.get(name=name).pruned == 4


def test_the_command_prunes_and_says_how_much(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    grow("job:a", 5, closed=True, days=3)

    call_command("prune", "--days", "2")

    assert "Removed 4 events." in capsys.readouterr().out


@pytest.mark.parametrize("days", ["0", "-1", "nan", "1e9"])
def test_the_command_takes_no_days_that_make_no_sense(days: str) -> None:
    with pytest.raises(CommandError, match="more than 0"):
        call_command("prune", "--days", days)
