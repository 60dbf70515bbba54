"""Bearer tokens: what is kept of them, whom they let in, and whom they don't."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sse import tokens
from sse.errors import InvalidToken, ScopeMissing, TokenRefused
from sse.models import Token
from sse.tokens import Scope

pytestmark = pytest.mark.django_db


def asked(authorization: str | None) -> HttpRequest:
    headers = {} if authorization is None else {"Authorization": authorization}
    return RequestFactory().get("/", headers=headers)


def bearer(secret: str) -> HttpRequest:
    return asked(f"Bearer {secret}")


@pytest.fixture
def made(owner: User) -> tuple[Token, str]:
    return tokens.issue(user=owner, name="reader", scopes=["watch"])


def expire(token: Token) -> None:
    Token.objects.filter(pk=token.pk).update(expires=timezone.now() - timedelta(seconds=1))


def deactivate(token: Token) -> None:
    User.objects.filter(pk=token.user_id).update(is_active=False)


def delete(token: Token) -> None:
    Token.objects.filter(pk=token.pk).delete()


def delete_user(token: Token) -> None:
    User.objects.filter(pk=token.user_id).delete()


def test_a_token_is_named_by_its_secret(made: tuple[Token, str]) -> None:
    token, secret = made

    assert tokens.of(bearer(secret), Scope.WATCH) == token
    assert tokens.of(asked(f"bearer  {secret} "), Scope.WATCH) == token  # RFC 9110: a scheme's case says nothing


def test_a_request_without_the_header_is_nobodys(made: tuple[Token, str]) -> None:
    assert tokens.of(asked(None), Scope.WATCH) is None


def test_the_secret_is_kept_nowhere_and_begins_with_the_mark(made: tuple[Token, str]) -> None:
    token, secret = made

    row = " ".join(str(value) for value in Token.objects.values_list().get())

    assert tokens.SECRET.fullmatch(secret)
    assert secret not in row
    assert secret.removeprefix(tokens.MARK) not in row
    assert secret not in repr(token) + str(vars(token))


def test_two_secrets_are_never_the_same(owner: User) -> None:
    assert len({tokens.issue(user=owner, name="n", scopes=["read"])[1] for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Token {secret}",
        "{secret}",
        "Bearer {secret}x",
        "Bearer {secret},Bearer {secret}",
        "Bearer sse_token_ü",
        "Bearer " + "x" * 60_000,
        "Bearer {digest}",
    ],
)
def test_what_is_no_token_is_refused_without_a_query(made: tuple[Token, str], header: str) -> None:
    token, secret = made
    header = header.replace("{secret}", secret).replace("{digest}", token.digest)

    with CaptureQueriesContext(connection) as queries, pytest.raises(InvalidToken):
        tokens.of(asked(header), Scope.WATCH)

    assert not queries


@pytest.mark.parametrize("deed", [tokens.revoke, expire, deactivate, delete, delete_user])
def test_a_token_that_is_good_no_longer_is_refused(made: tuple[Token, str], deed: Any) -> None:
    token, secret = made
    tokens.of(bearer(secret), Scope.WATCH)

    deed(token)

    with pytest.raises(InvalidToken):
        tokens.of(bearer(secret), Scope.WATCH)


def test_a_wrong_secret_costs_the_one_query_that_a_right_one_costs_and_asks_by_the_digest(
    made: tuple[Token, str],
) -> None:
    secret = made[1]
    tokens.of(bearer(secret), Scope.WATCH)
    wrong = secret[:-1] + ("a" if secret[-1] != "a" else "b")

    with CaptureQueriesContext(connection) as right:
        tokens.of(bearer(secret), Scope.WATCH)
    with CaptureQueriesContext(connection) as other, pytest.raises(InvalidToken):
        tokens.of(bearer(wrong), Scope.WATCH)

    assert len(right) == len(other) == 1
    assert tokens.digest(wrong) in other[0]["sql"]
    assert wrong not in other[0]["sql"]


def test_a_token_is_good_for_its_scopes_alone(owner: User) -> None:
    _, secret = tokens.issue(user=owner, name="both", scopes=["read", "watch"])

    assert tokens.of(bearer(secret), Scope.METRICS, Scope.READ)
    with pytest.raises(ScopeMissing):
        tokens.of(bearer(secret), Scope.WRITE, Scope.METRICS)
    with pytest.raises(ScopeMissing):
        tokens.of(bearer(secret))


def test_a_refusal_says_which_scope_is_missing(made: tuple[Token, str]) -> None:
    with pytest.raises(TokenRefused) as refused:
        tokens.of(bearer(made[1]), Scope.READ, Scope.WRITE)

    answer = tokens.refusal(refused.value)

    assert answer.status_code == 403
    assert answer["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="read write"'
    told = json.loads(answer.content)
    assert (told["code"], told["scopes"]) == ("scope_missing", ["read", "write"])
    assert "read or write" in told["detail"]


def test_a_refusal_of_a_bad_token_says_so_as_rfc_6750_does() -> None:
    answer = tokens.refusal(InvalidToken())

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert json.loads(answer.content)["code"] == "invalid_token"


def test_its_last_use_is_written_once_a_minute_at_most(made: tuple[Token, str]) -> None:
    token, secret = made

    tokens.of(bearer(secret), Scope.WATCH)
    with CaptureQueriesContext(connection) as queries:
        tokens.of(bearer(secret), Scope.WATCH)
    before = timezone.now() - timedelta(seconds=61)
    Token.objects.filter(pk=token.pk).update(last_used=before)
    tokens.of(bearer(secret), Scope.WATCH)

    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]
    token.refresh_from_db()
    assert token.last_used is not None
    assert timezone.now() - token.last_used < timedelta(seconds=30)


def test_who_is_refused_leaves_no_trace_of_use(made: tuple[Token, str]) -> None:
    token, secret = made

    with pytest.raises(ScopeMissing):
        tokens.of(bearer(secret), Scope.READ)

    token.refresh_from_db()
    assert token.last_used is None


def test_a_token_expires_after_90_days_unless_told_otherwise(owner: User) -> None:
    def days(**options: Any) -> int | None:
        token, _ = tokens.issue(user=owner, name="n", scopes=["read"], **options)
        return None if token.expires is None else round((token.expires - timezone.now()) / timedelta(days=1))

    assert (days(), days(days=1), days(days=None)) == (90, 1, None)


@pytest.mark.parametrize(
    "wrong", [{"scopes": []}, {"scopes": ["all"]}, {"scopes": "read"}, {"days": 0}, {"days": 9999}]
)
def test_a_wrong_scope_or_number_of_days_is_refused_with_what_is_accepted(owner: User, wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {"user": owner, "name": "n", "scopes": ["read"], **wrong}

    with pytest.raises(ValueError, match=r"watch, read, write, metrics|1 to 3650 days"):
        tokens.issue(**given)

    assert not Token.objects.exists()


def test_a_token_says_how_it_stands(owner: User) -> None:
    active, expired, revoked = (tokens.issue(user=owner, name="n", scopes=["read"])[0] for _ in range(3))
    expire(expired)
    expired.refresh_from_db()

    assert tokens.revoke(revoked)
    assert not tokens.revoke(revoked)

    assert [token.state for token in (active, expired, revoked)] == ["active", "expired", "revoked"]
