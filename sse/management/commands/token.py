"""``manage.py token``: makes, lists and revokes the tokens with which programs sign in."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sse import tokens
from sse.models import Token


class Command(BaseCommand):
    """Prints a new token's secret, once and alone on standard output; all else that it says goes to standard error."""

    help = "Make a token for USER and print its secret once; or list USER's tokens, or revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        scopes = ", ".join(tokens.Scope.values)
        parser.add_argument("user", metavar="USER", help="the user in whose name the program acts")
        parser.add_argument("--name", help="what the token is for, at most 100 letters")
        parser.add_argument(
            "--scope",
            action="append",
            default=[],
            help=f"what it is good for: {scopes}; may be given several times (default watch and read)",
        )
        parser.add_argument(
            "--days",
            default=str(tokens.DAYS),
            help=f"until it expires: 1 to {tokens.MAX_DAYS}, or never (default {tokens.DAYS})",
        )
        other = parser.add_mutually_exclusive_group()
        other.add_argument("--list", action="store_true", help="list the user's tokens instead")
        other.add_argument("--revoke", metavar="ID", help="revoke this token of the user instead; its streams end")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _user(options["user"])
        if options["list"]:
            self._list(user)
        elif options["revoke"] is not None:
            self._revoke(user, options["revoke"])
        else:
            self._issue(user, options)

    def _issue(self, user: Any, options: dict[str, Any]) -> None:
        if not user.is_active:
            raise CommandError(f"User {user.get_username()!r} is not active: no token would sign in.")
        name = (options["name"] or "manage.py token").strip()
        if not 1 <= len(name) <= 100:
            raise CommandError("--name accepts 1 to 100 letters.")
        scopes = options["scope"] or [tokens.Scope.WATCH, tokens.Scope.READ]
        try:
            token, secret = tokens.issue(user=user, name=name, scopes=scopes, days=_days(options["days"]))
        except ValueError as error:
            raise CommandError(str(error)) from None
        until = f"until {_told(token.expires)}" if token.expires else "for ever"
        self.stderr.write(f"Token {token.pk}, good for {', '.join(token.scopes)} {until}. This is shown once:")
        self.stdout.write(secret)

    def _list(self, user: Any) -> None:
        for token in Token.objects.filter(user=user):
            scopes = ",".join(token.scopes)
            expires = _told(token.expires) if token.expires else "never"
            used = _told(token.last_used) if token.last_used else "never"
            self.stdout.write(f"{token.pk}\t{token.state}\t{scopes}\texpires {expires}\tused {used}\t{token.name}")

    def _revoke(self, user: Any, id: str) -> None:
        token = Token.objects.filter(user=user, pk=int(id)).first() if id.isascii() and id.isdecimal() else None
        if token is None:
            raise CommandError(f"--revoke accepts the number of a token of this user, see --list; not {id!r:.40}.")
        done = tokens.revoke(token)
        self.stderr.write(f"Token {token.pk} is revoked." if done else f"Token {token.pk} was revoked before.")


def _user(name: str) -> Any:
    users = get_user_model()._default_manager
    try:
        return users.get_by_natural_key(name)
    except users.model.DoesNotExist:
        raise CommandError(f"USER accepts the name of a user; there is no {name!r:.100}.") from None


def _days(text: str) -> int | None:
    text = str(text)
    if text == "never":
        return None
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 6):
        raise CommandError(f"--days accepts 1 to {tokens.MAX_DAYS}, or never; not {text!r:.40}.")
    return int(text)


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
