"""Limits on streams and connects, in one process and several. Attacks 9 and 20."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import redis
from django_redis import get_redis_connection

from sse import ledger, limits, places
from tests import live

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def pair(site: live.Site) -> Iterator[list[live.Process]]:
    """Two web processes with a limit of five streams a user."""
    processes = [live.web(SSE_MAX_STREAMS_PER_USER="5") for _ in range(2)]
    for process in processes:
        process.start()
    yield processes
    for process in processes:
        process.stop()


class Open:
    """Streams held open."""

    def __init__(self) -> None:
        self.streams: list[tuple[httpx.Client, httpx.Response]] = []

    def connect(self, visitor: live.Visitor) -> httpx.Response:
        client = httpx.Client(base_url=visitor.url, cookies=visitor.cookies, timeout=live.PATIENCE_SECONDS)
        request = client.build_request("GET", "/sse/stream", params={"topic": f"user:{visitor.user.pk}"})
        answer = client.send(request, stream=True)
        if answer.status_code != 200:
            answer.read()
        self.streams.append((client, answer))
        return answer

    def close(self) -> None:
        for client, answer in self.streams:
            answer.close()
            client.close()
        self.streams.clear()


@pytest.fixture
def held() -> Iterator[Open]:
    streams = Open()
    yield streams
    streams.close()


def visitors(pair: list[live.Process]) -> list[live.Visitor]:
    """One user in both processes."""
    user = live.new_user()
    return [live.Visitor(process.environment["URL"], user) for process in pair]


@pytest.mark.attack(20)
def test_of_fifty_connects_at_once_exactly_five_get_a_stream(pair: list[live.Process], held: Open) -> None:
    def alone() -> int:
        return sum(process.said().count("limits hold for this process alone") for process in pair)

    def storm() -> list[httpx.Response]:
        held.close()
        both, before = visitors(pair), alone()
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(held.connect, [both[number % 2] for number in range(50)]))
        return answers if alone() == before else []  # on a busy machine Redis may answer too late to be counted on

    answers = live.wait_for(storm, what="fifty connects while Redis answers")

    statuses = [answer.status_code for answer in answers]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert (statuses.count(200), statuses.count(429)) == (5, 45)
    assert refused.json()["code"] == "too_many_streams"
    assert 1 <= int(refused.headers["retry-after"]) <= 5


def test_a_closed_stream_makes_room_in_the_other_process(pair: list[live.Process], held: Open) -> None:
    first, second = visitors(pair)
    for _ in range(5):
        assert held.connect(first).status_code == 200
    assert held.connect(second).status_code == 429

    client, answer = held.streams[0]
    answer.close()
    client.close()

    live.wait_for(lambda: held.connect(second).status_code == 200)


def test_another_user_is_not_concerned(pair: list[live.Process], held: Open) -> None:
    first, _ = visitors(pair)
    for _ in range(5):
        held.connect(first)

    assert held.connect(visitors(pair)[0]).status_code == 200


@pytest.mark.attack(20)
def test_what_a_killed_process_held_is_free_again(site: live.Site, pair: list[live.Process], held: Open) -> None:
    doomed = live.web(SSE_MAX_STREAMS_PER_USER="5").start()
    user = live.new_user()
    there, here = live.Visitor(doomed.environment["URL"], user), live.Visitor(pair[0].environment["URL"], user)
    for _ in range(5):
        assert held.connect(there).status_code == 200
    assert held.connect(here).status_code == 429

    doomed.kill()

    live.wait_for(lambda: held.connect(here).status_code == 200)


@pytest.mark.attack(20, 29)
def test_an_emptied_redis_is_told_again(site: live.Site, pair: list[live.Process], held: Open) -> None:
    from django_redis import get_redis_connection

    first, second = visitors(pair)
    for _ in range(5):
        held.connect(first)

    get_redis_connection("default").flushall()

    live.wait_for(lambda: _full(second, held), what="the limit to hold again")


def _full(visitor: live.Visitor, held: Open) -> bool:
    before = len(held.streams)
    full = held.connect(visitor).status_code == 429
    for client, answer in held.streams[before:]:
        answer.close()
        client.close()
    del held.streams[before:]
    return full


@pytest.mark.attack(20, 29)
def test_without_redis_each_process_counts_for_itself(site: live.Site, pair: list[live.Process], held: Open) -> None:
    first, second = visitors(pair)
    site.redis.kill()
    try:
        statuses = [held.connect(visitor).status_code for visitor in (first, second) for _ in range(6)]
    finally:
        site.redis.start()

    assert statuses == [200] * 5 + [429] + [200] * 5 + [429]


@pytest.mark.attack(9)
def test_who_connects_too_often_is_told_when_to_come_back(site: live.Site) -> None:
    limited = live.web(SSE_CONNECTS_PER_MINUTE_PER_USER="10").start()
    visitor = live.Visitor(limited.environment["URL"], live.new_user())
    params = {"topic": f"user:{visitor.user.pk}"}
    try:
        statuses: list[int] = []
        while 429 not in statuses:
            with visitor.http.stream("GET", "/sse/stream", params=params) as answer:
                statuses.append(answer.status_code)
                retry = answer.headers.get("retry-after")
    finally:
        limited.stop()

    assert statuses.count(200) >= 10  # the bucket fills while we ask
    assert 1 <= int(retry or 0) <= 6


def test_a_process_that_said_goodbye_is_not_counted_by_a_beat_that_was_under_way(redis_server: live.Process) -> None:
    here, user = limits.Limits(), f"gone-{uuid.uuid4().hex[:8]}"
    assert isinstance(here.take(user), places.Place)
    assert here.process in ledger.living()

    here.leave()
    here.beat()  # in its thread, a moment too late

    assert here.process not in ledger.living()


def test_what_a_late_command_wrote_is_written_over(redis_server: live.Process, monkeypatch: pytest.MonkeyPatch) -> None:
    here, user = limits.Limits(), f"late-{uuid.uuid4().hex[:8]}"
    client = get_redis_connection("default")
    name = f"sse:1:streams:{user}"

    def unanswered(user: str, *, total: int, held: int) -> tuple[str, int]:
        raise redis.TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(here._ledger, "take", unanswered)
        place = here.take(user)
    assert isinstance(place, places.Place)
    place.give_back()
    here.beat()
    client.hset(name, here.process, 1)  # carried out after all

    here.beat()

    assert not client.exists(name)
    here.leave()


def test_a_redis_that_does_not_answer_is_waited_for_once(
    redis_server: live.Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, user = limits.Limits(), f"unheard-{uuid.uuid4().hex[:8]}"
    name, asked = f"sse:1:streams:{user}", []

    def unanswered(user: str, *, total: int, held: int) -> tuple[str, int]:
        asked.append(user)
        raise redis.TimeoutError

    monkeypatch.setattr(limits, "REST_SECONDS", 60.0)  # for longer than a busy machine may hold a test up
    monkeypatch.setattr(here._ledger, "take", unanswered)
    taken = [here.take(user) for _ in range(5)]
    here.beat()

    assert asked == [user]
    assert get_redis_connection("default").hget(name, here.process) == b"5"
    for place in taken:
        assert isinstance(place, places.Place)
        place.give_back()
    here.beat()
    here.leave()
