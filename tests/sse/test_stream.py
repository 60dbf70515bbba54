"""The stream, over real HTTP, from a real server."""

import signal
import time
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

import sse
from sse.models import Event, Topic
from tests import live

pytestmark = pytest.mark.live


@pytest.fixture
def visitor(site: live.Site) -> live.Visitor:
    return site.visitor()


def topic_of(user: User) -> str:
    return f"user:{user.pk}"


def tell(topic: str, count: int, *, start: int = 1) -> None:
    for number in range(start, start + count):
        sse.publish(topic, "status", {"n": number})


def numbers(reader: live.Reader) -> list[int]:
    return [event["seq"] for event in reader.ledger]


def until(reader: live.Reader, count: int) -> None:
    live.wait_for(lambda: len(reader.ledger) >= count, what=f"{count} events, got {numbers(reader)}")


def until_live(topic: str) -> None:
    """Wait until somebody's stream has read what was there before, and has what is published now from Redis."""
    live.wait_for(lambda: any(one.state == "live" for one in sse.connections(topic=topic)), what="a stream to be live")


def test_a_reader_gets_what_was_stored_and_then_what_happens_once_and_in_order(visitor: live.Visitor) -> None:
    topic = topic_of(visitor.user)
    tell(topic, 3)

    reader = visitor.watch(topic)
    until(reader, 3)
    tell(topic, 3, start=4)
    until(reader, 6)
    reader.leave()

    assert numbers(reader) == [1, 2, 3, 4, 5, 6]
    assert [event["n"] for event in reader.ledger] == [1, 2, 3, 4, 5, 6]
    assert reader.told[0].event == "hello"
    assert reader.told[0].data["topics"] == [{"topic": topic, "seq": 3, "closed": False}]


def test_live_events_arrive_at_once(visitor: live.Visitor) -> None:
    topic = topic_of(visitor.user)
    reader = visitor.watch(topic)
    live.wait_for(lambda: reader.named("hello"))
    time.sleep(0.3)  # past the first comparison of positions, which would hide a subscription that hears nothing

    tell(topic, 1)
    until(reader, 1)
    reader.leave()

    assert reader.ledger[0]["n"] == 1


def test_a_cursor_in_the_middle_gets_exactly_the_rest(visitor: live.Visitor) -> None:
    topic = topic_of(visitor.user)
    tell(topic, 5)

    reader = visitor.watch(topic, cursor="3")
    until(reader, 2)
    reader.leave()

    assert numbers(reader) == [4, 5]


@pytest.mark.attack(8)
def test_the_header_wins_over_the_query(visitor: live.Visitor) -> None:
    topic = topic_of(visitor.user)
    tell(topic, 4)
    params = {"topic": topic, "lastEventId": "1"}

    text = ""
    with visitor.http.stream("GET", "/sse/stream", params=params, headers={"Last-Event-ID": "3"}) as answer:
        for chunk in answer.iter_text():
            text += chunk
            if "\nid: 4\n" in text:
                break

    assert "\nid: 2\n" not in text


def test_several_topics_share_one_stream_and_one_cursor(site: live.Site) -> None:
    visitor = site.visitor()
    job = _job_of(visitor.user)
    topic = topic_of(visitor.user)
    tell(topic, 2)
    tell(job, 2)
    reader = visitor.watch(topic, job)
    until(reader, 4)
    reader.leave()
    cursor = reader.cursor

    tell(topic, 1, start=3)
    tell(job, 1, start=3)
    again = visitor.watch(topic, job, cursor=cursor)
    until(again, 2)
    again.leave()

    assert cursor == f"{topic}=2,{job}=2"
    assert sorted((event["topic"], event["seq"]) for event in again.ledger) == sorted([(topic, 3), (job, 3)])


def _job_of(user: User) -> str:
    from django.utils import timezone

    from strategies.models import Job

    job = Job.objects.create(
        owner=user, kind="none", engine="none", status=Job.Status.SUCCEEDED, run_after=timezone.now()
    )
    return job.topic


