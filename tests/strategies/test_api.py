"""The API, over real HTTP, from the real project."""

import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

import sse
from sse.models import Event
from strategies.models import Job, Strategy
from tests import live
from tests.conftest import BRIEFS

pytestmark = pytest.mark.live

NAMES = ("analytics-saas", "bakery", "pumpen")


def brief(name: str = "bakery") -> dict[str, Any]:
    return json.loads((BRIEFS / f"{name}.json").read_text())  # type: ignore[no-any-return]


@pytest.fixture
def visitor(site: live.Site) -> live.Visitor:
    return site.visitor()


@pytest.fixture
def strategy(visitor: live.Visitor) -> dict[str, Any]:
    return visitor.create(brief())


def waiting(visitor: live.Visitor) -> Job:
    """A job that no worker takes yet."""
    later = timezone.now() + timedelta(hours=1)
    return Job.objects.create(owner=visitor.user, kind="toy", engine="offline", run_after=later, weights=[0.2] * 5)


# --- the whole way -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_brief_becomes_a_document_and_stream_and_polling_tell_the_same(visitor: live.Visitor, name: str) -> None:
    strategy = visitor.create(brief(name))
    job = visitor.start(strategy)
    reader = visitor.watch(f"job:{job['id']}").finished()
    ended = visitor.ended(job["id"])
    polled = visitor.events(job["id"])
    rest = visitor.watch(f"job:{job['id']}", cursor="9").finished()

    assert ended["status"] == "succeeded"
    assert reader.ledger == polled
    assert [event["seq"] for event in polled] == list(range(1, len(polled) + 1))
    percents = [event["progress"] for event in polled if "progress" in event]
    assert percents == sorted(percents)
    assert [event.get("final", False) for event in polled].count(True) == 1
    assert polled[-1]["type"] == "complete"
    assert rest.ledger == polled[9:]
    document = visitor.http.get(f"/api/strategies/{strategy['id']}/document").json()
    assert [section["status"] for section in document["document"]["sections"]] == ["ready"] * 5


def test_each_step_begins_teaches_and_ends(visitor: live.Visitor) -> None:
    job = visitor.start(visitor.create(brief()))
    visitor.ended(job["id"])

    events = visitor.events(job["id"])

    steps = [event["step_key"] for event in events if event["type"] == "educational" and event["phase"] == "running"]
    assert steps == [step["key"] for step in visitor.job(job["id"])["steps"]]
    assert [event["type"] for event in events[2:6]] == ["progress", "educational", "progress", "educational"]


def test_every_kind_of_text_arrives_whole(visitor: live.Visitor) -> None:
    hostile = "Ü 🥖 \"'`<b>&amp; שלום \u2028 =1+1"
    sent = brief()
    sent["name"] = hostile
    sent["brief"]["business_objectives"] = [hostile]

    strategy = visitor.create(sent)
    job = visitor.start(strategy)
    visitor.ended(job["id"])

    assert visitor.http.get(f"/api/strategies/{strategy['id']}").json()["name"] == hostile
    assert Strategy.objects.get(pk=strategy["id"]).brief["business_objectives"] == [hostile]
    assert hostile in json.dumps(
        visitor.http.get(f"/api/strategies/{strategy['id']}/document").json(), ensure_ascii=False
    ).replace('\\"', '"')


def test_numbers_as_people_type_them(visitor: live.Visitor) -> None:
    strategy = visitor.create(brief("pumpen"))

    assert strategy["brief"]["content_budget"]["amount"] == 2500
    assert strategy["brief"]["market_share"] == 4


# --- bad input ---------------------------------------------------------------------------------------------------------


