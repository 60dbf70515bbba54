"""The kit for tests of other features, in a transaction that never commits."""

import contextlib
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

import sse
from sse import testing, topics


def topic(user: User) -> str:
    return f"user:{user.pk}"


def test_what_is_published_in_a_block_is_captured_and_nothing_else(owner: User) -> None:
    sse.publish(topic(owner), "status", {"message": "before"})

    with testing.capture() as all, testing.capture("job:other") as some:
        sse.publish(topic(owner), "progress", {"progress": 10})
        sse.publish("job:other", "complete")
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            sse.publish(topic(owner), "progress", {"progress": 20})
            raise ZeroDivisionError

    assert all.types == ["progress", "complete"]
    assert all.data[0]["progress"] == 10
    assert [event["topic"] for event in some.data] == ["job:other"]


def test_a_reader_gets_what_was_stored_and_what_happens_meanwhile(owner: User) -> None:
    sse.publish(topic(owner), "status", {"message": "stored"})

    answer = testing.watch(
        owner, topic(owner), meanwhile=lambda: sse.publish(topic(owner), "status", {"message": "live"}), events=2
    )

    assert answer.status == 200
    assert answer.told[0].event == "hello"
    assert [event["message"] for event in answer.events] == ["stored", "live"]
    assert answer.cursor == "2"


def test_a_reader_comes_back_with_its_cursor_and_hears_the_end(owner: User) -> None:
    for number in range(3):
        sse.publish(topic(owner), "status", {"message": str(number)})
    sse.publish(topic(owner), "complete")

    rest = testing.watch(owner, topic(owner), last_event_id="2")
    over = testing.watch(owner, topic(owner), last_event_id="4")

    assert [event["seq"] for event in rest.events] == [3, 4]
    assert rest.told[-1].event == "bye"
    assert over.status == 204


def test_who_may_not_watch_is_told_so(owner: User, other: User) -> None:
    refused = testing.watch(other, topic(owner))
    unknown = testing.watch(None, topic(owner))

    assert (refused.status, unknown.status) == (404, 401)


def test_events_that_do_not_come_are_an_error_that_says_what_came(owner: User) -> None:
    def said(seconds: float) -> str:
        with pytest.raises(TimeoutError) as caught:
            testing.watch(owner, topic(owner), events=1, seconds=seconds)
        return str(caught.value)

    # A busy machine may take longer to say hello.
    assert any(re.match(r"0 of 1 events .*hello", said(seconds)) for seconds in (0.5, 5, 50))


def test_several_topics_and_text_of_every_kind(owner: User) -> None:
    said: dict[str, Any] = {"message": "a\nb\u2028c 🍞 </script>"}
    sse.publish(topic(owner), "status", said)

    answer = testing.watch(owner, topic(owner), events=1)

    assert answer.events[0]["message"] == said["message"]


def test_a_key_that_is_none_of_its_kind_is_not_found(owner: User, caplog: pytest.LogCaptureFixture) -> None:
    kinds = {"number": lambda user, key: User.objects.filter(pk=key).exists()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "_rules", topics._rules | kinds)
        odd = testing.watch(owner, "number:nope")
    unknown = testing.watch(owner, "ruleless:1")

    assert (odd.status, unknown.status) == (404, 404)
    assert odd.body == unknown.body
    assert "no @sse.topic('ruleless')" in caplog.text


def test_heartbeats_come_as_soon_as_the_clock_says_so(db: None, owner: User) -> None:
    clock = testing.Clock()

    answer = testing.watch(owner, topic(owner), clock=clock, meanwhile=lambda: clock.advance(46), until="heartbeat")

    assert 3 <= [told.event for told in answer.told].count("heartbeat") <= 5


def test_a_stream_ends_when_it_has_been_open_for_as_long_as_one_may_be(db: None, owner: User) -> None:
    clock = testing.Clock()

    answer = testing.watch(owner, topic(owner), clock=clock, meanwhile=lambda: clock.advance(330), until="bye")

    assert answer.told[-1].data["reason"] == "limit"


def test_who_may_watch_no_longer_is_found_by_the_next_look(db: None, owner: User) -> None:
    clock = testing.Clock()

    def forget() -> None:
        User.objects.filter(pk=owner.pk).update(is_active=False)  # nobody is told: no signal, no order
        clock.advance(46)

    answer = testing.watch(owner, topic(owner), clock=clock, meanwhile=forget, until="bye")

    assert answer.told[-1].data["reason"] == "signed_out"


def test_a_clock_that_rules_nothing_can_not_be_set_forward() -> None:
    with pytest.raises(RuntimeError, match="while watch"):
        testing.Clock().advance(1)