def test_after_the_final_event_the_stream_says_bye_and_a_returning_reader_gets_204(visitor: live.Visitor) -> None:
    job = _job_of(visitor.user)
    tell(job, 2)
    sse.publish(job, "complete", {"message": "done"})

    reader = visitor.watch(job).finished()

    assert numbers(reader) == [1, 2, 3]
    assert reader.ledger[-1]["final"] is True
    assert reader.told[-1].event == "bye"
    assert reader.told[-1].data["reason"] == "done"
    assert reader.statuses == [200, 204]


def test_a_final_event_that_comes_live_ends_the_stream(visitor: live.Visitor) -> None:
    job = _job_of(visitor.user)
    reader = visitor.watch(job)
    live.wait_for(lambda: reader.named("hello"))

    tell(job, 1)
    sse.publish(job, "error", {"message": "broken"})

    assert numbers(reader.finished()) == [1, 2]
    assert reader.statuses == [200, 204]


@pytest.mark.attack(6, 7)
@pytest.mark.parametrize(
    "cursor", ["-1", "0x10", "1e9", "٣", "1_000", "+5", "7" * 7000, "text", "a=b", "99", " 1", "1,2", "user:1=x"]
)
def test_a_cursor_that_cannot_be_honoured_is_reset_never_refused(visitor: live.Visitor, cursor: str) -> None:
    topic = topic_of(visitor.user)
    tell(topic, 2)
    params = {"topic": topic, "lastEventId": cursor}

    with visitor.http.stream("GET", "/sse/stream", params=params) as answer:
        text = ""
        for chunk in answer.iter_text():
            text += chunk
            if "id: 2\n" in text:
                break

    assert answer.status_code == 200
    assert "event: reset" in text
    assert text.index("event: reset") < text.index("id: 1\n")


@pytest.mark.attack(7)
def test_what_was_pruned_is_told_by_a_reset(visitor: live.Visitor) -> None:
    topic = topic_of(visitor.user)
    tell(topic, 5)
    Event.objects.filter(topic__name=topic, seq__lte=3).delete()
    Topic.objects.filter(name=topic).update(pruned=3)

    reader = visitor.watch(topic, cursor="1")
    until(reader, 2)
    reader.leave()

    assert numbers(reader) == [4, 5]
    assert reader.named("reset")[0].data["reason"] == "pruned"
    assert reader.named("reset")[0].data["cursor"] == "3"


@pytest.mark.attack(10)
def test_somebody_elses_topic_and_one_that_does_not_exist_get_the_same_answer(site: live.Site) -> None:
    visitor, other = site.visitor(), site.visitor()
    tell(topic_of(other.user), 1)

    theirs = visitor.http.get("/sse/stream", params={"topic": topic_of(other.user)})
    nobodys = visitor.http.get("/sse/stream", params={"topic": "user:999999999"})
    unknown = visitor.http.get("/sse/stream", params={"topic": "nothing:1"})

    assert theirs.status_code == nobodys.status_code == unknown.status_code == 404
    assert theirs.content == nobodys.content == unknown.content


@pytest.mark.attack(11)
@pytest.mark.parametrize(
    "query",
    ["", "topic=", "topic=job", "topic=job:*", "topic=job:../x", "topic=job:a?b", "topic=sse:1:all",
     "topic=" + "a" * 10_000 + ":1", "&".join(f"topic=user:{n}" for n in range(1000)), "topic=user:%00"],
)  # fmt: skip
def test_a_query_that_names_no_topics_is_refused(visitor: live.Visitor, query: str) -> None:
    answer = visitor.http.get(f"/sse/stream?{query}")

    assert answer.status_code in (400, 414)  # a long one may be refused by the server before it reaches us
    assert answer.status_code == 414 or answer.json()["code"] == "bad_topics"


def test_nobody_who_is_not_signed_in_gets_a_stream(site: live.Site) -> None:
    answer = live.get(f"{site.url}/sse/stream", params={"topic": "user:1"})

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.attack(23)
def test_the_headers_keep_proxies_and_middleware_from_changing_the_stream(visitor: live.Visitor) -> None:
    params = {"topic": topic_of(visitor.user)}

    with visitor.http.stream("GET", "/sse/stream", params=params, headers={"Accept-Encoding": "gzip, br"}) as answer:
        headers = answer.headers

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["content-encoding"] == "identity"
    assert headers["cache-control"] == "no-cache, no-transform"
    assert headers["x-accel-buffering"] == "no"
    assert "content-security-policy" in headers