def test_a_bad_brief_names_every_field_and_stores_nothing(visitor: live.Visitor) -> None:
    bad = {"name": "", "industry": "x", "brief": {"content_frequency": "Hourly", "team_size": "many", "nonsense": 1}}

    answer = visitor.http.post("/api/strategies", json=bad)

    problem = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["code"] == "invalid"
    named = {"name", "brief.content_frequency", "brief.team_size", "brief.nonsense", "brief.brand_voice"}
    assert named <= set(problem["errors"])
    assert "Bi-weekly" in problem["errors"]["brief.content_frequency"][0]
    assert not Strategy.objects.filter(owner=visitor.user).exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"1", b"null", b'{"name": NaN}', b"{", b'{"name":"a","name":"b"}', b"[" * 5_000, b"\xff"]
)
def test_a_body_that_is_no_strategy_is_refused(visitor: live.Visitor, body: bytes) -> None:
    answer = visitor.http.post("/api/strategies", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_a_megabyte_is_413(visitor: live.Visitor, chunked: bool) -> None:
    body = b'{"name":"' + b"x" * 1_100_000 + b'"}'
    content: Any = iter([body]) if chunked else body

    answer = visitor.http.post("/api/strategies", content=content, headers={"Content-Type": "application/json"})

    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_an_unknown_kind_lists_the_kinds(visitor: live.Visitor, strategy: dict[str, Any]) -> None:
    answer = visitor.http.post(f"/api/strategies/{strategy['id']}/jobs", json={"kind": "magic"})

    assert answer.status_code == 422
    assert "strategy" in answer.json()["detail"]


@pytest.mark.parametrize("body", [{}, {"kind": 1}, [], "strategy", {"kind": "strategy", "speed": 9}])
def test_a_start_that_names_no_kind_is_refused(visitor: live.Visitor, strategy: dict[str, Any], body: Any) -> None:
    answer = visitor.http.post(f"/api/strategies/{strategy['id']}/jobs", json=body)

    assert answer.status_code == 422
    assert not Job.objects.filter(strategy=strategy["id"]).exists()


@pytest.mark.attack(6)
@pytest.mark.parametrize("after", ["-1", "abc", "9999", "٣", "7" * 5000])
def test_an_unreadable_cursor_is_a_reset_with_all_events(visitor: live.Visitor, after: str) -> None:
    job = visitor.start(visitor.create(brief()))
    visitor.ended(job["id"])

    page = visitor.http.get(f"/api/jobs/{job['id']}/events", params={"after": after}).json()

    assert page["reset"]["cursor"] == "0"
    assert page["events"] == visitor.events(job["id"])


# --- who may what ------------------------------------------------------------------------------------------------------


@pytest.mark.attack(10)
def test_another_users_things_do_not_exist(site: live.Site, visitor: live.Visitor, strategy: dict[str, Any]) -> None:
    job = visitor.start(strategy)
    stranger = site.visitor().http
    nothing = "00000000-0000-4000-8000-000000000000"

    pairs = [
        (f"/api/jobs/{job['id']}", f"/api/jobs/{nothing}"),
        (f"/api/jobs/{job['id']}/events", f"/api/jobs/{nothing}/events"),
        (f"/sse/stream?topic=job:{job['id']}", f"/sse/stream?topic=job:{nothing}"),
        (f"/api/strategies/{strategy['id']}", f"/api/strategies/{nothing}"),
        (f"/api/strategies/{strategy['id']}/document", f"/api/strategies/{nothing}/document"),
        (f"/jobs/{job['id']}/", f"/jobs/{nothing}/"),
        (f"/strategies/{strategy['id']}/", f"/strategies/{nothing}/"),
    ]
    for theirs, nobodys in pairs:
        first, second = stranger.get(theirs), stranger.get(nobodys)
        assert (first.status_code, second.status_code) == (404, 404), theirs
    for verb in ("cancel", "retry"):
        assert stranger.post(f"/api/jobs/{job['id']}/{verb}").status_code == 404
    assert stranger.delete(f"/api/strategies/{strategy['id']}").status_code == 404
    assert stranger.post(f"/api/strategies/{strategy['id']}/jobs", json={"kind": "strategy"}).status_code == 404


def test_who_is_not_signed_in_gets_401_as_problem_json(site: live.Site) -> None:
    for path in ("/api/jobs", "/api/strategies", "/api/jobs/x/events"):
        answer = live.get(site.url + path)
        assert answer.status_code == 401, path
        assert answer.json()["code"] == "not_signed_in"


@pytest.mark.attack(15)
def test_a_write_without_csrf_token_is_403(visitor: live.Visitor) -> None:
    answer = visitor.http.post("/api/strategies", json=brief(), headers={"X-CSRFToken": ""})

    assert answer.status_code == 403
    assert answer.json()["code"] == "csrf"
    assert not Strategy.objects.filter(owner=visitor.user).exists()


def test_every_answer_carries_a_strict_policy(site: live.Site, visitor: live.Visitor) -> None:
    pages = ("/", "/nowhere", "/accounts/login/", "/admin/login/", "/static/strategies/style.css")
    for path in (*pages, "/api/strategies", "/api/openapi.json", "/api/docs", "/health/live"):
        policy = visitor.http.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy


# --- jobs --------------------------------------------------------------------------------------------------------------


def test_a_second_start_returns_the_running_job(visitor: live.Visitor, strategy: dict[str, Any]) -> None:
    path = f"/api/strategies/{strategy['id']}/jobs"
    held = Job.objects.create(
        owner=visitor.user, strategy_id=strategy["id"], kind="strategy", engine="offline", weights=[1],
        run_after="2100-01-01T00:00Z",
    )  # fmt: skip

    answer = visitor.http.post(path, json={"kind": "strategy"})

    assert answer.status_code == 200
    assert answer.json()["id"] == str(held.pk)


def test_an_idempotency_key_starts_one_job(visitor: live.Visitor, strategy: dict[str, Any]) -> None:
    path = f"/api/strategies/{strategy['id']}/jobs"
    headers = {"Idempotency-Key": "the-same"}

    first = visitor.http.post(path, json={"kind": "strategy"}, headers=headers)
    visitor.ended(first.json()["id"])
    second = visitor.http.post(path, json={"kind": "strategy"}, headers=headers)

    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["id"] == second.json()["id"]


def test_a_snapshot_that_has_not_changed_is_304(visitor: live.Visitor) -> None:
    job = visitor.start(visitor.create(brief()))
    visitor.ended(job["id"])
    first = visitor.http.get(f"/api/jobs/{job['id']}")

    second = visitor.http.get(f"/api/jobs/{job['id']}", headers={"If-None-Match": first.headers["etag"]})

    assert second.status_code == 304
    assert second.content == b""


def test_cancel_ends_a_job_and_a_second_one_is_409(visitor: live.Visitor) -> None:
    job = waiting(visitor)

    first = visitor.http.post(f"/api/jobs/{job.pk}/cancel")
    second = visitor.http.post(f"/api/jobs/{job.pk}/cancel")

    assert (first.status_code, first.json()["status"]) == (202, "cancelled")
    assert (second.status_code, second.json()["code"]) == (409, "not_cancellable")
    assert Event.objects.filter(topic__name=job.topic).last().data["final"] is True  # type: ignore[union-attr]


def test_retry_answers_with_a_new_job(visitor: live.Visitor) -> None:
    job = waiting(visitor)
    visitor.http.post(f"/api/jobs/{job.pk}/cancel")

    new = visitor.http.post(f"/api/jobs/{job.pk}/retry")

    assert new.status_code == 202
    assert new.json()["retry_of"] == str(job.pk)
    assert visitor.job(str(job.pk))["retried_by"] == new.json()["id"]
    assert visitor.job(str(job.pk))["status"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "status"),
    [({"command": "dance"}, 422), ({}, 422), ([], 422), ({"command": ["cancel"]}, 422),
     ({"command": "cancel", "x": 1}, 422), ({"command": "x" * 5000}, 413), ({"command": "cancel"}, 202)],
)  # fmt: skip
def test_a_command_is_one_of_two(visitor: live.Visitor, body: Any, status: int) -> None:
    job = waiting(visitor)

    answer = visitor.http.post(f"/api/jobs/{job.pk}/commands", json=body)

    assert answer.status_code == status


