"""Orders to all processes: what ends streams at once, messages, hanging up. Attacks 12 and 13."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django_redis import get_redis_connection

import sse
from sse import channels
from strategies.models import Job
from tests import live
from tests.sse.test_stream import _job_of, tell, topic_of, until

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def elsewhere(site: live.Site) -> Iterator[live.Process]:
    """A second web process."""
    process = live.web(**live.TOLD).start()
    yield process
    process.stop()


def sign_out(visitor: live.Visitor) -> None:
    SessionStore(visitor.cookies["sessionid"]).flush()


def deactivate(visitor: live.Visitor) -> None:
    visitor.user.is_active = False
    visitor.user.save()


def change_password(visitor: live.Visitor) -> None:
    visitor.user.set_password("another")
    visitor.user.save()


@pytest.mark.attack(12)
@pytest.mark.parametrize("deed", [sign_out, deactivate, change_password])
def test_what_ends_a_session_ends_its_streams_everywhere_at_once(
    site: live.Site, elsewhere: live.Process, deed: Callable[[live.Visitor], None]
) -> None:
    visitor = site.visitor()
    there = live.Visitor(elsewhere.environment["URL"], visitor.user)
    there.cookies = visitor.cookies
    topic = topic_of(visitor.user)
    readers = [visitor.watch(topic), there.watch(topic)]
    live.wait_for(lambda: all(reader.named("hello") for reader in readers))

    deed(visitor)
    live.wait_for(lambda: all(reader.named("bye") for reader in readers))
    tell(topic, 1)
    for reader in readers:
        reader.finished()

    assert {reader.named("bye")[0].data["reason"] for reader in readers} == {"signed_out"}
    assert [reader.ledger for reader in readers] == [[], []]
    assert [reader.statuses for reader in readers] == [[200, 401], [200, 401]]


def test_a_sign_out_that_a_process_could_not_hear_ends_its_streams_when_it_hears_again(site: live.Site) -> None:
    visitor = site.visitor()
    reader = visitor.watch(topic_of(visitor.user))
    live.wait_for(lambda: reader.named("hello"))

    Session.objects.filter(pk=visitor.cookies["sessionid"])._raw_delete("default")  # as if its order was lost
    get_redis_connection("default").client_kill_filter(_type="pubsub")
    live.wait_for(lambda: reader.named("bye"))
    reader.finished()

    assert reader.told[-1].data["reason"] == "signed_out"
    assert reader.statuses == [200, 401]


def test_another_session_of_the_same_user_stays(site: live.Site) -> None:
    first = site.visitor()
    second = live.Visitor(site.url, first.user)
    topic = topic_of(first.user)
    leaving, staying = first.watch(topic), second.watch(topic)
    live.wait_for(lambda: leaving.named("hello") and staying.named("hello"))

    sign_out(first)
    leaving.finished()
    tell(topic, 1)
    until(staying, 1)

    assert staying.statuses == [200]


@pytest.mark.attack(12)
def test_a_recheck_ends_what_may_be_watched_no_longer(site: live.Site) -> None:
    visitor = site.visitor()
    job = _job_of(visitor.user)
    reader, beside = visitor.watch(job), visitor.watch(topic_of(visitor.user))
    live.wait_for(lambda: reader.named("hello") and beside.named("hello"))

    Job.objects.filter(pk=job.removeprefix("job:")).update(owner=live.new_user())
    sse.recheck(topics=[job])
    reader.finished()

    assert reader.told[-1].data["reason"] == "gone"
    assert reader.statuses == [200, 404]
    assert beside.statuses == [200]


@pytest.mark.attack(13)
def test_an_expired_session_is_found_by_the_next_recheck(site: live.Site) -> None:
    visitor = site.visitor()
    reader = visitor.watch(topic_of(visitor.user))
    live.wait_for(lambda: reader.named("hello"))

    Session.objects.filter(pk=visitor.cookies["sessionid"]).update(expire_date="2020-01-01T00:00Z")
    sse.recheck(users=[visitor.user])
    reader.finished()

    assert reader.told[-1].data["reason"] == "signed_out"
    assert reader.statuses == [200, 401]


def test_a_recheck_leaves_alone_what_is_still_right(site: live.Site) -> None:
    visitor = site.visitor()
    topic = topic_of(visitor.user)
    reader = visitor.watch(topic)
    live.wait_for(lambda: reader.named("hello"))

    sse.recheck()
    tell(topic, 1)
    until(reader, 1)

    assert reader.statuses == [200]


def test_a_message_reaches_those_it_names_and_nobody_else(site: live.Site, elsewhere: live.Process) -> None:
    here, other = site.visitor(), site.visitor()
    there = live.Visitor(elsewhere.environment["URL"], live.new_user())
    group = Group.objects.create(name=f"group-{there.user.pk}")
    there.user.groups.add(group)
    readers = {name: v.watch(topic_of(v.user)) for name, v in (("here", here), ("other", other), ("there", there))}
    live.wait_for(lambda: all(reader.named("hello") for reader in readers.values()))

    sse.broadcast({"message": "to one user"}, users=[here.user])
    sse.broadcast("to a group", groups=[group.name])
    sse.broadcast({"message": "to a topic", "level": "warning"}, topics=[topic_of(other.user)])
    sse.broadcast("to all")
    live.wait_for(lambda: all(len(reader.named("message")) == 2 for reader in readers.values()))

    heard = {name: [told.data["text"] for told in reader.named("message")] for name, reader in readers.items()}
    assert heard == {
        "here": ["to one user", "to all"],
        "there": ["to a group", "to all"],
        "other": ["to a topic", "to all"],
    }
    assert readers["other"].named("message")[0].data["level"] == "warning"
    assert all(told.id is None for reader in readers.values() for told in reader.named("message"))


def test_one_connection_is_told_and_hung_up_by_its_id(site: live.Site, elsewhere: live.Process) -> None:
    visitor = live.Visitor(elsewhere.environment["URL"], live.new_user())
    reader, beside = (visitor.watch(topic_of(visitor.user), again=False) for _ in range(2))
    live.wait_for(lambda: reader.named("hello") and beside.named("hello"))
    id = reader.named("hello")[0].data["id"]

    sse.send(id, {"message": "you"})
    sse.close(id, reason="maintenance")
    reader.finished()

    assert [told.event for told in reader.told[-2:]] == ["message", "bye"]
    assert reader.told[-1].data["reason"] == "maintenance"
    assert beside.is_alive()
    assert not beside.named("message")


@pytest.fixture
def orders_given(rows: None) -> Iterator[list[bytes]]:
    """The orders that were put on the channel during a test."""
    given: list[bytes] = []
    pubsub = get_redis_connection("default").pubsub(ignore_subscribe_messages=True)
    pubsub.subscribe(channels.EVERYBODY)
    live.wait_for(lambda: pubsub.get_message(timeout=0.1) is None)
    yield given
    sse.broadcast("the last", users=[])
    while not given or b"the last" not in given[-1]:
        if found := pubsub.get_message(timeout=1):
            given.append(found["data"])
    given.pop()
    pubsub.close()
    assert not [order for order in given if b'"tell"' in order or b'"close"' in order]


TOO_LARGE = {"message": "y" * 70_000}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "message"),
        ({"level": "info"}, "message"),
        ({"message": 1}, "message"),
        (7, "message"),
        ({"message": "a", "level": "loud"}, "debug, info, success, warning, error"),
        ({"message": "a", "level": ["info"]}, "the levels are"),
        ({"message": "a", "seq": 7}, "seq cannot be given"),
        ({"message": "a", "type": "progress", "retry": 0}, "retry, type cannot"),
        ({"message": "a", "n": float("nan")}, "JSON"),
        ({"message": "a", "n": object()}, "JSON"),
        ({"message": "half an emoji: \ud83d"}, "UTF-8"),
        (TOO_LARGE, "SSE_MAX_EVENT_BYTES"),
    ],
)
def test_what_cannot_be_a_message_is_refused_and_nobody_is_told(
    site: live.Site, orders_given: list[bytes], data: Any, said: str
) -> None:
    for tell_somebody in (sse.broadcast, functools.partial(sse.send, "1" * 32)):
        with pytest.raises(ValueError, match=said):
            tell_somebody(data)


@pytest.mark.parametrize("reason", ["", "a\nb", "a\u202eb", "x" * 101, None, 7])
def test_a_reason_that_is_no_line_of_text_is_refused_and_nobody_is_hung_up(
    site: live.Site, orders_given: list[bytes], reason: Any
) -> None:
    with pytest.raises(ValueError, match="1 to 100 printable"):
        sse.close("1" * 32, reason=reason)


@pytest.mark.parametrize("id", ["", None, 7, "x" * 65, "a\n"])
def test_what_is_no_id_is_refused(site: live.Site, orders_given: list[bytes], id: Any) -> None:
    with pytest.raises(ValueError, match="id"):
        sse.send(id, "hello")
    with pytest.raises(ValueError, match="id"):
        sse.close([id])


@pytest.mark.parametrize("whom", [{"topics": "user:1"}, {"topics": ["user 1"]}, {"groups": "staff"}, {"users": "12"}])
def test_a_lone_name_or_one_that_nothing_has_is_refused(
    site: live.Site, orders_given: list[bytes], whom: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="is"):
        sse.broadcast("hello", **whom)


def test_to_tell_or_hang_up_nobody_does_nothing(site: live.Site) -> None:
    visitor = site.visitor()
    reader = visitor.watch(topic_of(visitor.user))
    live.wait_for(lambda: reader.named("hello"))

    sse.send("0" * 32, "nobody")
    sse.close("0" * 32)
    sse.close([])
    sse.send(reader.named("hello")[0].data["id"], "you")
    live.wait_for(lambda: reader.named("message"))

    assert [told.data["text"] for told in reader.named("message")] == ["you"]
    assert reader.statuses == [200]
