"""Topics that are somebody else's or nobody's, and permission that ends. Attacks 10 to 14."""

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_redis import get_redis_connection

import sse
from sse import topics
from strategies.models import Job, Strategy
from tests import live
from tests.sse.test_stream import _job_of, tell, topic_of


def job_of(user: User) -> Job:
    """A job that no worker takes."""
    strategy = Strategy.objects.create(owner=user, name="N", industry="I", brief={})
    return Job.objects.create(
        owner=user, strategy=strategy, kind="none", engine="none", status=Job.Status.SUCCEEDED, run_after=timezone.now()
    )


def queries_of(call: Callable[[], Any]) -> list[str]:
    """Return the statements that a call makes, without what they are about."""
    with CaptureQueriesContext(connection) as caught:
        call()
    hexadecimal = "0123456789abcdef-'"
    return ["".join(c for c in query["sql"] if c not in hexadecimal) for query in caught]


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    "guess", [str(uuid.UUID(int=7)), "not-an-id", "0" * 128, "..", "0B7E3C52-4F4B-4E0A-9C6B-1D2F3A4B5C6D"]
)
def test_asking_for_a_topic_of_somebody_else_costs_the_same_as_one_that_is_not_there(
    owner: User, other: User, guess: str
) -> None:
    theirs = job_of(other).topic
    sse.publish(theirs, "status")

    taken = queries_of(lambda: topics.permitted(owner, [theirs]))
    free = queries_of(lambda: topics.permitted(owner, [f"job:{guess}"]))

    assert not topics.permitted(owner, [theirs])
    assert not topics.permitted(owner, [f"job:{guess}"])
    assert taken == free
    assert len(taken) == 1


@pytest.mark.attack(10)
def test_it_takes_as_long_to_refuse_a_topic_of_somebody_else_as_one_that_is_not_there(owner: User, other: User) -> None:
    theirs, nobodys = job_of(other).topic, f"job:{uuid.uuid4()}"
    took: dict[str, list[int]] = {theirs: [], nobodys: []}

    for _ in range(150):  # by turns, and by the time that this thread has worked: nobody else's load is in it
        for name, times in took.items():
            began = time.thread_time_ns()
            topics.permitted(owner, [name])
            times.append(time.thread_time_ns() - began)

    first, second = (min(times) for times in took.values())
    assert 0.6 < first / second < 1.6  # a query more would be twice as much


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("get", "/api/jobs/{job}", None),
        ("get", "/api/strategies/{strategy}", None),
        ("get", "/api/strategies/{strategy}/document", None),
        ("post", "/api/jobs/{job}/cancel", None),
        ("post", "/api/jobs/{job}/retry", None),
        ("post", "/api/jobs/{job}/commands", {"command": "cancel"}),
        ("post", "/api/strategies/{strategy}/jobs", {"kind": "strategy"}),
        ("patch", "/api/strategies/{strategy}", {"name": "Mine"}),
        ("delete", "/api/strategies/{strategy}", None),
    ],
)
def test_the_api_tells_nothing_by_its_answer_or_its_queries(
    owner: User, other: User, verb: str, path: str, body: Any
) -> None:
    theirs = job_of(other)
    client = Client()
    client.force_login(owner)
    answers: list[Any] = []

    def ask(job: Any, strategy: Any) -> None:
        address = path.format(job=job, strategy=strategy)
        answers.append(getattr(client, verb)(address, body, content_type="application/json"))

    taken = queries_of(lambda: ask(theirs.pk, theirs.strategy_id))
    free = queries_of(lambda: ask(uuid.uuid4(), uuid.uuid4()))

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    headers = [{name: value for name, value in answer.headers.items() if name != "X-Request-ID"} for answer in answers]
    assert headers[0] == headers[1]
    assert taken == free


@pytest.mark.live
@pytest.mark.attack(11)
def test_what_users_type_never_becomes_a_pattern_in_redis(site: live.Site) -> None:
    visitor = site.visitor()
    client = get_redis_connection("default")
    mine = topic_of(visitor.user)
    asked = ["job:*", "*", "user:?", "user:[0-9]", "user:../1", "sse:1:all", "sse:1:topic:user:1", "a" * 10_000 + ":1",
             "user:1\n", "user:1 user:2", "USER:1", "ü:1", "user:", ":1"]  # fmt: skip

    for name in asked:
        assert visitor.http.get("/sse/stream", params={"topic": [mine, name]}).status_code == 400, name
    many = [f"job:{uuid.UUID(int=number)}" for number in range(1_000)]
    refused = visitor.http.get("/sse/stream", params={"topic": many})
    reader = visitor.watch(mine)
    live.wait_for(lambda: reader.named("hello"))

    assert refused.status_code == 400
    assert client.pubsub_numpat() == 0
    assert "cmdstat_psubscribe" not in client.info("commandstats")
    # The first stream of a process is greeted before its hub has connected.
    live.wait_for(lambda: f"sse:1:topic:{mine}".encode() in client.pubsub_channels())
    channels = {channel.decode() for channel in client.pubsub_channels()}
    assert all(name.isascii() and "*" not in name for name in channels)