@pytest.mark.attack(23)
def test_head_answers_headers_alone_and_leaves_the_connection_usable(visitor: live.Visitor) -> None:
    params = {"topic": topic_of(visitor.user)}

    head = visitor.http.head("/sse/stream", params=params)
    after = visitor.http.get("/health/live")

    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/event-stream")
    assert after.json() == {"status": "live"}


@pytest.mark.attack(23)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_refused(visitor: live.Visitor, method: str) -> None:
    answer = visitor.http.request(method, "/sse/stream", params={"topic": topic_of(visitor.user)})

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_another_site_gets_no_stream(visitor: live.Visitor) -> None:
    params = {"topic": topic_of(visitor.user)}

    answer = visitor.http.get("/sse/stream", params=params, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_a_removed_topic_says_gone(visitor: live.Visitor) -> None:
    job = _job_of(visitor.user)
    tell(job, 1)
    reader = visitor.watch(job, again=False)
    until(reader, 1)

    sse.remove(job)
    reader.finished()

    assert reader.told[-1].event == "bye"
    assert reader.told[-1].data["reason"] == "gone"


@pytest.mark.attack(1, 3)
def test_every_kind_of_text_arrives_whole(visitor: live.Visitor) -> None:
    topic = topic_of(visitor.user)
    texts = ["ä ö ü ß", "🥖🇦🇹", "\"'`", "<script>alert(1)</script>", "שלום", "a\u2028b\u2029c\u0085d", "=1+1",
             "x\ny\r\nz\rw", " : ", "", "\ufeffbom"]  # fmt: skip

    for text in texts:
        sse.publish(topic, "status", {"text": text})
    reader = visitor.watch(topic)
    until(reader, len(texts))
    reader.leave()

    assert [event["text"] for event in reader.ledger] == texts


def _killed(process: live.Process) -> None:
    process.kill()
    time.sleep(1)


@pytest.mark.attack(29)
def test_redis_killed_and_started_again_costs_nothing(site: live.Site) -> None:
    visitor = site.visitor()
    topic = topic_of(visitor.user)
    reader = visitor.watch(topic)
    tell(topic, 2)
    until(reader, 2)

    _killed(site.redis)
    tell(topic, 2, start=3)
    until(reader, 4)
    site.redis.start()
    live.wait_for(lambda: visitor.http.get("/health/ready").json()["status"] == "ready")
    tell(topic, 2, start=5)
    until(reader, 6)
    reader.leave()

    assert numbers(reader) == [1, 2, 3, 4, 5, 6]
    assert reader.statuses == [200]


def test_an_event_whose_publish_never_happened_is_found_in_the_rows(
    visitor: live.Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = topic_of(visitor.user)
    reader = visitor.watch(topic)
    tell(topic, 1)
    until(reader, 1)
    sent: Callable[..., bool] = lambda *args: False  # noqa: E731 - the process dies between commit and publish
    with monkeypatch.context() as patch:
        patch.setattr("sse.sender.send_all", sent)
        tell(topic, 1, start=2)

    tell(topic, 1, start=3)
    until(reader, 3)
    reader.leave()

    assert numbers(reader) == [1, 2, 3]


@pytest.mark.attack(25)
def test_stopping_the_server_ends_streams_with_bye_and_a_moment_to_come_back(site: live.Site) -> None:
    extra = live.web()
    extra.start()
    visitor = live.Visitor(extra.environment["URL"], live.new_user())
    readers = [visitor.watch(topic_of(visitor.user), again=False) for _ in range(8)]
    live.wait_for(lambda: all(reader.named("hello") for reader in readers))

    extra.stop()

    assert extra.process
    assert extra.process.returncode != -signal.SIGKILL  # it ended by itself
    byes = [reader.finished().named("bye")[0].data for reader in readers]
    assert {bye["reason"] for bye in byes} == {"drain"}
    assert len({bye["retry"] for bye in byes}) > 1
    assert "Traceback" not in extra.said()
