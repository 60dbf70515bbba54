"""Polling any topic at ``/sse/events``, and beginning a stream where a page was rendered."""

import threading
import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

import sse
from tests import live


@pytest.fixture
def visitor(site: live.Site) -> live.Visitor:
    return site.visitor()


def poll(visitor: live.Visitor, **params: Any) -> Any:
    return visitor.http.get("/sse/events", params={"topic": f"user:{visitor.user.pk}", **params})


def tell(visitor: live.Visitor, number: int) -> None:
    sse.publish(f"user:{visitor.user.pk}", "status", {"n": number})
    connections.close_all()


@pytest.mark.live
def test_it_has_the_events_of_the_stream_past_the_cursor(visitor: live.Visitor) -> None:
    for number in (1, 2, 3):
        tell(visitor, number)
    reader = visitor.watch(f"user:{visitor.user.pk}", cursor="1")
    live.wait_for(lambda: len(reader.ledger) == 2)
    reader.leave()

    answer = poll(visitor, after="1")

    assert answer.json() == {"events": reader.ledger, "cursor": "3", "final": False, "more": False}
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.live
def test_with_a_wait_it_answers_with_the_first_event(visitor: live.Visitor) -> None:
    later = threading.Timer(1.0, tell, [visitor, 1])
    later.start()

    page = poll(visitor, wait=20).json()
    later.join()

    assert [event["n"] for event in page["events"]] == [1]


@pytest.mark.live
def test_what_it_has_already_is_no_news(visitor: live.Visitor) -> None:
    tell(visitor, 1)
    began = time.monotonic()

    page = poll(visitor, after="1", wait=2).json()

    assert page == {"events": [], "cursor": "1", "final": False, "more": False}
    assert time.monotonic() - began >= 2


@pytest.mark.live
def test_news_wakes_who_had_something_before(visitor: live.Visitor) -> None:
    tell(visitor, 1)
    later = threading.Timer(1.0, tell, [visitor, 2])
    later.start()

    page = poll(visitor, after="1", wait=20).json()
    later.join()

    assert [event["n"] for event in page["events"]] == [2]


@pytest.mark.live
def test_a_cursor_that_cannot_be_honoured_is_told_as_a_reset(visitor: live.Visitor) -> None:
    tell(visitor, 1)

    page = poll(visitor, after="seven").json()

    assert page["reset"] == {"topic": f"user:{visitor.user.pk}", "reason": "unreadable", "cursor": "0"}
    assert [event["n"] for event in page["events"]] == [1]


@pytest.mark.live
def test_who_polls_needs_a_right_to_watch(site: live.Site, visitor: live.Visitor) -> None:
    stranger = live.get(f"{site.url}/sse/events?topic=user:{visitor.user.pk}")
    other = poll(site.visitor(), topic=f"user:{visitor.user.pk}")
    nowhere = poll(visitor, topic="nothing:1")

    assert (stranger.status_code, stranger.json()["code"]) == (401, "not_signed_in")
    assert (other.status_code, nowhere.status_code) == (404, 404)
    assert other.json() == nowhere.json()


@pytest.mark.live
@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"topic": ""}, "bad_topics"),
        ({"topic": "job"}, "bad_topics"),
        ({"topic": ["user:1", "user:2"]}, "bad_topics"),
        ({"wait": "soon"}, "bad_wait"),
        ({"wait": "-1"}, "bad_wait"),
        ({"wait": "nan"}, "bad_wait"),
    ],
)
def test_what_is_no_question_is_refused_with_what_is_one(visitor: live.Visitor, params: Any, code: str) -> None:
    answer = poll(visitor, **params)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_it_is_read_with_get_and_writes_nothing(client: Client, owner: User) -> None:
    client.force_login(owner)

    answer = client.post(f"/sse/events?topic=user:{owner.pk}")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.live
def test_a_wsgi_server_polls_without_waiting(rows: None) -> None:
    owner, client = live.new_user(), Client()
    client.force_login(owner)
    sse.publish(f"user:{owner.pk}", "status", {"n": 1})

    had = client.get(f"/sse/events?topic=user:{owner.pk}").json()
    nothing = client.get(f"/sse/events?topic=user:{owner.pk}&after=1&wait=25").json()

    assert [event["n"] for event in had["events"]] == [1]
    assert nothing == {"events": [], "cursor": "1", "final": False, "more": False}


def test_a_page_asks_where_its_stream_begins(owner: User) -> None:
    sse.publish(f"user:{owner.pk}", "status")
    sse.publish(f"user:{owner.pk}", "status")

    assert sse.cursor_of(f"user:{owner.pk}") == "2"
    assert sse.cursor_of("import:7") == "0"
    assert sse.cursor_of(f"user:{owner.pk}", "import:7") == f"user:{owner.pk}=2,import:7=0"


@pytest.mark.parametrize("names", [(), ("import",), ("import:7", "import 8")])
def test_a_cursor_is_one_of_topics(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="topic"):
        sse.cursor_of(*names)
