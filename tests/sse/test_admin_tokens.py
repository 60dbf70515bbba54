"""Tokens in the admin: the secret once, no editing, revoking by permission, and no token in another's name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.test import Client, RequestFactory
from django.utils import timezone

from sse import tokens
from sse.models import Token
from sse.tokens import Scope

pytestmark = pytest.mark.django_db

TOKENS = "/admin/sse/token/"
Console = Callable[..., tuple[Client, User]]


@pytest.fixture
def console() -> Console:
    """Return a maker of clients, each signed in as a member of staff with these permissions; ``all`` is all of them."""

    def sign_in(*codenames: str) -> tuple[Client, User]:
        user = User.objects.create_user(f"staff{User.objects.count()}", is_staff=True, is_superuser="all" in codenames)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client = Client()
        client.force_login(user)
        return client, user

    return sign_in


def form(user: User, **members: Any) -> dict[str, Any]:
    return {"user": user.pk, "name": "importer", "scopes": ["watch", "read"], "days": "30", **members}


def shown(page: str) -> str:
    found = tokens.SECRET.search(page)
    assert found
    return found[0]


def test_the_page_that_makes_a_token_shows_its_secret_once(console: Console) -> None:
    client, user = console("add_token", "view_token")

    answer = client.post(TOKENS + "add/", form(user))

    secret = shown(answer.content.decode())
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {secret}"})
    token = Token.objects.get()
    assert tokens.of(request, Scope.READ) == token
    assert "no-store" in answer["Cache-Control"]
    assert token.expires is not None
    assert timedelta(days=29) < token.expires - timezone.now() < timedelta(days=31)
    for address in (TOKENS, f"{TOKENS}{token.pk}/change/", f"{TOKENS}{token.pk}/history/", "/admin/"):
        page = client.get(address).content.decode()
        assert secret not in page
        assert token.digest not in page


def test_the_secret_is_in_no_row_of_any_table_and_in_no_cookie(console: Console) -> None:
    client, user = console("all")

    secret = shown(client.post(TOKENS + "add/", form(user)).content.decode())

    rows = [str(row) for model in apps.get_models() for row in model._default_manager.values_list()]
    assert any("importer" in row for row in rows)
    assert not any(secret.removeprefix(tokens.MARK) in row for row in rows)
    assert not any(secret in cookie.value for cookie in client.cookies.values())


def test_staff_make_tokens_in_their_own_name_and_superusers_in_anybodys(console: Console, other: User) -> None:
    staff, _ = console("add_token", "view_token")
    root, _ = console("all")

    refused = staff.post(TOKENS + "add/", form(other))
    made_by_staff = Token.objects.exists()
    root.post(TOKENS + "add/", form(other))

    assert "Select a valid choice" in refused.content.decode()
    assert not made_by_staff
    assert Token.objects.get().user == other


@pytest.mark.parametrize(
    "wrong", [{"days": ""}, {"days": "9999"}, {"never": "on"}, {"scopes": ["all"]}, {"scopes": []}]
)
def test_a_form_that_makes_no_sense_makes_no_token(console: Console, wrong: dict[str, Any]) -> None:
    client, user = console("all")

    answer = client.post(TOKENS + "add/", form(user, **wrong))

    assert 'class="errornote"' in answer.content.decode()
    assert not Token.objects.exists()


def test_a_token_that_never_expires_has_to_be_asked_for(console: Console) -> None:
    client, user = console("all")

    client.post(TOKENS + "add/", form(user, days="", never="on"))

    assert Token.objects.get().expires is None


def test_who_may_revoke_revokes_and_who_may_only_look_does_not(console: Console, owner: User) -> None:
    token, _ = tokens.issue(user=owner, name="n", scopes=["read"])
    sent = {"action": "revoke", "_selected_action": str(token.pk)}
    looking, _ = console("view_token", "add_token")
    revoking, _ = console("view_token", "revoke_token")

    looking.post(TOKENS, sent)
    token.refresh_from_db()
    before = token.state
    page = revoking.post(TOKENS, sent, follow=True).content.decode()
    token.refresh_from_db()

    assert (before, token.state) == ("active", "revoked")
    assert "1 revoked." in page


def test_nobody_changes_a_token(console: Console, owner: User) -> None:
    token, _ = tokens.issue(user=owner, name="n", scopes=["read"])
    client, _ = console("all")

    answer = client.post(f"{TOKENS}{token.pk}/change/", form(owner, name="other", digest="0" * 64))

    assert answer.status_code == 403
    fresh = Token.objects.get()
    assert (fresh.name, fresh.digest, fresh.scopes) == ("n", token.digest, ["read"])


def test_the_list_tells_how_each_token_stands(console: Console, owner: User) -> None:
    made = {name: tokens.issue(user=owner, name=name, scopes=["read"])[0] for name in ("good", "old", "gone")}
    Token.objects.filter(pk=made["old"].pk).update(expires=timezone.now())
    tokens.revoke(made["gone"])
    client, _ = console("view_token")

    def listed(state: str) -> list[str]:
        return [token.name for token in client.get(TOKENS, {"state": state}).context["cl"].result_list]

    assert [listed(state) for state in ("active", "expired", "revoked")] == [["good"], ["old"], ["gone"]]
    assert client.get(TOKENS).content.decode().count('<td class="field-state_told">') == 3


def test_a_hostile_name_is_inert(console: Console, owner: User) -> None:
    token, _ = tokens.issue(user=owner, name="<script>alert(1)</script>\u202egpj", scopes=["read"])
    client, _ = console("all")

    for address in (TOKENS, f"{TOKENS}{token.pk}/change/"):
        assert "<script>alert" not in client.get(address).content.decode()
