"""What signs in to the API: a token by its scopes, without CSRF; a session as ever."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sse import tokens
from strategies.exports import json_
from strategies.models import Strategy

pytestmark = pytest.mark.django_db

PATHS = ["/api/jobs", "/api/strategies"]


def program(user: User, *scopes: str, strict: bool = True) -> Client:
    """A client with a token alone, which the CSRF check takes for a browser."""
    _, secret = tokens.issue(user=user, name="program", scopes=scopes)
    return Client(enforce_csrf_checks=strict, headers={"Authorization": f"Bearer {secret}"})


def strategy_of(user: User) -> Strategy:
    return Strategy.objects.create(owner=user, name="N", industry="I", brief={})


def test_a_token_reads_what_is_its_users_and_nothing_else(owner: User, other: User) -> None:
    mine, theirs = strategy_of(owner), strategy_of(other)
    client = program(owner, "read")

    assert [item["id"] for item in client.get("/api/strategies").json()["items"]] == [str(mine.pk)]
    assert client.get(f"/api/strategies/{mine.pk}").status_code == 200
    assert client.get(f"/api/strategies/{theirs.pk}").status_code == 404


def test_a_token_writes_without_a_csrf_token(owner: User) -> None:
    strategy = strategy_of(owner)

    answer = program(owner, "write").delete(f"/api/strategies/{strategy.pk}")

    assert answer.status_code == 204
    assert not Strategy.objects.exists()


def test_a_session_still_needs_a_csrf_token(owner: User) -> None:
    strategy = strategy_of(owner)
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)

    answer = client.delete(f"/api/strategies/{strategy.pk}")

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert Strategy.objects.filter(pk=strategy.pk).exists()


@pytest.mark.parametrize(
    ("scopes", "verb", "path", "needed"),
    [
        (["watch", "write", "metrics"], "get", "/api/strategies", ["read"]),
        (["watch", "read", "metrics"], "post", "/api/strategies", ["write"]),
        (["watch", "read", "metrics"], "delete", "/api/strategies/{}", ["write"]),
    ],
)
def test_a_token_for_something_else_is_told_what_it_lacks(
    owner: User, scopes: list[str], verb: str, path: str, needed: list[str]
) -> None:
    strategy = strategy_of(owner)

    answer = getattr(program(owner, *scopes), verb)(path.format(strategy.pk))

    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["scopes"]) == ("scope_missing", needed)
    assert Strategy.objects.filter(pk=strategy.pk).exists()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", ["Bearer wrong", "Basic b3duZXI6c2VjcmV0", ""])
def test_a_bad_header_never_falls_back_to_the_session(owner: User, path: str, header: str) -> None:
    client = Client(headers={"Authorization": header})
    client.force_login(owner)

    answer = client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_the_token_counts_where_a_session_of_somebody_else_comes_with_it(owner: User, other: User) -> None:
    mine = strategy_of(owner)
    strategy_of(other)
    client = program(owner, "read")
    client.force_login(other)

    assert [item["id"] for item in client.get("/api/strategies").json()["items"]] == [str(mine.pk)]


def test_both_ways_to_sign_in_are_described(client: Client) -> None:
    described: dict[str, Any] = client.get("/api/openapi.json").json()
    schemes = described["components"]["securitySchemes"]

    assert (schemes["Token"]["type"], schemes["Token"]["scheme"]) == ("http", "bearer")
    assert (schemes["Session"]["type"], schemes["Session"]["in"]) == ("apiKey", "cookie")
    assert set(schemes) == {"Token", "Session"}
    # A schema that exported files name is for whoever has such a file.
    public = {json_.SCHEMA_PATH}
    for path, methods in described["paths"].items():
        for operation in methods.values():
            assert ("security" not in operation) == (path in public), path
            assert path in public or operation["security"] == [{"Token": []}, {"Session": []}]