def test_long_polling_answers_with_the_first_event(visitor: live.Visitor) -> None:
    job = waiting(visitor)

    def publish() -> None:
        sse.publish(job.topic, "status", {"n": 1})
        connections.close_all()

    later = threading.Timer(1.0, publish)
    began = time.monotonic()
    later.start()

    page = visitor.http.get(f"/api/jobs/{job.pk}/events", params={"after": "0", "wait": 20}).json()
    later.join()

    assert [event["n"] for event in page["events"]] == [1]
    assert 1 <= time.monotonic() - began < 19  # without it it would have waited for 20


def test_long_polling_that_hears_nothing_answers_empty(visitor: live.Visitor) -> None:
    job = waiting(visitor)

    page = visitor.http.get(f"/api/jobs/{job.pk}/events", params={"wait": 0.2}).json()

    assert page == {"events": [], "cursor": "0", "final": False, "more": False}


def test_the_list_of_jobs_tells_those_at_work(visitor: live.Visitor) -> None:
    job = waiting(visitor)
    ended = waiting(visitor)
    visitor.http.post(f"/api/jobs/{ended.pk}/cancel")

    active = visitor.http.get("/api/jobs", params={"active": 1}).json()
    every = visitor.http.get("/api/jobs").json()

    assert [item["id"] for item in active["items"]] == [str(job.pk)]
    assert every["total"] == 2


