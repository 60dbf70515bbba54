"""What another site's page can make a browser send. Attacks 15 to 17."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.test import Client
from django_redis import get_redis_connection

from config.api import api
from sse.models import Event, Topic
from strategies import jobs
from strategies.models import Job, Section, Step, Strategy, Version
from tests import live
from tests.sse.test_stream import topic_of

EVIL = "https://evil.example"
# What a page needs permission for, if it wants to read another site's answer.
GRANTS = ("access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods")


def operations(*methods: str) -> list[tuple[str, str]]:
    """Return the API's operations by its own description, so that a new one is covered."""
    paths: dict[str, Any] = api.get_openapi_schema()["paths"]
    return [(method, path) for path, known in paths.items() for method in known if method in methods]


@pytest.fixture
def strategy(owner: User) -> Strategy:
    return Strategy.objects.create(owner=owner, name="N", industry="I", brief={})


@pytest.fixture
def job(owner: User, strategy: Strategy) -> Job:
    return jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)[0]


def address(path: str, strategy: Strategy, job: Job) -> str:
    formats = "ics" if "calendar" in path else "md"
    id = strategy.pk if "strategies" in path else job.pk
    return path.format(id=id, number=1, key="risk_assessment", piece="p1", format=formats)


def everything() -> str:
    """Return all rows that a user can cause."""
    models: list[Any] = [Strategy, Version, Section, Job, Step, Topic, Event, User]
    return str(
        serializers.serialize("json", [row for model in models for row in model._default_manager.order_by("pk")])
    )


@pytest.mark.attack(15)
@pytest.mark.parametrize(("method", "path"), operations("post", "put", "patch", "delete"))
@pytest.mark.parametrize("token", [None, "", "short", "x" * 32])
def test_no_write_is_done_without_the_csrf_token(
    owner: User, strategy: Strategy, job: Job, method: str, path: str, token: str | None
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    before = everything()
    headers = {} if token is None else {"X-CSRFToken": token}

    answer = client.generic(
        method.upper(), address(path, strategy, job), b"{}", content_type="application/json", headers=headers
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert everything() == before


@pytest.mark.attack(15)
@pytest.mark.parametrize("path", [path for _, path in operations("get")])
def test_no_get_of_the_api_changes_anything(owner: User, strategy: Strategy, job: Job, path: str) -> None:
    client = Client()
    client.force_login(owner)
    before = everything()

    answer = client.get(address(path, strategy, job))

    assert answer.status_code in (200, 404, 409, 422)
    assert everything() == before


@pytest.mark.live
@pytest.mark.attack(15, 16)
@pytest.mark.parametrize("origin", [EVIL, "null", "http://127.0.0.1.evil.example", "http://127.0.0.1:1"])
def test_a_write_from_another_origin_is_refused_even_with_the_token(site: live.Site, origin: str) -> None:
    visitor = site.visitor()

    answer = visitor.http.post("/api/strategies", json={}, headers={"Origin": origin})

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


@pytest.mark.live
@pytest.mark.attack(16)
@pytest.mark.parametrize("origin", [EVIL, "null"])
@pytest.mark.parametrize("path", ["/sse/stream?topic={topic}", "/api/jobs", "/api/openapi.json", "/", "/health/live"])
def test_no_other_origin_is_given_leave_to_read(site: live.Site, origin: str, path: str) -> None:
    visitor = site.visitor()
    address = path.format(topic=topic_of(visitor.user))
    asks = {"Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "X-CSRFToken"}

    for method in ("GET", "OPTIONS"):
        with visitor.http.stream(method, address, headers=asks) as answer:
            assert not set(GRANTS) & {name.lower() for name in answer.headers}


@pytest.mark.live
@pytest.mark.attack(16, 17)
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": EVIL}, {"Origin": "null"}, {"Origin": "file://"}, {"Origin": ""},
     {"Origin": "http://127.0.0.1"}, {"Origin": EVIL, "Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
def test_a_stream_for_another_site_is_refused_before_it_takes_a_place(site: live.Site, headers: dict[str, str]) -> None:
    visitor = site.visitor()
    params = {"topic": topic_of(visitor.user)}

    answers = [visitor.http.get("/sse/stream", params=params, headers=headers) for _ in range(3)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "cross_site")] * 3
    assert not list(get_redis_connection("default").scan_iter(f"sse:1:*:{visitor.user.pk}"))


@pytest.mark.live
@pytest.mark.attack(17)
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "own"}])
def test_a_stream_for_a_page_of_its_own_site_takes_a_place(site: live.Site, headers: dict[str, str]) -> None:
    visitor = site.visitor()
    params = {"topic": topic_of(visitor.user)}
    sent = {name: value.replace("own", site.url) for name, value in headers.items()}

    with visitor.http.stream("GET", "/sse/stream", params=params, headers=sent) as answer:
        taken = list(get_redis_connection("default").scan_iter(f"sse:1:*:{visitor.user.pk}"))

    assert answer.status_code == 200
    assert taken == [f"sse:1:streams:{visitor.user.pk}".encode()]
