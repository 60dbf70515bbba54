"""
Bearer tokens: how programs sign in.

A secret has 256 random bits, so its plain SHA-256 is as hard to turn back as it is to guess: the table keeps that alone.
The secret is shown once, when it is issued, and begins with a mark by which scanners find one that leaked.
"""

import hashlib
import logging
import re
import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.debug import sensitive_variables

from .errors import InvalidToken, ScopeMissing, TokenRefused
from .models import Token
from .problems import problem

logger = logging.getLogger(__name__)

Scope = Token.Scope

MARK: Final = "sse_token_"
# What a scanner looks for: the mark and 32 bytes as base64url.
SECRET: Final = re.compile(re.escape(MARK) + "[A-Za-z0-9_-]{43}")
# A quarter: what nobody renews was forgotten, and one that leaked is good for so long at most.
DAYS: Final = 90
MAX_DAYS: Final = 3650
# Enough to tell a token in use from one that is not, at the price of one write a minute.
USED_EVERY: Final = timedelta(minutes=1)


@sensitive_variables("secret")
def issue(*, user: Any, name: str, scopes: Iterable[str], days: int | None = DAYS) -> tuple[Token, str]:
    """
    Make a token; return it with its secret, which is kept nowhere.

    ``days`` until it expires, 1 to 3650; None: never. A wrong scope or number raises ``ValueError``.
    """
    wanted = set(scopes)
    if not wanted or not wanted <= set(Scope.values):
        raise ValueError(f"A token's scopes are one or more of {', '.join(Scope.values)}.")
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise ValueError(f"A token expires after 1 to {MAX_DAYS} days.")
    secret = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name,
        digest=digest(secret),
        scopes=[scope for scope in Scope.values if scope in wanted],
        expires=None if days is None else timezone.now() + timedelta(days=days),
    )
    return token, secret


@sensitive_variables("secret")
def digest(secret: str) -> str:
    """Return what the table keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def revoke(token: Token) -> bool:
    """End a token now, with all its streams (``sse.signals``); False where it was revoked before."""
    if token.revoked:
        return False
    token.revoked = timezone.now()
    token.save(update_fields=["revoked"])
    return True


def living(keys: Collection[Any]) -> set[Any]:
    """Return those of the tokens, by primary key, that may hold a stream. Whether the user may is asked elsewhere."""
    if not keys:
        return set()
    found = Token.objects.filter(pk__in=keys, revoked=None).filter(Q(expires=None) | Q(expires__gt=timezone.now()))
    return {token.pk for token in found.only("scopes") if Scope.WATCH in token.scopes}


@sensitive_variables("header", "secret")
def of(request: HttpRequest, *accepted: Scope) -> Token | None:
    """
    Return the token a request came with, good for one of the scopes; None where it has no Authorization header.

    Raises ``InvalidToken`` and ``ScopeMissing``; ``refusal`` makes the answer. Who gets None may look at the session;
    who presents something wrong is refused, whatever session comes with it.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, secret = header.partition(" ")
    # What cannot be a token costs no query.
    token = _named(secret.strip()) if scheme.lower() == "bearer" and SECRET.fullmatch(secret.strip()) else None
    if token is None or token.state != "active" or not token.user.is_active:
        raise InvalidToken
    if not set(accepted).intersection(token.scopes):
        raise ScopeMissing(*(scope.value for scope in accepted))
    _note_use(token)
    return token


@sensitive_variables("secret")
def _named(secret: str) -> Token | None:
    # By the digest: how long a look-up takes tells of the digest at most, and nobody can choose one.
    wanted = digest(secret)
    token = Token.objects.select_related("user").filter(digest=wanted).first()
    return token if token is not None and constant_time_compare(token.digest, wanted) else None


def _note_use(token: Token) -> None:
    now = timezone.now()
    if token.last_used is not None and token.last_used > now - USED_EVERY:
        return
    # By UPDATE alone: of many requests at once one writes, and a signal would have its streams looked at.
    stale = Q(last_used=None) | Q(last_used__lte=now - USED_EVERY)
    try:
        with transaction.atomic():
            Token.objects.filter(stale, pk=token.pk).update(last_used=now)
    except DatabaseError as error:
        # A table that is locked must not keep out who may come in.
        logger.warning("the use of token %s could not be noted: %s", token.pk, error)


def refusal(error: TokenRefused) -> HttpResponse:
    """Return the 401 or 403 for a token that was refused, with what RFC 6750 has a program look at."""
    if isinstance(error, ScopeMissing):
        scopes = " or ".join(error.accepted)
        response = problem(403, error.code, f"This needs a token with the scope {scopes}.", scopes=list(error.accepted))
        response["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{" ".join(error.accepted)}"'
        return response
    detail = "Send Authorization: Bearer … with a token that is known, not expired, not revoked, and of an active user."
    response = problem(401, error.code, detail)
    response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response


__all__ = ["DAYS", "MARK", "MAX_DAYS", "SECRET", "Scope", "digest", "issue", "living", "of", "refusal", "revoke"]
