"""What is answered when something breaks."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, OperationalError
from django.test import Client, RequestFactory

from config import errors


@pytest.fixture
def client(client: Client, owner: User) -> Client:
    client.force_login(owner)
    client.raise_request_exception = False
    return client


@pytest.mark.attack(30)
def test_a_database_that_does_not_answer_is_503_on_pages_and_api(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: Any, **options: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("django.db.models.query.QuerySet.count", locked)

    page, api = client.get("/"), client.get("/api/strategies")

    assert (page.status_code, api.status_code) == (503, 503)
    assert b"does not answer" in page.content
    assert api.json()["code"] == "no_database"
    assert "retry-after" in page.headers


def test_what_collides_with_something_else_is_409(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def collide(*args: Any, **options: Any) -> None:
        raise IntegrityError("FOREIGN KEY constraint failed")

    monkeypatch.setattr("django.db.models.query.QuerySet.count", collide)

    assert client.get("/api/strategies").status_code == 409


@pytest.mark.parametrize("query", ["page=99999999999999999999", "size=0", "size=1000", "q=" + "a" * 60_000, "page=x"])
def test_odd_queries_are_422(client: Client, query: str) -> None:
    assert client.get(f"/api/strategies?{query}").status_code == 422


def test_a_search_of_any_length_is_answered(client: Client) -> None:
    assert client.get("/", {"q": "%_" * 30_000}).status_code == 200


def test_half_an_emoji_is_quoted_without_harm(client: Client) -> None:
    body = '{"name":"x","industry":"y","brief":{"\\ud800":1}}'

    answer = client.post("/api/strategies", body, content_type="application/json")

    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/api/nothing", "/sse/nothing"])
def test_an_address_that_is_none_is_told_to_programs_in_json(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert answer["Content-Type"] == "application/problem+json"


def test_an_address_that_is_none_is_told_to_people_as_a_page(client: Client) -> None:
    answer = client.get("/nothing")

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("host", ["evil.example", "", "127.0.0.1@evil.example"])
def test_another_site_s_name_is_refused_and_nothing_breaks(client: Client, host: str) -> None:
    page = client.get("/accounts/login/", headers={"Host": host})
    program = client.get("/api/jobs", headers={"Host": host})

    assert (page.status_code, program.status_code) == (400, 400)
    assert b"could not be understood" in page.content
    assert program.json()["code"] == "bad_request"


def test_more_fields_than_any_form_has_are_told_to_programs_in_json(client: Client) -> None:
    answer = client.post("/api/strategies", {f"field-{number}": "x" for number in range(2001)})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("path", "kind"), [("/accounts/login/", "text/html"), ("/sse/x", "application/problem")])
def test_a_body_that_turns_out_too_large_is_413(path: str, kind: str, rf: RequestFactory, client: Client) -> None:
    answer = errors.bad_request(rf.post(path), RequestDataTooBig())

    assert answer.status_code == 413
    assert answer["Content-Type"].startswith(kind)


def test_what_the_api_tells_is_kept_by_nobody_else(client: Client) -> None:
    answer = client.get("/api/jobs")

    assert answer["Cache-Control"] == "private, no-store"
