"""Sessions made without a login: for whoever watches on behalf of a user, as tests, benchmarks and ``doctor`` do."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.module_loading import import_string


def sign_in(user: Any, *, seconds: int | None = None) -> SessionBase:
    """Return a stored session of ``user``, whose ``session_key`` is the cookie's value; it ends after ``seconds``."""
    session: SessionBase = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(seconds)
    session.save()
    return session
