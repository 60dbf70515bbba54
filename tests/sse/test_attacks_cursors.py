"""Cursors that nobody honest sends, over real HTTP. Attacks 6 to 9."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

import sse
from sse import conf, history, rows
from sse.models import Event, Topic
from tests import live
from tests.sse.raw import Wire
from tests.sse.test_stream import _job_of, tell, topic_of


@pytest.fixture
def visitor(site: live.Site) -> live.Visitor:
    return site.visitor()


def beginning(visitor: live.Visitor, query: str, *headers: bytes, until: bytes) -> str:
    """Return what a stream says up to ``until``."""
    with Wire(visitor.url) as wire:
        wire.get(f"/sse/stream?{query}", *headers, visitor=visitor)
        return wire.until(until).decode("utf-8", "replace")


@pytest.mark.live
@pytest.mark.attack(6)
@pytest.mark.parametrize(
    "cursor",
    [b"9" * 8_000, b"9" * 64_000, b"a=" * 4_000, b"a=" * 32_000, b"x" * 64_000, b"7" * 7_000, "٣".encode(), b"\xff\xfe",
     b"-1", b"0x10", b"1e9", b"1_000", b"+5"],
    ids=lambda cursor: f"{cursor[:4]!r} of {len(cursor)}",
)  # fmt: skip
def test_a_header_that_is_no_cursor_is_a_reset(visitor: live.Visitor, cursor: bytes) -> None:
    topic = topic_of(visitor.user)
    tell(topic, 1)

    said = beginning(visitor, f"topic={topic}", b"Last-Event-ID: " + cursor, until=b"id: 1\n")

    assert said.startswith("HTTP/1.1 200")
    assert '"reason":"unreadable"' in said


@pytest.mark.live
@pytest.mark.attack(7)
def test_a_cursor_of_other_topics_discloses_nothing_of_them(visitor: live.Visitor, site: live.Site) -> None:
    theirs, mine = topic_of(site.visitor().user), topic_of(visitor.user)
    job = _job_of(visitor.user)
    tell(theirs, 5)
    tell(mine, 2)
    tell(job, 2)

    query = f"topic={mine}&topic={job}&lastEventId={mine}=1,{theirs}=99,job:none=3,{job}=9"
    said = beginning(visitor, query, until=f'"topic":"{job}","seq":2,"type"'.encode())

    assert theirs not in said
    assert "job:none" not in said
    assert said.count("event: reset") == 1  # of the one that was ahead; the other goes on where it stood
    assert '"reason":"ahead"' in said
    assert f'"topic":"{mine}","seq":1,' not in said.split("event: reset")[1]


@pytest.mark.live
@pytest.mark.attack(8)
def test_a_header_sent_twice_is_one_list_as_http_says_so_a_reset_where_that_is_no_cursor(visitor: live.Visitor) -> None:
    topic, job = topic_of(visitor.user), _job_of(visitor.user)
    tell(topic, 3)
    tell(job, 3)

    alone = beginning(visitor, f"topic={topic}", b"Last-Event-ID: 1", b"Last-Event-ID: 2", until=b"id: 1\n")
    both = [f"Last-Event-ID: {name}=2".encode() for name in (topic, job)]
    joined = beginning(
        visitor, f"topic={topic}&topic={job}", *both, until=f"id: {topic}=3,{job}=3\nevent: status".encode()
    )

    assert '"reason":"unreadable"' in alone
    assert "event: reset" not in joined
    assert joined.count("event: status") == 2


@pytest.mark.live
@pytest.mark.attack(8)
def test_a_cursor_that_is_twice_in_the_query_is_the_last_of_them(visitor: live.Visitor) -> None:
    topic = topic_of(visitor.user)
    tell(topic, 3)

    said = beginning(visitor, f"topic={topic}&lastEventId=0&lastEventId=2", until=b"event: status")

    assert "\nid: 3\n" in said
    assert "\nid: 1\n" not in said


@pytest.fixture(scope="module")
def strict(site: live.Site) -> Iterator[live.Process]:
    """A server that lets a user connect five times a minute."""
    process = live.web(SSE_CONNECTS_PER_MINUTE_PER_USER="5").start()
    yield process
    process.stop()


@pytest.mark.live
@pytest.mark.attack(9)
def test_who_asks_for_the_whole_past_again_and_again_is_refused_and_costs_others_nothing(strict: live.Process) -> None:
    visitor = live.Visitor(strict.environment["URL"], live.new_user())
    other = live.Visitor(strict.environment["URL"], live.new_user())
    topic = topic_of(visitor.user)
    row = Topic.objects.create(name=topic, seq=3_000)
    Event.objects.bulk_create(
        Event(topic=row, seq=n, type="status", json=f'{{"topic":"{topic}","seq":{n},"type":"status"}}')
        for n in range(1, 3_001)
    )

    said: list[str] = []
    while not said or said[-1].split()[1] == "200":
        said.append(beginning(visitor, f"topic={topic}&lastEventId=0", until=b"\r\n\r\n"))

    assert said[-1].split()[1] == "429"
    assert len(said) > 5  # the bucket fills while we ask
    assert "retry-after: " in said[-1].lower()
    reader = other.watch(topic_of(other.user), again=False)
    live.wait_for(lambda: reader.named("hello"))


@pytest.mark.attack(9)
def test_the_past_is_read_in_batches_and_a_page_has_an_end(owner: User) -> None:
    topic = f"user:{owner.pk}"
    sse.publish(topic, "status")
    row = Topic.objects.get(name=topic)
    Event.objects.bulk_create(
        Event(topic=row, seq=n, type="status", json=f'{{"topic":"{topic}","seq":{n}}}') for n in range(2, 2_502)
    )
    Topic.objects.filter(name=topic).update(seq=2_501)

    with CaptureQueriesContext(connection) as queries:
        frames = rows.after(topic, 0, conf.REPLAY_BATCH)
        page, position, _ = history._page(topic, "0")

    assert len(frames) == conf.REPLAY_BATCH
    assert page.count(b'"seq"') == history.LIMIT
    assert position == 0
    assert len(queries) == 3