@pytest.mark.live
@pytest.mark.attack(11)
def test_twenty_topics_are_a_stream_and_twenty_one_are_refused(site: live.Site) -> None:
    visitor = site.visitor()
    names = [_job_of(visitor.user) for _ in range(21)]

    for count, status in ((20, 200), (21, 400)):
        with visitor.http.stream("GET", "/sse/stream", params={"topic": names[:count]}) as answer:
            assert answer.status_code == status


@pytest.fixture(scope="module")
def quick(site: live.Site) -> Iterator[live.Process]:
    """A server that looks again each second who may watch what, whatever it was told: the net, which is 45 s wide."""
    process = live.web(TEST_RECHECK_SECONDS="1").start()
    yield process
    process.stop()


def expire(visitor: live.Visitor) -> None:
    Session.objects.filter(pk=visitor.cookies["sessionid"]).update(expire_date="2020-01-01T00:00Z")


def end_untold(visitor: live.Visitor) -> None:
    Session.objects.filter(pk=visitor.cookies["sessionid"]).delete()


def deactivate_untold(visitor: live.Visitor) -> None:
    User.objects.filter(pk=visitor.user.pk).update(is_active=False)


def change_password_untold(visitor: live.Visitor) -> None:
    visitor.user.set_password("another")
    User.objects.filter(pk=visitor.user.pk).update(password=visitor.user.password)


@pytest.mark.live
@pytest.mark.attack(12, 13)
def test_what_nobody_tells_of_is_found_by_the_next_look(quick: live.Process) -> None:
    deeds = (expire, end_untold, deactivate_untold, change_password_untold)
    visitors = [live.Visitor(quick.environment["URL"], live.new_user()) for _ in deeds]
    readers = [visitor.watch(topic_of(visitor.user)) for visitor in visitors]
    live.wait_for(lambda: all(reader.named("hello") for reader in readers))

    for deed, visitor in zip(deeds, visitors, strict=True):
        deed(visitor)  # not by a signal: by SQL, as a script or another program would
    for reader in readers:
        reader.finished()
    for visitor in visitors:
        tell(topic_of(visitor.user), 1)

    assert [reader.named("bye")[0].data["reason"] for reader in readers] == ["signed_out"] * 4
    assert [reader.ledger for reader in readers] == [[]] * 4
    assert [reader.statuses for reader in readers] == [[200, 401]] * 4


@pytest.mark.live
@pytest.mark.attack(12)
def test_a_job_that_changed_hands_untold_is_found_by_the_next_look(quick: live.Process) -> None:
    visitor = live.Visitor(quick.environment["URL"], live.new_user())
    job = _job_of(visitor.user)
    reader = visitor.watch(job)
    live.wait_for(lambda: reader.named("hello"))

    Job.objects.filter(pk=job.removeprefix("job:")).update(owner=live.new_user())
    reader.finished()

    assert reader.named("bye")[0].data["reason"] == "gone"
    assert reader.statuses == [200, 404]


@pytest.mark.live
@pytest.mark.attack(12)
def test_signing_out_on_the_page_of_another_tab_ends_the_stream(site: live.Site) -> None:
    visitor = site.visitor()
    reader = visitor.watch(topic_of(visitor.user))
    live.wait_for(lambda: reader.named("hello"))

    assert visitor.http.post("/accounts/logout/").status_code == 302
    reader.finished()
    tell(topic_of(visitor.user), 1)

    assert reader.named("bye")[0].data["reason"] == "signed_out"
    assert reader.ledger == []


@pytest.mark.live
@pytest.mark.attack(13)
def test_who_comes_back_without_a_session_gets_401_as_json_and_no_page(site: live.Site) -> None:
    visitor = site.visitor()
    expire(visitor)

    answer = visitor.http.get("/sse/stream", params={"topic": topic_of(visitor.user)})

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "location" not in answer.headers
    assert "www-authenticate" not in answer.headers or "Basic" not in answer.headers["www-authenticate"]


@pytest.mark.live
@pytest.mark.attack(14)
@pytest.mark.parametrize("name", ["token", "access_token", "authorization", "bearer", "sessionid", "key"])
def test_what_signs_in_is_not_taken_from_the_address(site: live.Site, name: str) -> None:
    visitor = site.visitor()
    query = {name: visitor.cookies["sessionid"], "topic": topic_of(visitor.user)}

    assert live.get(f"{site.url}/sse/stream", params=query).status_code == 401
    assert live.get(f"{site.url}/api/jobs", params=query).status_code == 401
