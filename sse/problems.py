"""Errors as HTTP tells them: ``application/problem+json`` (RFC 9457) with a code for machines."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse


class Problem(HttpResponse):
    """An error answer, which knows its code."""

    code = ""


def problem(status: int, code: str, detail: str, *, retry_after: int | None = None, **members: Any) -> Problem:
    """Return an error answer: ``{type, title, status, code, detail, …members}``; ``retry_after`` in seconds."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **members,
    }
    # ASCII alone: what is quoted may hold half an emoji, which UTF-8 can't carry.
    response = Problem(json.dumps(body), status=status, content_type="application/problem+json")
    response.code = code
    response["Cache-Control"] = "no-store"
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response
