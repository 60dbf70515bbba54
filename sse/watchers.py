"""Who holds a stream, and whether that is still right."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, get_user_model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from . import conf, topics
from .errors import TokenRefused
from .problems import problem


@dataclass(frozen=True, slots=True)
class Watcher:
    """The user behind a stream, with the session or the token that let it in."""

    user: Any
    name: str
    address: str
    session: str = ""
    # The session's proof of the password it was made with; a changed password makes it wrong.
    proof: str = ""
    # The token's primary key. A token has its own end, and outlives a password.
    token: Any = None
    # When it expires, in seconds since 1970; None: never.
    expires: float | None = None


def authenticate(request: HttpRequest) -> tuple[Any, Watcher] | HttpResponse:
    """
    Return the user who asks for a stream, and the watcher to be; or the answer where nobody does who may.

    Sync: it queries. A token is looked at first, and one that is wrong never falls back to the session.
    """
    from . import identity, tokens  # need models, which ``import sse`` must not

    try:
        token = tokens.of(request, tokens.Scope.WATCH)
    except TokenRefused as error:
        return tokens.refusal(error)
    if token is not None:
        expires = token.expires.timestamp() if token.expires else None
        name = token.user.get_username()
        watcher = Watcher(token.user.pk, name=name, address=address(request), token=token.pk, expires=expires)
        return token.user, watcher
    user = identity.of(request)
    if not user.is_authenticated:
        return problem(401, "not_signed_in", "Sign in to watch.")
    return user, of(request, user)


def of(request: HttpRequest, user: Any) -> Watcher:
    """Return who sent a request. The session was read to authenticate it, so this queries nothing."""
    session = request.session
    return Watcher(
        user=user.pk,
        name=user.get_username(),
        session=session.session_key or "",
        proof=session.get(HASH_SESSION_KEY, ""),
        address=address(request),
    )


def address(request: HttpRequest) -> str:
    """
    Return whom a request comes from: the peer, or what the outermost of ``SSE_TRUSTED_PROXIES`` heard from.

    Each proxy adds its own peer at the right of X-Forwarded-For, so what stands further left than there are proxies was
    written by whoever sent the request, and is never believed.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    count: int = conf.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if not 0 < count <= len(hops):
        return peer
    try:
        return str(ip_address(hops[-count]))
    except ValueError:
        return peer


def digest(session: str) -> str:
    """Return what names a session between processes: who reads Redis must not be able to use it."""
    return hashlib.sha256(session.encode()).hexdigest()[:32]


def verdicts(streams: Sequence[tuple[Watcher, Sequence[str]]]) -> list[str | None]:
    """
    Return for each stream (its watcher and its topics) why it must end: ``signed_out``, ``gone``, or None.

    One query for the users, one for the sessions and one for the tokens of all; each user's permission once for each
    topic.
    """
    from . import tokens

    users = get_user_model()._default_manager.in_bulk({watcher.user for watcher, _ in streams})
    sessions = _living({watcher.session for watcher, _ in streams if watcher.token is None})
    valid = tokens.living({watcher.token for watcher, _ in streams if watcher.token is not None})
    allowed: dict[tuple[Any, str], bool] = {}

    def verdict(watcher: Watcher, names: Sequence[str]) -> str | None:
        user = users.get(watcher.user)
        if user is None or not user.is_active:
            return "signed_out"
        if watcher.token is None and (watcher.session not in sessions or not _proven(user, watcher.proof)):
            return "signed_out"
        if watcher.token is not None and watcher.token not in valid:
            return "signed_out"
        for name in names:
            if (watcher.user, name) not in allowed:
                allowed[watcher.user, name] = topics.permitted(user, [name])
            if not allowed[watcher.user, name]:
                return "gone"
        return None

    return [verdict(watcher, names) for watcher, names in streams]


def _proven(user: Any, proof: str) -> bool:
    return constant_time_compare(user.get_session_auth_hash(), proof) or any(
        constant_time_compare(old, proof) for old in user.get_session_auth_fallback_hash()
    )


def _living(keys: set[str]) -> set[str]:
    """Return those of the sessions that exist and have not run out."""
    if settings.SESSION_ENGINE in ("django.contrib.sessions.backends.db", "django.contrib.sessions.backends.cached_db"):
        from django.contrib.sessions.models import Session

        rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        return set(rows.values_list("session_key", flat=True))
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return {key for key in keys if key and store(key).exists(key)}
