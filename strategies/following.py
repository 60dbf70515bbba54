"""The stream of several jobs, from where a page that lists them was rendered."""

import uuid
from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

import sse
from sse.stream import MAX_TOPICS


def stream(jobs: Iterable[uuid.UUID], *, owner: int | None = None) -> dict[str, str]:
    """
    Return the address and the cursor of a stream of these jobs, the first so many as one stream may have; with ``owner``
    also of that user's own topic, which tells of jobs begun and ended.

    To be asked for before the jobs are read: then every event past what the page shows is in the stream.
    """
    names = [*([f"user:{owner}"] if owner else []), *(f"job:{id}" for id in jobs)][:MAX_TOPICS]
    if not names:
        return {"url": "", "cursor": ""}
    return {
        "url": f"{reverse('sse:stream')}?{urlencode([('topic', name) for name in names], safe=':')}",
        "cursor": sse.cursor_of(*names),
    }
