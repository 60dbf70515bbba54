"""What signs in to the API: a session's cookie, or a program's token."""

from typing import Any

from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.security.http import HttpAuthBase

from sse import tokens


class Session(APIKeyCookie):
    """Signed in by session cookie; a write needs the CSRF token too."""

    param_name = "sessionid"
    openapi_description = "The cookie of a browser that signed in. A write needs the CSRF token too, as X-CSRFToken."

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if request.user.is_authenticated else None


class Token(HttpAuthBase):
    """
    Signed in by ``Authorization: Bearer``; comes before the session, and a wrong one never falls back to it.

    Without ``accepted`` a GET needs the scope ``read``, anything else ``write``. No CSRF token is asked for: no page of
    another site can make a browser send this header.
    """

    openapi_scheme = "bearer"
    openapi_description = "Made by manage.py token. Scopes: read (GET), write (all else), watch or read (events)."

    def __init__(self, *accepted: tokens.Scope) -> None:
        self.accepted = accepted
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        by_method = tokens.Scope.READ if request.method in ("GET", "HEAD") else tokens.Scope.WRITE
        token = tokens.of(request, *(self.accepted or (by_method,)))
        if token is not None:
            request.user = token.user
        return token
