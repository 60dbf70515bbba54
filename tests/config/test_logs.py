"""Log lines: one record, one line, with the request's id; and never what was entrusted to us."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import sse
from config import logs
from sse import tokens, trace
from sse.models import Event
from strategies.models import Job
from tests import live, model_server
from tests.conftest import BRIEFS

KEY = "sk-test-of-the-logs"
MARK = "Zwetschgendatschi"
# What the model answers first, and what is no answer.
WRITTEN = "Kaiserschmarrn, and no object at all"


def record(message: str = "It happened", *args: object, level: int = logging.INFO, **extra: Any) -> logging.LogRecord:
    return logging.getLogger("sse.hub").makeRecord("sse.hub", level, __file__, 1, message, args, None, extra=extra)


def failed() -> logging.LogRecord:
    try:
        raise ValueError("as it\nwas")
    except ValueError:
        made = record("It failed", level=logging.ERROR)
        made.exc_info = sys.exc_info()
        return made


def test_a_line_says_when_who_and_what_and_for_which_request() -> None:
    with trace.within("abc-1"):
        line = logs.Line().format(record("stream %s", 7, fields={"reason": "done", "seconds": 1.5, "words": "a b"}))

    assert line.endswith(' INFO    sse.hub: stream 7 request_id=abc-1 reason=done seconds=1.500 words="a b"')
    assert line[:4].isdecimal()


def test_a_line_without_a_request_names_none() -> None:
    assert logs.Line().format(record()).endswith("sse.hub: It happened")


def test_what_somebody_sent_cannot_begin_a_line_of_its_own() -> None:
    line = logs.Line().format(record("dropped: %s", "x\n2026-01-01 ERROR forged\x1b[2J\u2028y", fields={"n": "a\nb"}))

    assert "\n" not in line
    assert "\x1b" not in line
    assert "\u2028" not in line


def test_a_traceback_follows_indented() -> None:
    first, *rest = logs.Line().format(failed()).split("\n")

    assert first.endswith("It failed")
    assert rest
    assert all(line.startswith("    ") for line in rest)


def test_json_is_one_object_on_one_line_with_the_same_facts() -> None:
    with trace.within("abc-1"):
        line = logs.Json().format(record("stream %s\n", 7, fields={"reason": "done", "at": object}))
    told = json.loads(line)

    assert "\n" not in line
    assert {name: told[name] for name in ("level", "logger", "message", "request_id", "reason")} == {
        "level": "INFO",
        "logger": "sse.hub",
        "message": "stream 7\n",
        "request_id": "abc-1",
        "reason": "done",
    }


def test_json_carries_the_traceback() -> None:
    told = json.loads(logs.Json().format(failed()))

    assert "ValueError" in told["error"]
    assert told["request_id"] is None


# --- a request, from the server's log to the events of its job ------------------------------------------------------


@pytest.fixture(scope="module")
def server(site: live.Site, redis_server: live.Process) -> Iterator[live.Site]:
    """A site that logs JSON, and writes with a model. Its worker is the only one, or another might take its jobs."""
    site.worker.stop()
    with model_server.running(script=[model_server.Turn(text=WRITTEN)] * 2) as provider:
        model = {"STRATEGIES_MODEL": "openai:test-model", "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": provider.url}
        with live.site(redis=redis_server, LOG_FORMAT="json", **model) as running:
            yield running
    site.worker.start()


def lines(process: live.Process) -> list[dict[str, Any]]:
    return [json.loads(line) for line in process.said().splitlines() if line.startswith("{")]


def about(process: live.Process, id: str) -> list[str]:
    return [line["message"] for line in lines(process) if line["request_id"] == id]


@pytest.mark.live
def test_a_request_is_followed_from_the_web_server_to_the_worker_and_to_the_events(server: live.Site) -> None:
    visitor = server.visitor()
    brief = json.loads((BRIEFS / "bakery.json").read_text())
    brief["name"], brief["brief"]["audience_pain_points"] = MARK, [MARK]
    strategy = visitor.create(brief)

    answer = visitor.http.post(
        f"/api/strategies/{strategy['id']}/jobs", json={"kind": "strategy"}, headers={"X-Request-ID": "follow-me.1"}
    )
    id = answer.raise_for_status().json()["id"]
    visitor.ended(id)

    assert answer.headers["X-Request-ID"] == "follow-me.1"
    assert Job.objects.get(pk=id).request == "follow-me.1"
    assert set(Event.objects.filter(topic__name=f"job:{id}").values_list("request", flat=True)) == {"follow-me.1"}
    assert f"job {id} was queued: strategy" in about(server.web, "follow-me.1")
    # Whether a section is missing hangs on which of them met the model's two bad answers.
    ended = {f"job {id} ended: succeeded", f"job {id} ended: partial"}
    live.wait_for(lambda: ended.intersection(about(server.worker, "follow-me.1")))
    assert f"job {id}: attempt 1 began" in about(server.worker, "follow-me.1")


@pytest.mark.live
def test_neither_keys_nor_briefs_nor_what_a_model_wrote_stand_in_a_log(server: live.Site) -> None:
    visitor = server.visitor()
    _, secret = tokens.issue(user=visitor.user, name="reader", scopes=["read"])
    brief = json.loads((BRIEFS / "bakery.json").read_text())
    brief["name"], brief["brief"]["audience_pain_points"] = MARK, [MARK]

    live.get(f"{server.url}/api/jobs", headers={"Authorization": f"Bearer {secret}"})
    visitor.ended(visitor.start(visitor.create(brief))["id"])

    said = server.web.said() + server.worker.said()
    assert "was queued" in said
    for kept in (KEY, MARK, secret, visitor.cookies["sessionid"], "Kaiserschmarrn"):
        assert kept not in said


@pytest.mark.live
def test_a_stream_tells_its_beginning_and_its_end_under_its_requests_id(server: live.Site) -> None:
    visitor = server.visitor()
    topic = f"user:{visitor.user.pk}"
    sse.publish(topic, "status", {})
    headers = {"X-Request-ID": "stream.1"}

    with httpx.stream(
        "GET",
        f"{server.url}/sse/stream?topic={topic}",
        cookies=visitor.cookies,
        headers=headers,
        timeout=live.PATIENCE_SECONDS,
    ) as answer:
        sse.publish(topic, "complete", {})
        answer.read()

    assert answer.headers["X-Request-ID"] == "stream.1"
    ended = live.wait_for(
        lambda: [one for one in lines(server.web) if one["request_id"] == "stream.1" and "ended" in one["message"]]
    )[0]
    assert "a stream opened" in about(server.web, "stream.1")
    assert (ended["reason"], ended["events"], ended["user"]) == ("done", 2, visitor.user.pk)
    assert ended["seconds"] > 0


@pytest.mark.live
def test_what_the_hub_does_for_all_bears_nobodys_id(server: live.Site, redis_server: live.Process) -> None:
    server.visitor().watch("user:0")

    connected = live.wait_for(lambda: [one for one in lines(server.web) if one["message"] == "connected to Redis"])

    assert {one["request_id"] for one in connected} == {None}


@pytest.mark.live
@pytest.mark.parametrize("sent", ["", "x" * 65, "a b", "é", "-x", "a;b"])
def test_an_id_that_is_none_is_replaced(server: live.Site, sent: str) -> None:
    answer = live.get(f"{server.url}/health/live", headers={b"X-Request-ID": sent.encode()})

    assert trace.VALID.fullmatch(answer.headers["X-Request-ID"])
    assert answer.headers["X-Request-ID"] != sent


@pytest.mark.live
def test_refusals_bear_an_id_too(server: live.Site) -> None:
    answer = live.get(f"{server.url}/sse/stream?topic=user:1", headers={"X-Request-ID": "refused"})

    assert answer.status_code == 401
    assert answer.headers["X-Request-ID"] == "refused"
