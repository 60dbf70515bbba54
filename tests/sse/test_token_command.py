"""``manage.py token``: the secret once and alone on standard output, and a clear word for what is wrong."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from sse import tokens
from sse.models import Token
from sse.tokens import Scope

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, str]:
    """Return what the command wrote to standard output and to standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("token", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_secret_alone_is_on_standard_output_and_signs_in(owner: User) -> None:
    out, err = run(owner.username, "--name", "importer", "--scope", "watch", "--scope", "metrics", "--days", "7")

    token = Token.objects.get()
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {out.strip()}"})
    assert tokens.of(request, Scope.METRICS) == token
    assert (token.name, token.scopes) == ("importer", ["watch", "metrics"])
    assert out.strip() not in err


def test_without_options_it_watches_and_reads_for_90_days(owner: User) -> None:
    run(owner.username)

    token = Token.objects.get()
    assert token.scopes == ["watch", "read"]
    assert token.expires is not None
    assert round((token.expires - token.created).total_seconds() / 86_400) == 90


def test_a_token_that_never_expires_has_to_be_asked_for(owner: User) -> None:
    run(owner.username, "--days", "never")

    assert Token.objects.get().expires is None


def test_the_list_tells_of_each_token_and_no_secret(owner: User, other: User) -> None:
    secret = run(owner.username, "--name", "mine")[0].strip()
    run(other.username, "--name", "theirs")

    listed, _ = run(owner.username, "--list")

    assert "\tactive\twatch,read\texpires 2" in listed
    assert "used never\tmine" in listed
    assert "theirs" not in listed
    assert secret not in listed
    assert tokens.digest(secret) not in listed


def test_a_revoked_token_is_revoked_once(owner: User) -> None:
    run(owner.username)
    token = Token.objects.get()

    first, again = run(owner.username, "--revoke", str(token.pk)), run(owner.username, "--revoke", str(token.pk))

    assert "is revoked" in first[1]
    assert "was revoked before" in again[1]
    assert "\trevoked\t" in run(owner.username, "--list")[0]


@pytest.mark.parametrize(
    ("arguments", "accepted"),
    [
        (["nobody"], "name of a user"),
        (["{}", "--scope", "all"], "watch, read, write, metrics"),
        (["{}", "--days", "0"], "1 to 3650"),
        (["{}", "--days", "-1"], "1 to 3650, or never"),
        (["{}", "--days", "٣"], "1 to 3650, or never"),
        (["{}", "--days", "9" * 7000], "1 to 3650, or never"),
        (["{}", "--name", "n" * 101], "1 to 100 letters"),
        (["{}", "--revoke", "x"], "the number of a token of this user"),
        (["{}", "--revoke", "999999"], "the number of a token of this user"),
    ],
)
def test_what_is_not_accepted_is_refused_with_what_is(owner: User, arguments: list[str], accepted: str) -> None:
    with pytest.raises(CommandError, match=accepted):
        run(*(argument.format(owner.username) for argument in arguments))

    assert not Token.objects.exists()


def test_a_token_of_somebody_else_is_not_revoked(owner: User, other: User) -> None:
    run(other.username)
    token = Token.objects.get()

    with pytest.raises(CommandError, match="of this user"):
        run(owner.username, "--revoke", str(token.pk))

    token.refresh_from_db()
    assert token.state == "active"


def test_no_token_is_made_for_a_user_who_may_not_sign_in(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)

    with pytest.raises(CommandError, match="not active"):
        run(owner.username)
