"""The ASGI messages that carry a stream."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


def body(data: bytes, *, more: bool = True) -> Message:
    """Return the ASGI message that sends ``data``. One is made for each event and shared by all its readers."""
    return {"type": "http.response.body", "body": data, "more_body": more}