# --- strategies --------------------------------------------------------------------------------------------------------


def test_strategies_are_listed_searched_changed_and_deleted(visitor: live.Visitor, strategy: dict[str, Any]) -> None:
    path = f"/api/strategies/{strategy['id']}"

    found = visitor.http.get("/api/strategies", params={"q": "bakeries"}).json()
    changed = visitor.http.patch(path, json={"name": "New name", "brief": {"team_size": "3"}})
    refused = visitor.http.patch(path, json={"brief": {"team_size": 1000}})
    deleted = visitor.http.delete(path)

    assert [item["id"] for item in found["items"]] == [strategy["id"]]
    assert (changed.json()["name"], changed.json()["brief"]["team_size"]) == ("New name", 3)
    assert refused.status_code == 422
    assert deleted.status_code == 204
    assert visitor.http.get(path).status_code == 404


def test_a_strategy_without_a_document_says_what_to_do(visitor: live.Visitor, strategy: dict[str, Any]) -> None:
    answer = visitor.http.get(f"/api/strategies/{strategy['id']}/document")

    assert (answer.status_code, answer.json()["code"]) == (404, "no_document")


def test_health_says_what_it_found(site: live.Site) -> None:
    assert live.get(f"{site.url}/health/live").json() == {"status": "live"}
    assert (
        live.get(f"{site.url}/health/ready").json().items()
        >= {"status": "ready", "database": True, "redis": True}.items()
    )


def test_streams_off_answers_503_and_polling_tells_everything(site: live.Site) -> None:
    off = live.web(SSE_ENABLED="0").start()
    visitor = live.Visitor(off.environment["URL"], live.new_user())
    try:
        job = visitor.start(visitor.create(brief()))
        stream = visitor.http.get("/sse/stream", params={"topic": f"job:{job['id']}"})
        ended = visitor.ended(job["id"])
        events = visitor.events(job["id"])
    finally:
        off.stop()

    assert (stream.status_code, stream.json()["code"]) == (503, "streams_off")
    assert "retry-after" in stream.headers
    assert ended["status"] == "succeeded"
    assert events[-1]["final"] is True
