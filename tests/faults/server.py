"""
The web server as production runs it, with a look inside: ``/__census`` counts what the process holds.

    python -m tests.faults.server --port 8001

The counting is a wrapper around the ASGI application; no product code knows of it.
"""

import asyncio
import json
import os
import sys
import threading
from collections import Counter
from typing import Any

import django
from django.core.management import call_command


def census() -> dict[str, Any]:
    """Count what this process holds open."""
    from sse import hub

    hubs = list(hub.existing())
    tasks = Counter(getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks())
    files = []
    for name in os.listdir("/proc/self/fd"):
        try:
            files.append(os.readlink(f"/proc/self/fd/{name}"))
        except OSError:
            continue
    return {
        "tasks": tasks.total(),
        "threads": threading.active_count(),
        "files": sum(not name.startswith("socket:") for name in files),
        "sockets": sum(name.startswith("socket:") for name in files),
        "streams": sum(len(one.streams) for one in hubs),
        "topics": sum(len(one.topics) for one in hubs),
        "names": dict(tasks),
    }


def watched(application: Any) -> Any:
    """Return an ASGI application that answers ``/__census`` itself and leaves the rest to ``application``."""

    async def outer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/__census":
            await application(scope, receive, send)
            return
        body = json.dumps(census()).encode()
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return outer


def main() -> None:
    """Serve until SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from config import asgi

    asgi.application = watched(asgi.application)
    call_command("serve", *sys.argv[1:])


if __name__ == "__main__":
    main()
