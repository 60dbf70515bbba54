"""Static files, served before Django sees the request."""

from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.utils.csp import build_policy
from servestatic import ServeStaticASGI


def serve(application: Any) -> Any:
    """
    Return ``application`` behind the static files of all installed apps.

    They are found at start, where they lie: nothing has to be collected first.
    """
    policy = build_policy(settings.SECURE_CSP)

    def add_headers(headers: Headers, path: str, url: str) -> None:
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"

    # A file's name says nothing of its content yet, so a browser asks again each time and mostly hears 304.
    served = ServeStaticASGI(application, max_age=0, add_headers_function=add_headers)
    for finder in get_finders():
        for storage in getattr(finder, "storages", {}).values():
            served.add_files(storage.location, prefix=settings.STATIC_URL)
    return served
