"""Static files: named by their content once they were collected, and served before Django sees the request."""

from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.utils.csp import build_policy
from servestatic import ServeStaticASGI

from config import import_map


class NamedByContent(ManifestStaticFilesStorage):
    """Django's, but for a file that was not collected (or before any was): that one keeps the name it has."""

    def stored_name(self, name: str) -> str:
        """Return the name by content where there is one."""
        return super().stored_name(name) if self.clean_name(name) in self.hashed_files else name


def serve(application: Any) -> Any:
    """
    Return ``application`` behind the static files of all installed apps.

    They are found at start, where they lie: nothing has to be collected first. What was collected is served besides, and
    a browser may keep it for good.
    """
    policy = build_policy(settings.SECURE_CSP)
    lasting = {settings.STATIC_URL + named for named in import_map.collected(settings.COLLECTED).values()}

    def add_headers(headers: Headers, path: str, url: str) -> None:
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"

    # Another file's name says nothing of its content, so a browser asks again each time and mostly hears 304.
    served = ServeStaticASGI(
        application,
        max_age=0,
        add_headers_function=add_headers,
        immutable_file_test=lambda path, url: url in lasting,
    )
    if lasting:
        served.add_files(settings.STATIC_ROOT, prefix=settings.STATIC_URL)
    for finder in get_finders():
        for storage in getattr(finder, "storages", {}).values():
            served.add_files(storage.location, prefix=settings.STATIC_URL)
    return served
