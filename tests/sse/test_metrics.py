"""Metrics: each thing is made to happen to a real server, and its number moves."""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.db import transaction
from prometheus_client.parser import text_string_to_metric_families

import sse
from sse import channels, events, limits, places, pulse, sender, sinks, tally, tokens
from sse.models import Event, Topic
from sse.subscriber import Subscriber
from sse.watchers import Watcher
from tests import live
from tests.conftest import BRIEFS
from tests.sse.raw import Wire
from tests.sse.test_stream import until_live

pytestmark = pytest.mark.live

type Values = dict[tuple[str, str], float]


class Scraper:
    """Reads a server's metrics as Prometheus does: with a token."""

    def __init__(self, url: str) -> None:
        _, secret = tokens.issue(user=live.new_user(), name="scraper", scopes=["metrics"])
        self.url, self.headers = url, {"Authorization": f"Bearer {secret}"}

    def text(self) -> str:
        answer = httpx.get(f"{self.url}/metrics", headers=self.headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.text

    def values(self) -> Values:
        """Return every sample by its name and the values of its labels (by their names, joined by a space)."""
        return {
            (sample.name, " ".join(value for _, value in sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(self.text())
            for sample in family.samples
        }

    def moved(self, before: Values, name: str, labels: str = "", *, by: float = 1) -> float:
        """Wait until a number rose by at least so much since ``before``; return by how much."""

        def risen() -> float:
            return self.values().get((name, labels), 0) - before.get((name, labels), 0)

        return float(live.wait_for(lambda: risen() if risen() >= by else 0, what=f"{name} {labels}"))


@pytest.fixture(scope="module")
def server(site: live.Site) -> Iterator[live.Process]:
    """A web server whose limits and patience are short."""
    process = live.web(
        SSE_MAX_STREAMS_PER_USER="2",
        SSE_HEARTBEAT_SECONDS="1",
        TEST_SEND_TIMEOUT_SECONDS="2",
        SSE_BACKLOG_BYTES="65536",
    )
    process.start()
    yield process
    process.stop()


@pytest.fixture
def scraper(server: live.Process) -> Scraper:
    return Scraper(server.environment["URL"])


@pytest.fixture
def visitor(server: live.Process) -> live.Visitor:
    return live.Visitor(server.environment["URL"], live.new_user())


def topic_of(visitor: live.Visitor) -> str:
    return f"user:{visitor.user.pk}"


def watching(visitor: live.Visitor) -> live.Reader:
    """A reader that is live: it got the event that was published after its hello."""
    reader = visitor.watch(topic_of(visitor))
    live.wait_for(lambda: reader.named("hello"))
    seen = len(reader.ledger)
    sse.publish(topic_of(visitor), "status", {})
    live.wait_for(lambda: len(reader.ledger) > seen)
    return reader


def store(visitor: live.Visitor, number: int) -> None:
    """Store an event of which nobody is told, as when Redis lost it."""
    topic = Topic.objects.get(name=topic_of(visitor))
    Topic.objects.filter(pk=topic.pk).update(seq=number)
    text = events.compose(topic.name, number, "status", {}, final=False)
    Event.objects.create(topic=topic, seq=number, type="status", json=text)


# --- who may look -----------------------------------------------------------------------------------------------------


def test_metrics_are_for_staff_and_for_tokens_made_for_them(server: live.Process) -> None:
    url = server.environment["URL"]
    _, other = tokens.issue(user=live.new_user(), name="reader", scopes=["read"])

    def status(visitor: live.Visitor | None = None, headers: dict[str, str] | None = None) -> int:
        return live.get(f"{url}/metrics", cookies=visitor.cookies if visitor else None, headers=headers).status_code

    assert status() == 401
    assert status(live.Visitor(url, live.new_user())) == 403
    assert status(live.Visitor(url, live.new_user(is_staff=True))) == 200
    assert status(headers={"Authorization": f"Bearer {other}"}) == 403
    assert status(headers={"Authorization": "Bearer nonsense"}) == 401
    assert status(headers=Scraper(url).headers) == 200
    assert httpx.post(f"{url}/metrics", headers=Scraper(url).headers, timeout=60).status_code in (403, 405)


def test_every_metric_says_what_it_is_and_names_nobody(scraper: Scraper, visitor: live.Visitor) -> None:
    watching(visitor)

    text = scraper.text()
    families = list(text_string_to_metric_families(text))

    assert all(family.documentation for family in families)
    assert all(family.name.startswith(("sse_", "strategies_")) for family in families)
    assert str(visitor.user.username) not in text
    assert topic_of(visitor) not in text


# --- connects ---------------------------------------------------------------------------------------------------------


def test_a_stream_is_counted_when_it_opens_and_while_it_is_open(scraper: Scraper, visitor: live.Visitor) -> None:
    held = [("sse_streams_open", "hand_off"), ("sse_topics_watched", ""), ("sse_places", "")]

    def holding() -> list[float]:
        values = scraper.values()
        return [values[name] for name in held]

    live.wait_for(lambda: holding() == [0, 0, 0], what="the streams of other tests to end")
    before = scraper.values()

    reader = watching(visitor)
    during = holding()
    reader.leave()

    assert during == [1, 1, 1]
    scraper.moved(before, "sse_connects_total", "ok")
    live.wait_for(lambda: holding() == [0, 0, 0])


def test_each_refusal_is_counted_by_its_reason(scraper: Scraper, visitor: live.Visitor) -> None:
    before = scraper.values()

    def ask(topic: str, *, signed_in: bool = True, **headers: str) -> None:
        cookies = visitor.cookies if signed_in else None
        live.get(f"{visitor.url}/sse/stream", params={"topic": topic}, cookies=cookies, headers=headers)

    ask("nonsense")
    ask("user:0")
    ask(topic_of(visitor), signed_in=False)
    ask(topic_of(visitor), Origin="https://elsewhere.example")

    for outcome in ("400", "401", "403", "404"):
        scraper.moved(before, "sse_connects_total", outcome)


def test_one_stream_too_many_is_counted_as_the_users_limit(scraper: Scraper, visitor: live.Visitor) -> None:
    before = scraper.values()

    for _ in range(3):
        visitor.watch(topic_of(visitor))

    scraper.moved(before, "sse_connects_total", "429_user")


def test_a_cursor_from_the_future_is_counted_as_a_reset(scraper: Scraper, visitor: live.Visitor) -> None:
    sse.publish(topic_of(visitor), "status", {})
    before = scraper.values()

    visitor.watch(topic_of(visitor), cursor="99")

    scraper.moved(before, "sse_connects_total", "reset")
    scraper.moved(before, "sse_resets_total", "ahead")


# --- events -----------------------------------------------------------------------------------------------------------


def test_an_event_is_counted_once_for_the_process_and_once_for_each_reader(
    scraper: Scraper, visitor: live.Visitor
) -> None:
    readers = [watching(visitor), watching(visitor)]
    # The second may have had from the rows what the first has yet to hear.
    live.wait_for(lambda: all(len(reader.ledger) == 2 for reader in readers))
    before = scraper.values()

    sse.publish(topic_of(visitor), "progress", {})
    live.wait_for(lambda: all(reader.named("progress") for reader in readers))

    assert scraper.moved(before, "sse_events_heard_total", "progress") == 1
    assert scraper.moved(before, "sse_events_delivered_total") == 2


def test_the_time_of_a_delivery_is_observed(scraper: Scraper, visitor: live.Visitor) -> None:
    watching(visitor)
    before = scraper.values()

    def observed() -> float:
        # Again and again: of those within a tenth of a second one is observed.
        sse.publish(topic_of(visitor), "progress", {})
        return scraper.values()["sse_delivery_seconds_count", ""] - before["sse_delivery_seconds_count", ""]

    live.wait_for(observed)

    assert 0 < scraper.moved(before, "sse_delivery_seconds_sum", by=1e-9) < 30


def test_what_a_web_server_publishes_itself_is_counted_as_sent(scraper: Scraper, visitor: live.Visitor) -> None:
    before = scraper.values()

    visitor.start(visitor.create(json.loads((BRIEFS / "bakery.json").read_text())))

    scraper.moved(before, "sse_events_published_total", "sent status", by=2)


def test_a_gap_is_counted_by_what_showed_it(scraper: Scraper, visitor: live.Visitor) -> None:
    reader = watching(visitor)
    before = scraper.values()

    def jumped() -> bool:
        # Again and again: a comparison at the wrong moment finds them before the second is heard of.
        count = len(reader.ledger)
        with transaction.atomic():
            store(visitor, count + 1)
            sse.publish(topic_of(visitor), "status", {})
        live.wait_for(lambda: len(reader.ledger) == count + 2)
        name = ("sse_gaps_repaired_total", "jump")
        return scraper.values().get(name, 0) > before.get(name, 0)

    live.wait_for(jumped)
    scraper.moved(before, "sse_events_repaired_total", by=2)
    store(visitor, len(reader.ledger) + 1)

    scraper.moved(before, "sse_gaps_repaired_total", "check")


def test_a_message_that_is_none_is_counted(scraper: Scraper, visitor: live.Visitor) -> None:
    watching(visitor)
    before = scraper.values()

    sender.send(channels.of_topic(topic_of(visitor)), b"{")

    scraper.moved(before, "sse_malformed_messages_total")


# --- the end ----------------------------------------------------------------------------------------------------------


def test_a_goodbye_is_counted_by_its_reason(scraper: Scraper, visitor: live.Visitor) -> None:
    reader = watching(visitor)
    before = scraper.values()

    sse.publish(topic_of(visitor), "complete", {})
    reader.finished()

    scraper.moved(before, "sse_byes_total", "done")


def test_a_stream_that_a_look_at_permissions_ended_is_counted(scraper: Scraper, visitor: live.Visitor) -> None:
    watching(visitor)
    before = scraper.values()

    visitor.user.is_active = False
    visitor.user.save()

    scraper.moved(before, "sse_streams_revoked_total", "signed_out")


def test_a_reader_that_takes_nothing_falls_behind(scraper: Scraper, visitor: live.Visitor) -> None:
    before = scraper.values()

    with Wire(visitor.url) as wire:
        wire.get(f"/sse/stream?topic={topic_of(visitor)}", visitor=visitor)
        wire.until(b"hello")
        until_live(topic_of(visitor))
        for _ in range(400):
            sse.publish(topic_of(visitor), "status", {"text": "x" * 60_000})
        scraper.moved(before, "sse_streams_fell_behind_total")


# --- Redis ------------------------------------------------------------------------------------------------------------


def test_a_redis_that_went_and_came_back_is_counted_and_so_is_the_time_without(
    site: live.Site, scraper: Scraper, visitor: live.Visitor
) -> None:
    reader = watching(visitor)
    before = scraper.values()

    site.redis.kill()
    live.wait_for(lambda: scraper.values()["sse_polling", ""] == 1)
    store(visitor, 2)
    scraper.moved(before, "sse_gaps_repaired_total", "poll")
    site.redis.start()
    scraper.moved(before, "sse_redis_connects_total")

    assert scraper.moved(before, "sse_polling_seconds_total", by=0.1) < 60
    live.wait_for(lambda: scraper.values()["sse_polling", ""] == 0)
    assert [event["seq"] for event in reader.ledger] == [1, 2]


# --- alone ------------------------------------------------------------------------------------------------------------


class Stuck(sinks.Queued):
    """Where bytes go that nobody has taken for an hour."""

    def blocked_since(self) -> float | None:
        return time.monotonic() - 3600


def test_a_stream_that_is_closed_since_nobody_takes_anything_is_counted() -> None:
    before = tally.here.slow_closes
    stream = Subscriber(Watcher(1, name="n", address=""), places.Place("1", limits.Limits()), {"a:b": 0}, {}, {})

    async def beat() -> None:
        stream.sink = Stuck()
        pulse._look_after(stream, sinks.body(b""))

    asyncio.run(beat())

    assert stream.over
    assert tally.here.slow_closes == before + 1


def test_a_reason_that_staff_made_up_is_counted_among_others() -> None:
    counted = tally.Tally()

    for reason in ("done", "Go away", "Now"):
        counted.bye(reason)

    assert counted.byes == {"done": 1, "other": 2}


def test_what_is_no_event_is_not_observed() -> None:
    counted = tally.Tally()

    counted.observe_delivery(b"{}")

    assert sum(counted.delivery_counts) == 0


@pytest.mark.parametrize(("late", "bucket"), [(0.0, 0), (0.2, 5), (60.0, 12)])
def test_a_delivery_stands_in_the_bucket_of_its_seconds(late: float, bucket: int) -> None:
    def counted() -> list[int]:
        here = tally.Tally()
        stamp = (datetime.now(UTC) - timedelta(seconds=late)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        here.observe_delivery(b'{"topic":"a:b","seq":1,"type":"status","timestamp":"%b","n":1}' % stamp.encode())
        return here.delivery_counts

    # A busy machine may take longer than the narrowest of them is wide.
    assert any(counted()[bucket] == 1 for _ in range(20))


def test_lag_is_the_worst_of_late_and_fades() -> None:
    counted = tally.Tally()

    counted.observe_lag(1.0)
    for _ in range(70):
        counted.observe_lag(0.001)

    assert 0.4 < counted.loop_lag < 0.6
