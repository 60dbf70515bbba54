"""Streams that a token holds: they end with it, and with nothing less. Attacks 12 to 14."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import sse
from sse import tokens, watchers
from sse.models import Token
from sse.watchers import Watcher
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


def program(url: str, user: User | None = None, *scopes: str) -> tuple[live.Visitor, Token, str]:
    """Return who signs in with a token, the token, and its secret."""
    visitor = live.Visitor(url, user or live.new_user())
    token, secret = tokens.issue(user=visitor.user, name="program", scopes=scopes or ["watch"])
    return visitor.enter(secret), token, secret


def delete(token: Token) -> None:
    token.delete()


def deactivate(token: Token) -> None:
    token.user.is_active = False
    token.user.save()


def test_a_program_watches_with_a_token_and_comes_back_with_its_cursor(site: live.Site) -> None:
    visitor, _, _ = program(site.url)
    topic = topic_of(visitor.user)
    tell(topic, 3)

    reader = visitor.watch(topic, cursor="1")
    until(reader, 2)

    assert [event["seq"] for event in reader.ledger] == [2, 3]
    assert reader.statuses == [200]


@pytest.mark.attack(12)
@pytest.mark.parametrize("deed", [tokens.revoke, delete, deactivate])
def test_what_ends_a_token_ends_its_streams_everywhere_at_once(
    site: live.Site, elsewhere: live.Process, deed: Callable[[Token], object]
) -> None:
    here, token, secret = program(site.url)
    there = live.Visitor(elsewhere.environment["URL"], here.user).enter(secret)
    topic = topic_of(here.user)
    readers = [here.watch(topic), there.watch(topic)]
    live.wait_for(lambda: all(reader.named("hello") for reader in readers))

    deed(token)
    live.wait_for(lambda: all(reader.named("bye") for reader in readers))
    tell(topic, 1)
    for reader in readers:
        reader.finished()

    assert {reader.named("bye")[0].data["reason"] for reader in readers} == {"signed_out"}
    assert [reader.ledger for reader in readers] == [[], []]
    assert [reader.statuses for reader in readers] == [[200, 401], [200, 401]]


@pytest.mark.attack(12)
def test_an_order_that_was_lost_with_redis_is_made_good_when_redis_is_back(site: live.Site) -> None:
    visitor, token, _ = program(site.url)
    reader = visitor.watch(topic_of(visitor.user))
    live.wait_for(lambda: reader.named("hello"))

    site.redis.kill()
    tokens.revoke(token)
    site.redis.start()
    reader.finished()

    assert reader.statuses == [200, 401]
    assert reader.named("bye")[0].data["reason"] == "signed_out"


@pytest.mark.attack(13)
def test_a_stream_ends_at_the_moment_its_token_expires(site: live.Site) -> None:
    for seconds in (3, 12, 48):  # by then the stream has begun, also on a busy machine
        visitor, token, _ = program(site.url)
        expires = timezone.now() + timedelta(seconds=seconds)
        Token.objects.filter(pk=token.pk).update(expires=expires)
        reader = visitor.watch(topic_of(visitor.user)).finished(seconds=2 * live.PATIENCE_SECONDS)
        if reader.named("hello"):
            break

    assert reader.statuses == [200, 401]
    bye = reader.named("bye")[0]
    assert bye.data["reason"] == "signed_out"
    assert bye.at - time.monotonic() + time.time() - expires.timestamp() > -0.1


def test_other_streams_of_the_same_user_stay(site: live.Site) -> None:
    user = live.new_user()
    leaving, token, _ = program(site.url, user)
    staying, _, _ = program(site.url, user)
    browsing = live.Visitor(site.url, user)
    topic = topic_of(user)
    readers = [visitor.watch(topic) for visitor in (leaving, staying, browsing)]
    live.wait_for(lambda: all(reader.named("hello") for reader in readers))

    tokens.revoke(token)
    readers[0].finished()
    tell(topic, 1)
    for reader in readers[1:]:
        until(reader, 1)

    assert [reader.statuses for reader in readers] == [[200, 401], [200], [200]]


def test_another_password_and_a_sign_out_leave_a_program_alone(site: live.Site) -> None:
    visitor, _, _ = program(site.url)
    browser = live.Visitor(site.url, visitor.user)
    topic = topic_of(visitor.user)
    reader, beside = visitor.watch(topic), browser.watch(topic)
    live.wait_for(lambda: reader.named("hello") and beside.named("hello"))

    visitor.user.set_password("another")
    visitor.user.save()
    beside.finished()
    tell(topic, 1)
    until(reader, 1)

    assert (reader.statuses, beside.statuses) == ([200], [200, 401])


@pytest.mark.attack(12)
def test_a_token_may_watch_no_more_than_its_user(site: live.Site) -> None:
    visitor, _, _ = program(site.url)
    job = _job_of(visitor.user)
    reader = visitor.watch(job)
    live.wait_for(lambda: reader.named("hello"))

    Job.objects.filter(pk=job.removeprefix("job:")).update(owner=live.new_user())
    sse.recheck(topics=[job])
    reader.finished()

    assert reader.told[-1].data["reason"] == "gone"
    assert reader.statuses == [200, 404]


@pytest.mark.attack(14)
@pytest.mark.parametrize("name", ["token", "access_token", "bearer", "authorization", "Authorization"])
def test_a_token_in_the_address_signs_nobody_in(site: live.Site, name: str) -> None:
    visitor, _, secret = program(site.url, None, "watch", "read")
    for value in (secret, f"Bearer {secret}"):
        query = {name: value, "topic": topic_of(visitor.user)}

        assert live.get(f"{site.url}/sse/stream", params=query).status_code == 401
        assert live.get(f"{site.url}/api/jobs", params=query).status_code == 401


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic dXNlcjpzZWNyZXQ=", ""])
def test_a_bad_header_is_refused_though_the_session_is_good(site: live.Site, header: str) -> None:
    visitor = site.visitor()
    query = {"topic": topic_of(visitor.user)}

    for path in ("/sse/stream", "/api/jobs", f"/api/jobs/{UUID(int=7)}/events"):
        answer = visitor.http.get(path, params=query, headers={"Authorization": header})

        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert answer.json()["code"] == "invalid_token"


def test_a_token_for_something_else_watches_nothing_and_takes_no_place(site: live.Site) -> None:
    visitor, _, _ = program(site.url, None, "read", "write", "metrics")

    answer = visitor.http.get("/sse/stream", params={"topic": topic_of(visitor.user)})

    assert answer.status_code == 403
    assert (answer.json()["code"], answer.json()["scopes"]) == ("scope_missing", ["watch"])


@pytest.mark.parametrize("scope", ["watch", "read"])
def test_events_are_polled_with_a_token_to_watch_or_to_read(site: live.Site, scope: str) -> None:
    visitor, _, _ = program(site.url, None, scope)
    job = _job_of(visitor.user)
    tell(job, 2)

    assert [event["seq"] for event in visitor.events(job.removeprefix("job:"))] == [1, 2]


def test_events_are_not_polled_with_a_token_for_something_else(site: live.Site) -> None:
    visitor, _, _ = program(site.url, None, "write", "metrics")

    answer = visitor.http.get(f"/api/jobs/{UUID(int=7)}/events")

    assert (answer.status_code, answer.json()["scopes"]) == (403, ["watch", "read"])


def test_the_secret_is_in_no_log_of_the_server(site: live.Site) -> None:
    visitor, token, secret = program(site.url)
    reader = visitor.watch(topic_of(visitor.user))
    live.wait_for(lambda: reader.named("hello"))

    tokens.revoke(token)
    reader.finished()

    assert secret not in site.web.said()


def test_five_hundred_streams_are_looked_at_in_one_query_for_their_tokens(rows: None) -> None:
    user = live.new_user()
    made = [tokens.issue(user=user, name="n", scopes=["watch"])[0] for _ in range(5)]
    tokens.revoke(made[1])
    Token.objects.filter(pk=made[2].pk).update(expires=timezone.now())
    Token.objects.filter(pk=made[3].pk).update(scopes=["read"])
    gone = made[4].pk
    made[4].delete()
    keys = [*(token.pk for token in made[:4]), gone] * 100
    held = [(Watcher(user.pk, name="n", address="", token=key), [topic_of(user)]) for key in keys]

    with CaptureQueriesContext(connection) as queries:
        found = watchers.verdicts(held)

    assert found == [None, *["signed_out"] * 4] * 100
    assert sum("sse_token" in query["sql"] for query in queries) == 1
    assert not any("django_session" in query["sql"] for query in queries)


def test_the_program_in_the_documentation_reads_a_job_to_its_end(site: live.Site) -> None:
    visitor, _, secret = program(site.url)
    topic = _job_of(visitor.user)
    tell(topic, 3)
    sse.publish(topic, "complete", {"message": "Done."})
    page = (live.ROOT / "docs" / "how-to" / "programs.md").read_text()
    blocks = [part.split("```")[0] for part in page.split("```python\n")[1:]]
    names: dict[str, Any] = {"TOKEN": secret, "job": topic.removeprefix("job:"), "told": [], "polled": []}
    streaming = blocks[0].replace("https://example.org", site.url).replace("print(", "told.append((")
    polling = blocks[1].replace("print(", "polled.append((")

    for code in (streaming, polling):
        exec(code.replace('"))\n', '")))\n').replace('event["type"])\n', 'event["type"]))\n'), names)
    names["client"].close()

    assert [entry[:2] for entry in names["told"]] == [(1, "status"), (2, "status"), (3, "status"), (4, "complete")]
    assert names["polled"] == [(1, "status"), (2, "status"), (3, "status"), (4, "complete")]
